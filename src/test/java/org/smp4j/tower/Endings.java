package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.weave.Weave;

/** Tasks that end in the middle of something; each with what is left where they don't clear up. */
public final class Endings {
    private static final String CORE_SCHEDULE = "org.smp4j.sched.CoreSchedule";

    private Endings() {
    }

    /** A task ends with its migration disabled; then its CPU is taken down. */
    public static final class EndsPinned extends MachineScenario {
        /** The CPU is left as it is. */
        static final Weave LEFT_PINNED = Weave.in(Task.class, "doExit").drop(call(Task.class, "leaveAtomic"));

        /** Made for each run. */
        public EndsPinned() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            Task ends = task(1, "ends", Task::migrateDisable);
            task(0, "down", () -> {
                ends.join();
                int err = machine.hotplug().removeCpu(1);
                hold(err == 0, "take-down", "remove_cpu returns " + err);
            });
        }
    }

    /** A task ends with preemption and IRQs off, while its CPU is stopped; what runs there next has both on. */
    public static class EndsAtomic extends TaskScenario {
        /** It switches them off after the rule has looked that lets no task end so. */
        static final Weave ATOMIC = Weave.in(Task.class, "leaveAtomic")
                .insert(hook(EndsAtomic.class, "switchesOff")).atEntry();
        /** The preempt count is left as it is. */
        static final Weave COUNT_STAYS = Weave.in(Task.class, "leaveAtomic").drop(call(Cpu.class, "preemptCountSub"));

        /** Made for each run. */
        public EndsAtomic() {
            super(2);
        }

        @Override
        protected void play() {
            task(1, "ends", () -> { });
            task(1, "next", () -> {
                int count = Preempt.count();
                hold(count == 0, "context", "a task begins with preempt count " + count);
            });
            task(0, "stop", () -> stopMachine().stopOneCpu(1, CpuStopFn.named("look", _ -> {
                hold(!Cpu.current().irqsDisabled(), "context", "a stopper's function begins with IRQs off");
                return 0;
            }), null));
        }

        /**
         * A task is about to end.
         *
         * @param task the task
         */
        public static void switchesOff(Task task) {
            if (task.comm().equals("ends")) {
                Preempt.disable();
                LocalIrq.disable();
            }
        }
    }

    /** The same; what counts is IRQs. */
    public static final class EndsWithIrqsOff extends EndsAtomic {
        /** IRQs stay off. */
        static final Weave IRQS_STAY_OFF = Weave.in(Task.class, "leaveAtomic").drop(call(Cpu.class, "irqRestore"));
    }

    /**
     * A machine is closed while a stopper runs on the thread of a task that holds the hotplug lock: the task gives it
     * back.
     */
    public static final class ClosedWhileStopped extends TaskScenario {
        /** The thread stays the stopper's. */
        static final Weave STAYS_STOPPED = Weave.in(CORE_SCHEDULE, "runStopper")
                .drop(call(CORE_SCHEDULE, "giveBack").number(2, 2));

        private volatile boolean stopped;

        /** Made for each run. */
        public ClosedWhileStopped() {
            super(2);
        }

        @Override
        protected void play() {
            CpuHotplugLock lock = new CpuHotplugLock(scheduler());
            task(1, "holder", () -> {
                lock.cpusReadLock();
                try {
                    relaxUntilClosed();
                } finally {
                    hold(lock.cpusHeld(), "lock", "a task that unwinds does not hold what it has locked");
                    lock.cpusReadUnlock();
                }
            });
            task(0, "stop", () -> stopMachine().stopOneCpuNowait(1, CpuStopFn.named("stop", _ -> {
                stopped = true;
                relaxUntilClosed();
                return 0;
            }), null, new CpuStopWork()));
        }

        private static void relaxUntilClosed() {
            for (;;) {
                relax();
            }
        }

        @Override
        protected void outside() {
            while (!stopped) {
                Thread.onSpinWait();
            }
            cpus().lifetime.close();
            cpus().smpSendStop();
        }
    }
}
