package org.smp4j.selftest;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.sched.PercpuRwsem;
import org.smp4j.sched.Rcu;
import org.smp4j.sched.Task;
import org.smp4j.selftest.scenario.GracePeriods;
import org.smp4j.selftest.scenario.MovedWhileWoken;
import org.smp4j.selftest.scenario.OrderingCases;
import org.smp4j.selftest.scenario.StopOrderings;
import org.smp4j.selftest.scenario.Substitutes;
import org.smp4j.selftest.scenario.TaskOrderings;
import org.smp4j.weave.Call;
import org.smp4j.weave.Weave;

/** Mutants that take one ordering away; they show under the memory model java only. */
final class OrderingMutants {
    private static final String HOTPLUG = "org.smp4j.hotplug.";
    private static final String STOP = "org.smp4j.stop.";
    private static final String RUN_QUEUE = "org.smp4j.sched.RunQueue";
    private static final Call FULL_FENCE = call(VarHandle.class, "fullFence");

    private OrderingMutants() {
    }

    private static Mutant mutant(String name, String what, Class<? extends Runnable> scenario, Weave mutation) {
        return new Mutant(name, what, scenario, Weave.nothing(), mutation, MemoryModel.JAVA);
    }

    private static Weave weak(Class<?> owner, String method, String field, String from, String to) {
        return weak(owner.getName(), method, field, from, to);
    }

    private static Weave weak(String owner, String method, String field, String from, String to) {
        return Weave.in(owner, method).weaken(access(field, from)).to(to);
    }

