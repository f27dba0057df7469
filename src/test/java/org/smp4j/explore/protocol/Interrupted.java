package org.smp4j.explore.protocol;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;

/**
 * Scenarios on a booted machine that go wrong if a device interrupts or a task is preempted at the wrong moment, or if
 * another task is next; with their correct twins.
 */
public final class Interrupted {
    private Interrupted() {
    }

    /** A task and the handler of a device increment the same field on one CPU. */
    public static class Counter extends MachineScenario {
        int count;
        private int handled;

        public Counter() {
            super(2);
        }

        void add() {
            count++;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            device(1, "disk", 1, () -> {
                count++;
                handled++;
            });
            task(1, "user", () -> {
                Exploring.stretch(true);
                add();
            });
        }

        @Override
        protected void check(Machine machine) {
            if (count != 1 + handled) {
                Exploring.broken("lost count", "counted " + count, List.of());
            }
        }
    }

    /** The same as it should be. */
    public static class CounterWithIrqsOff extends Counter {
        @Override
        void add() {
            boolean flags = LocalIrq.save();
            count++;
            LocalIrq.restore(flags);
        }
    }

    /** CPU 1 is idle when its device interrupts. */
    public static class Halted extends MachineScenario {
        private final Completion done = new Completion();
        private volatile boolean late;

        public Halted() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            device(1, "timer", 1, () -> {
                if (Preempt.inHardirq() && LocalIrq.disabled() && Task.current().isIdleTask()) {
                    done.complete();
                }
            });
            task(1, "sleeper", () -> {
                done.waitForCompletion();
                if (!late) {
                    Exploring.broken("woken by the device", "the sleeper is awake", List.of());
                }
            });
            task(0, "waker", () -> {
                Exploring.awaitQuiescence();
                Exploring.stretch(true);
                late = false;
                Exploring.stretch(false);
                Exploring.awaitQuiescence(); // only the device can wake the sleeper
                late = true;
                done.complete();
            });
        }
    }

    /** No strand can step when the device interrupts, and without the interrupt none ever could. */
    public static class Forlorn extends MachineScenario {
        private boolean noticed;

        public Forlorn() {
            super(1);
        }

        @Override
        protected void run(Machine machine) {
            device(0, "timer", 1, () -> noticed |= Task.current().isIdleTask());
            Exploring.stretch(false);
            task(0, "user", () -> { });
            Exploring.awaitQuiescence();
            Exploring.stretch(true);
            // no step in between: the interrupt's only chance comes when no strand can step
            Exploring.awaitQuiescence();
            Exploring.stretch(false);
        }

        @Override
        protected void check(Machine machine) {
            if (noticed) {
                Exploring.broken("noticed", "an idle machine was interrupted", List.of());
            }
        }
    }

    /** Two tasks use a per-CPU value of their CPU. */
    public static class PerCpuCounter extends MachineScenario {
        int count;
        private int ended;

        public PerCpuCounter() {
            super(2);
        }

        void add() {
            count++;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(1, "starter", () -> {
                task(1, "one", this::user);
                task(1, "two", this::user);
                Exploring.stretch(true);
            });
        }

        private void user() {
            add();
            if (++ended == 2) {
                Exploring.stretch(false);
            }
        }

        @Override
        protected void check(Machine machine) {
            if (count != 2) {
                Exploring.broken("lost count", "counted " + count, List.of());
            }
        }
    }

    /** The same as it should be. */
    public static class PerCpuCounterPinned extends PerCpuCounter {
        @Override
        void add() {
            Preempt.disable();
            count++;
            Preempt.enable();
        }
    }

    /** The task that starts first need not run first. */
    public static class Order extends MachineScenario {
        private int made;

        public Order() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(1, "starter", () -> {
                Preempt.disable();
                task(1, "maker", () -> made = 1);
                task(1, "user", () -> {
                    if (made == 0) {
                        Exploring.broken("unmade", "what is used was not made", List.of());
                    }
                });
                Exploring.stretch(true);
                Preempt.enable();
            });
        }
    }

    /** The handler and the code that it interrupts, on a CPU without a scheduler. */
    public static class BareCounter extends CallScenario {
        int count;
        private int handled;

        public BareCounter() {
            super(2);
        }

        void add() {
            count++;
        }

        @Override
        protected void play() {
            device(1, "disk", 2, () -> {
                count++;
                handled++;
            });
            on(1, () -> {
                add();
                relax();
            });
        }

        @Override
        protected void check() {
            if (count != 1 + handled) {
                Exploring.broken("lost count", "counted " + count, List.of());
            }
        }
    }

    /** The same as it should be. */
    public static class BareCounterWithIrqsOff extends BareCounter {
        @Override
        void add() {
            boolean flags = LocalIrq.save();
            count++;
            LocalIrq.restore(flags);
        }
    }

    /**
     * The handler wakes a task on its CPU and has the scheduler choose again: the task runs before the interrupted one
     * has gone on.
     */
    public static class Woken extends TaskScenario {
        private final Completion done = new Completion();
        private volatile int progress;

        public Woken() {
            super(1);
        }

        @Override
        protected void play() {
            device(0, "disk", 1, () -> {
                done.complete();
                Cpu.current().resched();
            });
            task(0, "sleeper", () -> {
                done.waitForCompletion();
                if (progress == 1) {
                    Exploring.broken("in between", "the sleeper runs in the middle of the other task", List.of());
                }
            });
            task(0, "worker", () -> {
                progress = 1;
                Preempt.disable();
                Preempt.enable();
                progress = 2;
                done.complete();
            });
        }
    }
}
