package org.smp4j.selftest;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.smp4j.call.CallFlusher;
import org.smp4j.call.CallMany;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IdleWait;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.race.gallery.sched.DoubleWakeUp;
import org.smp4j.scenario.Programs;
import org.smp4j.sched.PercpuRwsem;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.selftest.scenario.AffinityWhileMoved;
import org.smp4j.selftest.scenario.CallBeforeLeaving;
import org.smp4j.selftest.scenario.CallCases;
import org.smp4j.selftest.scenario.LibCases;
import org.smp4j.selftest.scenario.Machines;
import org.smp4j.selftest.scenario.MovedWhileWoken;
import org.smp4j.selftest.scenario.Queued;
import org.smp4j.selftest.scenario.Substitutes;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Hook;
import org.smp4j.weave.Weave;

/** All mutants of the tower. */
public final class Mutants {
    private static final String TAKE_DOWN = "org.smp4j.hotplug.TakeDown";
    private static final String MULTI_STOP = "org.smp4j.stop.MultiStop";
    private static final String STOPPER = "org.smp4j.stop.CpuStopper";
    private static final String STOP_DONE = "org.smp4j.stop.CpuStopDone";
    private static final String WAKE_UP = "org.smp4j.sched.WakeUp";

    private static final Weave NOTHING = Weave.nothing();
    /** The rules that hold whatever the scenario is. */
    private static final Weave WATCHED = Programs.weave();
    /** An idle CPU halts at once. */
    private static final Weave HALTING = Weave.in(IdleWait.class, "await").drop(call(IdleWait.class, "mark"))
            .andIn(IdleWait.class, "spin").replace(call(Cpus.class, "coresSuffice")).by(by("tooFewCores"));

    private Mutants() {
    }

    private static Hook by(String substitute) {
        return hook(Substitutes.class, substitute);
    }

    /** {@return all of them} */
    public static List<Mutant> all() {
        return Stream.of(steps(), OrderingMutants.all(), Barriers.mutants(), HotplugOrderings.mutants(),
                StuckCalls.mutants()).flatMap(List::stream).toList();
    }