    static List<Mutant> all() {
        return List.of(
                mutant("unlock-opaque", "a spinlock is released by an opaque write", OrderingCases.LockedCount.class,
                        weak(RawSpinLock.class, "release", "LOCKED", "setRelease", "setOpaque")),
                mutant("lock-plain", "a spinlock is taken by a plain compare-and-set", OrderingCases.LockedCount.class,
                        weak(RawSpinLock.class, "acquire", "LOCKED", "compareAndSet", "weakCompareAndSetPlain")),
                mutant("csd-unlock-opaque", "a csd is unlocked by an opaque write", OrderingCases.ResultOfCall.class,
                        weak(Csd.class, "unlock", "FLAGS", "setRelease", "setOpaque")),
                mutant("flags-opaque", "a csd's flags are read opaquely", OrderingCases.ResultOfCall.class,
                        weak(CallSingleNode.class, "flagsAcquire", "FLAGS", "getAcquire", "getOpaque")),
                mutant("llist-add-acquire", "a node is added without a release", OrderingCases.AddTwo.class,
                        weak(LlistHead.class, "addBatch", "FIRST", "compareAndExchange", "compareAndExchangeAcquire")),
                mutant("llist-take-release", "a list is taken without an acquire", OrderingCases.TwoSenders.class,
                        weak(LlistHead.class, "delAll", "FIRST", "getAndSet", "getAndSetRelease")),
                mutant("llist-first-opaque", "the newest node is read opaquely", OrderingCases.TakeFirst.class,
                        weak(LlistHead.class, "delFirst", "FIRST", "getAcquire", "getOpaque")),
                mutant("irq-work-claim-acquire", "an irq_work is claimed without a release",
                        OrderingCases.DataOfIrqWork.class,
                        weak(IrqWork.class, "claim", "FLAGS", "getAndBitwiseOr", "getAndBitwiseOrAcquire")),
                mutant("irq-work-begin-release", "an irq_work begins without an acquire",
                        OrderingCases.DataOfIrqWork.class,
                        weak(IrqWork.class, "begin", "FLAGS", "getAndBitwiseAnd", "getAndBitwiseAndRelease")),
                mutant("irq-work-end-plain", "an irq_work ends without a release",
                        OrderingCases.ResultOfIrqWork.class,
                        weak(IrqWork.class, "end", "FLAGS", "compareAndSet", "weakCompareAndSetPlain")),
                mutant("rwsem-block-opaque", "a reader looks for writers opaquely", OrderingCases.GuardedData.class,
                        Weave.in(PercpuRwsem.class, "tryRead").weaken(access("block", "get")).to("getOpaque")),
                mutant("rwsem-slow-opaque", "a reader looks for any writer opaquely", OrderingCases.GuardedData.class,
                        Weave.in(PercpuRwsem.class, "tryRead").weaken(access("slow", "get")).to("getOpaque")),
                mutant("rwsem-sum-opaque", "a writer reads the counts of readers opaquely",
                        OrderingCases.GuardedData.class,
                        Weave.in(PercpuRwsem.class, "sum").weaken(access("readCount", "get")).to("getOpaque")),
                mutant("rwsem-free-opaque", "a writer leaves by an opaque write", OrderingCases.GuardedData.class,
                        Weave.in(PercpuRwsem.class, "upWrite").weaken(access("block", "set")).to("setOpaque")),
                mutant("rwsem-waiting-opaque", "the waiting writer is an opaque field",
                        OrderingCases.GuardedData.class, Weave.opaque(PercpuRwsem.class.getName(), "waitingWriter")),
                mutant("woken-opaque", "a waker sets its mark opaquely", OrderingCases.ToldTask.class,
                        weak(Task.class, "wake", "WOKEN", "setVolatile", "setOpaque")),
                mutant("woken-read-opaquely", "a task looks for wake-ups opaquely", OrderingCases.ToldTask.class,
                        weak(Task.class, "takeWoken", "WOKEN", "getVolatile", "getOpaque")),
                mutant("task-state-opaque", "a task's state is an opaque field", OrderingCases.ToldTask.class,
                        Weave.opaque(Task.class.getName(), "state")),
                mutant("completion-unlock-opaque", "a completion's lock is released by an opaque write",
                        OrderingCases.DataOfCompletion.class,
                        weak(RawSpinLock.class, "release", "LOCKED", "setRelease", "setOpaque")),
                mutant("completion-lock-plain", "a completion's lock is taken by a plain compare-and-set",
                        OrderingCases.DataOfCompletion.class,
                        weak(RawSpinLock.class, "acquire", "LOCKED", "compareAndSet", "weakCompareAndSetPlain")),
                mutant("stop-state-opaque", "the state that stopped CPUs follow is advanced by an opaque write",
                        StopOrderings.After.class,
                        weak(STOP + "MultiStop", "setState", "STATE", "setRelease", "setOpaque")),
                mutant("stop-ack-acquire", "a stopped CPU acknowledges a state without a release",
                        StopOrderings.After.class,
                        weak(STOP + "MultiStop", "ack", "THREAD_ACK", "getAndAdd", "getAndAddAcquire")),
                mutant("stop-done-plain", "a stopper counts a finished work without ordering",
                        StopOrderings.Result.class,
                        Weave.in(STOP + "CpuStopDone", "signal").replace(call(AtomicInteger.class, "decrementAndGet"))
                                .by(hook(Substitutes.class, "decrementPlainly"))),
                mutant("stop-report-opaque", "a stopper's function and its caller are opaque fields",
                        StopOrderings.Told.class,
                        Weave.opaque(STOP + "CpuStopper", "fn").and(Weave.opaque(STOP + "CpuStopper", "caller"))),
                new Mutant("task-place-opaque", "a task's place on the queues and its CPU are opaque fields",
                        MovedWhileWoken.class, MovedWhileWoken.LATE,
                        Weave.opaque(Task.class.getName(), "onRq").and(Weave.opaque(Task.class.getName(), "cpu")),
                        MemoryModel.JAVA),
                mutant("task-affinity-opaque", "a task's affinity is an opaque field", TaskOrderings.Affinity.class,
                        Weave.opaque(Task.class.getName(), "cpusMask")),
                new Mutant("hotplug-request-opaque", "a hotplug thread is asked by an opaque write, without fences",
                        OrderingCases.TwoCallbacks.class, OrderingCases.TwoCallbacks.LOOKS_LATE,
                        Weave.opaque(HOTPLUG + "CpuhpCpuState", "shouldRun")
                                .and(Weave.in(HOTPLUG + "CpuhpThread", "kick").drop(FULL_FENCE))
                                .and(Weave.in(HOTPLUG + "CpuhpThread", "threadFn").drop(FULL_FENCE)),
                        MemoryModel.JAVA),
                new Mutant("rcu-change-unfenced", "what is changed before a grace period has no fence after it",
                        GracePeriods.Change.class,
                        Weave.in(Rcu.class, "synchronizeRcu").insert(hook(GracePeriods.Change.class, "look"))
                                .before(call(Rcu.class, "hasPassed")),
                        Weave.in(Rcu.class, "synchronizeRcu").drop(FULL_FENCE.number(1, 2)), MemoryModel.JAVA),
                mutant("rcu-switch-opaque", "a CPU counts its switches opaquely", GracePeriods.Effects.class,
                        weak(RUN_QUEUE, "noteSwitch", "SWITCHES", "setRelease", "setOpaque")),
                mutant("rcu-look-opaque", "a grace period looks for switches opaquely, and ends without a fence",
                        GracePeriods.Effects.class,
                        weak(RUN_QUEUE, "switches", "SWITCHES", "getVolatile", "getOpaque")
                                .and(Weave.in(Rcu.class, "synchronizeRcu").drop(FULL_FENCE.number(2, 2)))),
                mutant("rcu-end-unfenced", "a grace period ends without a fence", GracePeriods.Leaves.class,
                        Weave.in(Rcu.class, "synchronizeRcu").drop(FULL_FENCE.number(2, 2))));
    }
}
