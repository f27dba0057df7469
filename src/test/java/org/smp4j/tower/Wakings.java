package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.tower.Scaffold.park;
import static org.smp4j.tower.Scaffold.parks;
import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.scenario.HoldBack;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;
import org.smp4j.selftest.scenario.Substitutes;
import org.smp4j.weave.Weave;

/**
 * Wake-ups of tasks that do something else at the same time; each with what is left of the tower where the protection
 * is missing.
 */
public final class Wakings {
    private static final String WAKE_UP = "org.smp4j.sched.WakeUp";

    private Wakings() {
    }

    /** A task ends while a waker that saw it wait is waking it. */
    public static final class WakeAndExit extends TaskScenario {
        static final Weave SEEN = Weave.in(WAKE_UP, "tryToWakeUp").insert(hook(WakeAndExit.class, "begins")).atEntry();
        /** The last state is set beside the lock. */
        static final Weave UNLOCKED = Weave.in(Task.class, "setSpecialState").replace(call(RawSpinLock.class, "lock"))
                .by(hook(Substitutes.class, "noLock"));

        private static volatile boolean begun;

        private volatile boolean may;

        /** Made for each run. */
        public WakeAndExit() {
            super(2);
        }

        @Override
        protected void play() {
            Task waiter = task(1, "waiter", () -> {
                while (!may) {
                    Task.current().block();
                }
                while (!begun) {
                    relax();
                }
            });
            task(0, "waker", () -> {
                may = true;
                waiter.wake();
            });
        }

        /**
         * A wake-up begins.
         *
         * @param wakeUp whose
         * @param task of whom
         */
        public static void begins(Object wakeUp, Task task) {
            begun |= task.comm().equals("waiter");
        }
    }

    /**
     * A kernel thread that waits is woken, and parks, and stays parked until it is let go. What comes before and after
     * is not explored.
     */
    public static final class WakeAndPark extends MachineScenario {
        /** A waker lets others run between its two looks, and so does the waiter. */
        static final Weave SLOW = Weave.in(WAKE_UP, "tryToWakeUp").insert(HoldBack.here())
                .before(call(WAKE_UP, "wakeWhereItIs"))
                .andIn(Task.class, "prepareToBlock").insert(HoldBack.here())
                .before(call(Task.class, "takeWoken").number(2, 3));
        /** The state is set beside the lock. */
        static final Weave UNLOCKED = WakeAndExit.UNLOCKED;

        private final AtomicInteger done = new AtomicInteger();
        private volatile boolean waits;
        private volatile boolean over;

        /** Made for each run. */
        public WakeAndPark() {
            super(3);
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            Kthread thread = parks(machine, 1, _ -> over);
            task(0, "parker", () -> {
                thread.startOnce();
                while (thread.state() != TaskState.BLOCKED) {
                    relax();
                }
                Exploring.stretch(true);
                waits = true;
                park(thread);
                done.incrementAndGet();
                while (done.get() < 2) {
                    relax();
                }
                hold(thread.state() == TaskState.PARKED, "parked", "a thread that is parked is " + thread.state());
                Exploring.stretch(false);
                over = true;
                thread.kthreadUnpark();
                thread.join();
            });
            task(2, "waker", () -> {
                while (!waits) {
                    relax();
                }
                thread.wake();
                done.incrementAndGet();
            });
        }
    }

    /** A task that waits is given another CPU while it is woken there: from then on it runs nowhere else. */
    public static final class WakeAndMove extends MachineScenario {
        /** A task is taken from the queue of a CPU where it may not run, and runs. */
        static final Weave ANYWHERE = Weave.in("org.smp4j.sched.CoreSchedule", "pickNext")
                .replace(call(Task.class, "mayRunOn").number(2, 2))
                .by(hook(WakeAndMove.class, "mayRun")).andIn("org.smp4j.sched.CoreSchedule", "schedule")
                .replace(call(Task.class, "mayRunOn"))
                .by(hook(WakeAndMove.class, "mayRun"));

        private final AtomicInteger turns = new AtomicInteger();
        private volatile boolean moved;

        /** Made for each run. */
        public WakeAndMove() {
            super(3);
        }

        @Override
        protected void run(Machine machine) {
            Task waiter = task(1, "waiter", () -> {
                for (int turn = 1; turn <= 2; turn++) {
                    while (turns.get() < turn) {
                        Task.current().block();
                    }
                    boolean after = moved;
                    int cpu = Cpu.rawSmpProcessorId();
                    hold(!after || cpu == 2, "affinity", "a task of CPU 2 runs on CPU " + cpu);
                }
            });
            task(0, "waker", () -> {
                turns.incrementAndGet();
                waiter.wake();
                turns.incrementAndGet();
                if (waiter.state() != TaskState.DEAD) {
                    waiter.wake();
                }
            });
            task(2, "mover", () -> {
                int err = machine.scheduler().setCpusAllowedPtr(waiter, CpuMask.of(3, 2));
                hold(err == 0, "affinity", "set_cpus_allowed_ptr returns " + err);
                moved = true;
            });
        }

        /**
         * A look that is left out.
         *
         * @param task the task
         * @param cpu a CPU
         * @return that it may run there
         */
        public static boolean mayRun(Task task, int cpu) {
            return true;
        }
    }
}
