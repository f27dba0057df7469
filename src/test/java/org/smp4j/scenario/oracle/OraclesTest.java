package org.smp4j.scenario.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.CallFlusher;
import org.smp4j.call.CallMany;
import org.smp4j.call.Csd;
import org.smp4j.call.RunsTwice;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.call.TouchesUnlocked;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.Programs;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.QueuesTwice;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;
import org.smp4j.selftest.Mutant;
import org.smp4j.selftest.Mutants;
import org.smp4j.selftest.scenario.Queued;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.LosesWorks;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** Each oracle finds what no other does, and none finds anything where nothing is wrong. */
public class OraclesTest {
    private static final SmpCallFunc NOTHING = SmpCallFunc.named("f", info -> { });

    private static Report explore(Class<?> scenario, Weave weave) {
        LoadedProgram program =
                new LoadedProgram(scenario.getName(), Programs.options()
                .withWeaves(weave), OraclesTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withSchedules(2_000), Explorer.Progress.NONE);
    }

    private static void assertBroken(String rule, Class<?> scenario, Weave weave) {
        Report report = explore(scenario, weave);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).as(report.text()).isEqualTo(rule);
    }

    private static void assertKept(Class<?> scenario) {
        Report report = explore(scenario, Weave.nothing());
        assertThat(report.failure()).as(report.text()).isNull();
    }

    /** One call without wait, and one with wait. */
    public static class TwoCalls extends CallScenario {
        public TwoCalls() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                smp().smpCallFunctionSingleAsync(1, new Csd(NOTHING, "info"));
                smp().smpCallFunctionSingle(1, NOTHING, null, true);
            });
        }
    }

    /** One call without wait. */
    public static class OneCall extends CallScenario {
        public OneCall() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> smp().smpCallFunctionSingleAsync(1, new Csd(NOTHING, "info")));
        }
    }

    @Test
    void nothingIsWrongWithCalls() {
        assertKept(TwoCalls.class);
        assertKept(OneCall.class);
    }

    @Test
    void callIsLost() {
        assertBroken("lost call", OneCall.class, Weave.in(Smp.class, "smpCallSingleQueue")
                .drop(call(Smp.class, "sendCallFunctionSingleIpi")));
    }

    @Test
    void callRunsTwice() {
        assertBroken("call ran twice", OneCall.class, Weave.in(CallFlusher.class, "runAsync")
                .replace(call(CallFlusher.class, "csdDoFunc"))
                .by(hook(RunsTwice.class, "run")));
    }

    @Test
    void callReturnsEarly() {
        assertBroken("returned early", TwoCalls.class, Weave.in(Smp.class, "smpCallFunctionSingle")
                .drop(call(Smp.class, "lockWait")));
    }

    /** A caller waits; an interrupt that it takes meanwhile sends the same function, and waits for nothing. */
    public static class SameFunction extends CallScenario {
        public SameFunction() {
            super(2);
        }

        @Override
        protected void play() {
            Csd csd = new Csd(NOTHING, null);
            device(0, "device", 1, () -> smp().smpCallFunctionSingleAsync(1, csd));
            on(0, () -> smp().smpCallFunctionSingle(1, NOTHING, null, true));
        }
    }

    @Test
    void callOfAnInterruptIsNotTheCallers() {
        assertKept(SameFunction.class);
        assertBroken("returned early", SameFunction.class, Weave.in(Smp.class, "smpCallFunctionSingle")
                .drop(call(Smp.class, "lockWait")));
    }

    /** A broadcast interrupts two CPUs, and begins another broadcast when it has done so. */
    public static class NestedBroadcast extends CallScenario {
        private static NestedBroadcast current;
        private int sent;

        public NestedBroadcast() {
            super(3);
        }

        @Override
        protected void play() {
            current = this;
            on(0, this::broadcast);
        }

        private void broadcast() {
            Cpu here = Preempt.disable();
            smp().smpCallFunction(NOTHING, null, false);
            here.preemptEnable();
        }

        public static void again() {
            if (++current.sent == 2) {
                current.broadcast();
            }
        }

        public static void empties(CallMany many, EventSink trace, CpuMask mask) {
            mask.clear();
        }
    }

    @Test
    void maskIsEmpty() {
        Weave nested = Weave.in(CallMany.class, "sendCallFunctionIpiMask").insert(hook(NestedBroadcast.class, "again"))
                .after(call(Cpu.class, "sendInterrupt"));
        Report kept = explore(NestedBroadcast.class, nested);
        assertThat(kept.failure()).as(kept.text()).isNull();
        assertBroken("empty interrupt mask", NestedBroadcast.class, Weave.in(CallMany.class, "sendCallFunctionIpiMask")
                .insert(hook(NestedBroadcast.class, "empties")).atEntry());
    }

    /** The owner fills a csd anew while it is on its way. */
    public static class Refill extends CallScenario {
        public Refill() {
            super(2);
        }

        @Override
        protected void play() {
            Csd csd = new Csd(NOTHING, "first");
            on(0, () -> {
                smp().smpCallFunctionSingleAsync(1, csd);
                csd.set(NOTHING, "second");
            });
        }
    }

    @Test
    void argumentIsAnother() {
        assertBroken("wrong argument", Refill.class, Weave.nothing());
    }

    /** The owner gives a csd up that is on its way. */
    public static class Free extends CallScenario {
        public Free() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                Csd csd = new Csd(NOTHING, null);
                smp().smpCallFunctionSingleAsync(1, csd);
                Oracles.freed(csd);
            });
        }
    }

    @Test
    void csdIsUsedAfterItsRelease() {
        assertBroken("use after release", Free.class, Weave.nothing());
    }

    @Test
    void csdIsUsedAfterItsUnlock() {
        assertBroken("use after release", OneCall.class, Weave.in(CallFlusher.class, "runAsync")
                .replace(call(CallFlusher.class, "csdDoFunc"))
                .by(hook(TouchesUnlocked.class, "run")));
        assertBroken("use after release", OneCall.class, Weave.in(CallFlusher.class, "runAsync")
                .replace(call(Csd.class, "unlock"))
                .by(hook(TouchesUnlocked.class, "unlock")));
        assertBroken("use after release", TwoCalls.class, Weave.in(CallFlusher.class, "runSync")
                .replace(call(Csd.class, "unlock"))
                .by(hook(TouchesUnlocked.class, "unlock")));
    }

    /** A function sends its own csd on, as it may. */
    public static class Resend extends CallScenario {
        private volatile int runs;

        public Resend() {
            super(2);
        }

        @Override
        protected void play() {
            Csd[] csd = new Csd[1];
            csd[0] = new Csd(SmpCallFunc.named("resend", info -> {
                if (++runs < 3) {
                    smp().smpCallFunctionSingleAsync(2 - runs, csd[0]); // to itself, and back to where it came from
                }
            }), null);
            on(0, () -> {
                smp().smpCallFunctionSingleAsync(1, csd[0]);
                while (runs < 3) {
                    relax();
                }
            });
        }
    }

    @Test
    void csdIsItsOwnersFromItsUnlockOn() {
        assertKept(Resend.class);
    }

    /** Two CPUs send the same csd. */
    public static class Share extends CallScenario {
        public Share() {
            super(3);
        }

        @Override
        protected void play() {
            Csd csd = new Csd(NOTHING, null);
            on(0, () -> smp().smpCallFunctionSingleAsync(2, csd));
            on(1, () -> smp().smpCallFunctionSingleAsync(2, csd));
        }
    }

    @Test
    void csdIsLinkedTwice() {
        assertBroken("linked twice", Share.class, Weave.nothing());
    }

    /** A node goes on a list on which it is. */
    public static class Relink extends CallScenario {
        public Relink() {
            super(2);
        }

        @Override
        protected void play() {
            LlistHead list = new LlistHead();
            LlistNode node = new LlistNode();
            on(0, () -> list.add(node));
            on(1, () -> list.add(node));
        }
    }

    /** A node goes on a list of thousands, which ends. */
    public static class LongList extends CallScenario {
        private final boolean ring;

        public LongList() {
            this(false);
        }

        LongList(boolean ring) {
            super(2);
            this.ring = ring;
        }

        @Override
        protected void play() {
            LlistNode last = new LlistNode();
            LlistNode first = last;
            LlistNode inner = null;
            for (int length = 1; length < 3_000; length++) {
                LlistNode before = new LlistNode();
                before.setNext(first);
                first = before;
                inner = length == 1_000 ? before : inner;
            }
            LlistHead list = new LlistHead();
            list.addBatch(first, last);
            if (ring) {
                last.setNext(inner);
            }
            on(0, () -> list.add(new LlistNode()));
        }
    }

    /** The same, and its last node leads back into its middle. */
    public static class LongRing extends LongList {
        public LongRing() {
            super(true);
        }
    }

    @Test
    void listHasNoEnd() {
        assertBroken("cyclic list", Relink.class, Weave.nothing());
        assertKept(LongList.class);
        assertBroken("cyclic list", LongRing.class, Weave.nothing());
    }

    /** A CPU leaves without a look at its queue. */
    public static class Leave extends CallScenario {
        public Leave() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> smp().smpCallFunctionSingleAsync(1, new Csd(NOTHING, null)));
            on(1, () -> cpus().setCpuOnline(1, false));
        }
    }

    @Test
    void callRunsOnOfflineCpu() {
        assertBroken("ran on an offline CPU", Leave.class, Weave.nothing());
    }

    /** A function that leaves preemption off. */
    public static class Leak extends CallScenario {
        public Leak() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> smp().smpCallFunctionSingle(1, SmpCallFunc.named("leak", info -> Preempt.disable()), null,
                    true));
        }
    }

    /** A task that ends with preemption off. */
    public static class LeakingTask extends TaskScenario {
        public LeakingTask() {
            super(2);
        }

        @Override
        protected void play() {
            task(0, "leak", Preempt::disable);
            task(1, "other", () -> { });
        }
    }

    @Test
    void contextIsNotAsItWas() {
        assertBroken("unbalanced context", Leak.class, Weave.nothing());
        assertBroken("unbalanced context", LeakingTask.class, Weave.nothing());
    }

    /** Two tasks use the same stop work. */
    public static class ShareWork extends TaskScenario {
        public ShareWork() {
            super(3);
        }

        @Override
        protected void play() {
            CpuStopWork work = new CpuStopWork();
            CpuStopFn nothing = CpuStopFn.named("nothing", arg -> 0);
            task(0, "first", () -> stopMachine().stopOneCpuNowait(2, nothing, null, work));
            task(1, "second", () -> stopMachine().stopOneCpuNowait(2, nothing, null, work));
        }

        public static boolean claims(CpuStopWork work) {
            return true;
        }
    }

    @Test
    void stopWorkIsLinkedTwice() {
        assertBroken("linked twice", ShareWork.class,
                Weave.in(StopMachine.class, "stopOneCpuNowait").replace(call(CpuStopWork.class, "claim"))
                .by(hook(ShareWork.class, "claims")));
    }

    /** A stopper runs a function for a caller that waits, and ignores the result. */
    public static class StopOne extends TaskScenario {
        public StopOne() {
            super(2);
        }

        @Override
        protected void play() {
            task(0, "stop", () -> stopMachine().stopOneCpu(1, CpuStopFn.named("five", arg -> 5), null));
        }
    }

    /** A CPU that must not sleep stops the other. */
    public static class StopFromInactive extends TaskScenario {
        public StopFromInactive() {
            super(2);
        }

        @Override
        protected void play() {
            task(1, "stop", () -> {
                Cpu here = Preempt.disable();
                cpus().setCpuActive(1, false);
                stopMachine().stopMachineFromInactiveCpu(CpuStopFn.named("nothing", arg -> 0), null, null);
                cpus().setCpuActive(1, true);
                here.preemptEnable();
            });
        }
    }

    @Test
    void stopWorkIsUsedAfterItsEnd() {
        assertKept(StopOne.class);
        assertBroken("use after release", StopOne.class, Weave.in(StopMachine.class, "stopOneCpu")
                .drop(call("org.smp4j.stop.CpuStopDone", "await")));
        assertBroken("use after release", StopOne.class, Weave.in("org.smp4j.stop.CpuStopper", "run")
                .move(call("org.smp4j.stop.CpuStopDone", "result"))
                .after(call("org.smp4j.stop.CpuStopDone", "signal")));
        assertKept(StopFromInactive.class);
    }

    /** A function that uses the work that brought it for something else, as it may. */
    public static class StopAgain extends TaskScenario {
        private int runs;

        public StopAgain() {
            super(2);
        }

        @Override
        protected void play() {
            CpuStopWork work = new CpuStopWork();
            CpuStopFn once = CpuStopFn.named("once", arg -> 0);
            task(0, "stop", () -> stopMachine().stopOneCpuNowait(1, CpuStopFn.named("again", arg -> {
                runs++;
                stopMachine().stopOneCpuNowait(0, once, null, work);
                return 0;
            }), null, work));
        }

        @Override
        protected void check() {
            assertThat(runs).isEqualTo(1);
        }
    }

    @Test
    void stopWorkIsItsOwnersWhenItsFunctionBegins() {
        assertKept(StopAgain.class);
    }

    /** A task waits for another to end. */
    public static class JoinTask extends TaskScenario {
        private final boolean wakes;
        private final Completion begun = new Completion();
        private final Completion released = new Completion();
        private volatile Task first;

        public JoinTask() {
            this(false);
        }

        JoinTask(boolean wakes) {
            super(2);
            this.wakes = wakes;
        }

        @Override
        protected void play() {
            task(0, "first", () -> {
                first = Task.current();
                begun.complete();
                released.waitForCompletion();
            });
            task(1, "second", () -> {
                begun.waitForCompletion();
                released.complete();
                first.join();
                if (wakes) {
                    first.wake();
                }
            });
        }
    }

    /** The same, and wakes it when it has ended: it can tell that it has come too late. */
    public static class WakeDeadTask extends JoinTask {
        public WakeDeadTask() {
            super(true);
        }
    }

    /**
     * Lets a waker take a dead task for one that sleeps.
     *
     * @param task the task
     * @return its state, as the waker sees it
     */
    public static TaskState looksAsleep(Task task) {
        TaskState state = task.state();
        return state == TaskState.DEAD ? TaskState.BLOCKED : state;
    }

    /**
     * A thread polls whether it shall end, and is told to by a task that wakes it then, whether it sleeps, or has seen
     * it already and ended.
     */
    public static class StopPoller extends MachineScenario {
        private volatile Kthread poller;

        public StopPoller() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "stops", () -> {
                poller = Kthread.createOnCpu(machine.scheduler(), "poller", 1, () -> {
                    while (!poller.kthreadShouldStop()) {
                        machine.scheduler().condResched();
                    }
                });
                poller.startOnce();
                poller.kthreadStop();
            });
        }
    }

    @Test
    void taskMayBeWokenAfterItsEnd() {
        assertKept(JoinTask.class);
        assertKept(WakeDeadTask.class);
        assertKept(StopPoller.class);
    }

    @Test
    void taskIsNotBroughtBackAfterItsEnd() {
        assertBroken("use after release", WakeDeadTask.class, Weave.in("org.smp4j.sched.WakeUp", "tryToWakeUp")
                .replace(call(Task.class, "state"))
                .by(hook(OraclesTest.class, "looksAsleep")));
    }

    private static void assertBrokenBy(String mutant, String rule) {
        Mutant named = Mutants.all().stream().filter(each -> each.name().equals(mutant)).findFirst().orElseThrow();
        assertBroken(rule, named.scenario(), named.mutation());
    }

    @Test
    void stopWorksAreTakenOutOfOrder() {
        assertBrokenBy("stop-order", "stop works out of order");
    }

    @Test
    void stopWorkIsLost() {
        assertBroken("lost stop work", Queued.TwoStopWorks.class,
                Weave.in("org.smp4j.stop.CpuStopper", "poll").insert(hook(LosesWorks.class, "forget")).atEntry());
    }

    @Test
    void irqWorkIsLost() {
        assertBrokenBy("irq-work-no-ipi", "lost irq_work");
    }

    @Test
    void wakeUpIsLost() {
        assertBrokenBy("wake-not-queued", "lost wake-up");
    }

    @Test
    void taskIsQueuedTwice() {
        assertBroken("queued twice", Queued.WokenThread.class,
                Weave.in("org.smp4j.sched.WakeUp", "activate").insert(hook(QueuesTwice.class, "again")).atEntry());
    }
}