    /** {@return those that do something else than the tower, and not only in another order} */
    public static List<Mutant> steps() {
        return List.of(
                new Mutant("llist-add", "a node is added to a list without checking whether another came first",
                LibCases.AddAndTake.class, NOTHING,
                        Weave.in(LlistHead.class, "addBatch").weaken(access("FIRST", "compareAndExchange"))
                        .toBlindWrite()),
                new Mutant("llist-take", "a list is read, and then emptied", LibCases.AddAndTake.class, NOTHING,
                        Weave.in(LlistHead.class, "delAll").weaken(access("FIRST", "getAndSet")).toReadAndWrite()),
                new Mutant("spinlock", "a spinlock is taken without checking whether it is free",
                CallCases.CountUnderLock.class, NOTHING,
                        Weave.in(RawSpinLock.class, "acquire").weaken(access("LOCKED", "compareAndSet"))
                        .toBlindWrite()),
                new Mutant("mask-set", "a CPU's bit is set by a read and a write",
                        LibCases.MaskBits.class, NOTHING,
                        Weave.in(CpuMask.class, "testAndSetCpu").weaken(access("WORDS", "getAndBitwiseOr"))
                        .toReadAndWrite()),
                new Mutant("mask-clear", "a CPU's bit is cleared by a read and a write",
                        LibCases.MaskBits.class, NOTHING,
                        Weave.in(CpuMask.class, "testAndClearCpu").weaken(access("WORDS", "getAndBitwiseAnd"))
                        .toReadAndWrite()),
                new Mutant("complete-without-wake", "complete does not wake the waiter",
                CallCases.WaitAndComplete.class, NOTHING,
                        Weave.in(Completion.class, "complete").withDescriptor("(I)V").drop(call(Waiter.class, "wake"))),
                new Mutant("complete-without-lock", "complete does not take the lock",
                        CallCases.WaitAndComplete.class,
                NOTHING,
                        Weave.in(Completion.class, "complete").withDescriptor("(I)V")
                        .replace(call(RawSpinLock.class, "lock")).by(by("noLock"))),
                new Mutant("pending-set", "an interrupt becomes pending by a read and a write",
                CallCases.TwoInterrupts.class, NOTHING,
                        Weave.in(PendingWord.class, "getAndSet").weaken(access("BITS", "getAndBitwiseOr"))
                        .toReadAndWrite()),
                new Mutant("pending-clear", "pending interrupts are taken by a read and a write",
                CallCases.TwoInterrupts.class, NOTHING,
                        Weave.in(PendingWord.class, "getAndClear").weaken(access("BITS", "getAndBitwiseAnd"))
                        .toReadAndWrite()),
                new Mutant("park", "an idle CPU halts without checking whether an interrupt came meanwhile",
                CallCases.CallOfIdle.class, HALTING,
                        Weave.in(PendingWord.class, "park").weaken(access("BITS", "compareAndExchange"))
                        .toBlindWrite()),
                new Mutant("affinity-cpu-first", "a task's affinity is set after a look at its CPU, then at its place",
                        AffinityWhileMoved.class, AffinityWhileMoved.FRAME, AffinityWhileMoved.CPU_FIRST),
                new Mutant("waker-cpu-first", "a waker looks at a task's CPU, then at its place on the queues",
                        MovedWhileWoken.class, MovedWhileWoken.FRAME,
                        MovedWhileWoken.CPU_FIRST),
                new Mutant("unpark", "an interrupt does not end the halt", CallCases.CallOfIdle.class, HALTING,
                        Weave.in(Cpu.class, "raise").drop(call(Cpu.class, "unpark"))),
                new Mutant("no-ipi", "a call is queued and no interrupt sent", CallCases.WaitForCall.class, NOTHING,
                        Weave.in(Smp.class, "smpCallSingleQueue").drop(call(Smp.class, "sendCallFunctionSingleIpi"))),
                new Mutant("polling", "the target is taken for a polling CPU, and not interrupted",
                CallCases.WaitForCall.class, NOTHING,
                        Weave.in(Smp.class, "sendCallFunctionSingleIpi").replace(call(Cpu.class, "wakeIfPolling"))
                        .by(by("polls"))),
                new Mutant("no-csd-wait", "a call that waits does not", CallCases.WaitForCall.class, NOTHING,
                        Weave.in(Smp.class, "smpCallFunctionSingle").drop(call(Smp.class, "lockWait"))),
                new Mutant("early-unlock", "a csd is unlocked before its function has run", CallCases.WaitForCall.class,
                NOTHING,
                        Weave.in(CallFlusher.class, "runSync").move(call(Csd.class, "unlock"))
                        .before(call(CallFlusher.class, "csdDoFunc"))),
                new Mutant("no-reverse", "calls run in the reverse order", CallCases.AsyncCalls.class, NOTHING,
                        Weave.in(CallFlusher.class, "flush").replace(call(LlistNode.class, "reverseOrder"))
                        .by(by("asItComes"))),
                new Mutant("many-no-wait", "a call of many does not wait", CallCases.CallMany.class, NOTHING,
                        Weave.in(CallMany.class, "waitForMany").drop(call(Smp.class, "lockWait"))),
                new Mutant("many-no-lock", "a call of many uses its memory again before it is free",
                CallCases.CallMany.class, NOTHING,
                        Weave.in(CallMany.class, "queueMany").drop(call(Smp.class, "lock"))),
                new Mutant("many-no-ipi", "a call of many sends no interrupts", CallCases.CallMany.class, NOTHING,
                        Weave.in(CallMany.class, "kick").drop(call(CallMany.class, "sendCallFunctionIpiMask"))),
                new Mutant("irq-work-claim", "an irq_work is claimed by a read and a write",
                        CallCases.QueueIrqWork.class,
                NOTHING,
                        Weave.in(IrqWork.class, "claim").weaken(access("FLAGS", "getAndBitwiseOr")).toReadAndWrite()),
                new Mutant("irq-work-end", "an irq_work that has run stays busy", CallCases.QueueIrqWork.class, NOTHING,
                        Weave.in(IrqWorks.class, "single").drop(call(IrqWork.class, "end"))),
                new Mutant("irq-work-end-blind", "an irq_work that has run becomes free although it was claimed again",
                CallCases.QueueIrqWork.class, NOTHING,
                        Weave.in(IrqWork.class, "end").weaken(access("FLAGS", "compareAndSet")).toBlindWrite()),
                new Mutant("irq-work-no-ipi", "an irq_work is queued and no interrupt sent", Queued.OneIrqWork.class,
                WATCHED,
                        Weave.in(Smp.class, "smpCallSingleQueue").drop(call(Smp.class, "sendCallFunctionSingleIpi"))),
                new Mutant("irq-work-twice", "an irq_work that is pending is queued once more",
                Queued.SameIrqWork.class, WATCHED,
                        Weave.in(IrqWorks.class, "irqWorkQueueOn").replace(call(IrqWork.class, "claim"))
                        .by(by("claimsAnyway"))),
                new Mutant("irq-work-no-tick", "a lazy irq_work waits for a tick that does not come",
                Queued.LazyIrqWork.class, WATCHED,
                        Weave.in(IrqWorks.class, "queueLocal").replace(call(IrqWorks.Tick.class, "comes"))
                        .by(by("comes"))),
                new Mutant("no-dying-flush", "a CPU goes offline without a last flush of its queue",
                CallBeforeLeaving.class, NOTHING,
                        Weave.in(Smp.class, "smpcfdDyingCpu").drop(call(CallFlusher.class, "flush"))),
                new Mutant("stop-ack", "a phase of stop_machine is acknowledged by a read and a write",
                Machines.StopAll.class, NOTHING,
                        Weave.in(MULTI_STOP, "ack").weaken(access("THREAD_ACK", "getAndAdd")).toReadAndWrite()),
                new Mutant("stop-irqs-on", "stop_machine leaves IRQs on", Machines.StopAll.class, NOTHING,
                        Weave.in(MULTI_STOP, "run").replace(call(Cpu.class, "irqSave")).by(by("irqsStayOn"))),
                new Mutant("stop-result", "a stopper reports that it is done before it stores the result",
                Machines.StopOne.class, NOTHING,
                        Weave.in(STOPPER, "run").move(call(STOP_DONE, "result")).after(call(STOP_DONE, "signal"))),
                new Mutant("stop-no-wake", "a stop work is queued and the stopper not woken", Queued.TwoStopWorks.class,
                WATCHED,
                        Weave.in(StopMachine.class, "queueWork").drop(call(Scheduler.class, "wakeStopper"))),
                new Mutant("stop-order", "a stopper first takes the work that was queued last",
                Queued.TwoStopWorks.class, WATCHED,
                        Weave.in(STOPPER, "append").insert(by("lastComesFirst")).atExit()),
                new Mutant("rwsem-read", "a reader does not look for writers", Machines.ReaderAndWriter.class, NOTHING,
                        Weave.in(PercpuRwsem.class, "tryRead").replace(call(AtomicInteger.class, "get").number(1, 2))
                        .by(by("zero"))),
                new Mutant("rwsem-leave", "a reader that leaves does not wake the writer",
                Machines.ReaderAndWriter.class, NOTHING,
                        Weave.in(PercpuRwsem.class, "leave").drop(call(Waiter.class, "wake"))),
                new Mutant("no-wake-of-sleeper", "complete does not wake the sleeping task",
                Machines.SleepAndWake.class, NOTHING,
                        Weave.in(Completion.class, "complete").withDescriptor("(I)V").drop(call(Waiter.class, "wake"))),
                new Mutant("wake-early", "a task is set running before the waker has found out where it is",
                DoubleWakeUp.class, NOTHING, new DoubleWakeUp().bug()),
                new Mutant("wake-unseen", "a task goes to sleep without checking whether it was woken meanwhile",
                DoubleWakeUp.class, NOTHING,
                        Weave.in(Task.class, "prepareToBlock").drop(call(Task.class, "takeWoken").number(2, 3))),
                new Mutant("wake-note", "a waker sets the task's flag, but lets it sleep", Queued.WokenThread.class,
                WATCHED, Weave.in(Task.class, "wake").drop(call(WAKE_UP, "tryToWakeUp"))),
                new Mutant("wake-not-queued", "a task is woken for another CPU, which does not take it",
                Queued.WokenThread.class, WATCHED,
                        Weave.in(WAKE_UP, "schedTtwuPending").drop(call(WAKE_UP, "activate"))),
                new Mutant("sender-preemptible", "a sender does not disable preemption",
                Machines.CallDuringTakeDown.class, NOTHING,
                        Weave.in(Smp.class, "smpCallFunctionSingleAsync").replace(call(Preempt.class, "disable"))
                        .by(hook(Cpu.class, "current"))
                                .drop(call(Cpu.class, "preemptEnable"))),
                new Mutant("late-online-bit", "a CPU's online bit is cleared after the machine was stopped",
                Machines.CallDuringTakeDown.class, NOTHING,
                        Weave.in(TAKE_DOWN, "takeCpuDown").drop(call(Cpus.class, "setCpuOnline"))
                                .andIn(TAKE_DOWN, "takedownCpu").insert(by("clearOnlineBit"))
                                .after(call(StopMachine.class, "stopMachineCpuslocked"))));
    }
}
