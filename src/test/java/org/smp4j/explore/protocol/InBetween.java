package org.smp4j.explore.protocol;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;

/**
 * A task on CPU 1 increments a plain field, and so does other code that runs on the same CPU. All increments are
 * ordered and none race, but one is lost if the other comes between its two accesses. Each scenario has a twin in which
 * the task excludes the other code.
 */
public final class InBetween {
    private InBetween() {
    }

    /** Code that the scenarios share. */
    public abstract static class Counted extends MachineScenario {
        private final boolean kept;
        private int count;
        private int came;

        Counted(boolean kept) {
            super(2);
            this.kept = kept;
        }

        /** Triggers the other increment. Context: the task on CPU 1, outside of the explored stretch. */
        abstract void bring(Machine machine);

        final void other() {
            came++;
            count++;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(1, "user", () -> {
                bring(machine);
                Exploring.stretch(true);
                boolean flags = kept && LocalIrq.save();
                count++;
                if (kept) {
                    LocalIrq.restore(flags);
                }
                Exploring.stretch(false);
            });
        }

        @Override
        protected void check(Machine machine) {
            if (count != 1 + came) {
                Exploring.broken("lost count", "counted " + count + " of " + (1 + came), List.of());
            }
        }
    }

    /** The handler of a cross-call. */
    public static class Call extends Counted {
        public Call() {
            this(false);
        }

        Call(boolean kept) {
            super(kept);
        }

        @Override
        void bring(Machine machine) {
            task(0, "sender", () -> machine.smp().smpCallFunctionSingle(1, SmpCallFunc.named("count", _ -> other()),
                    null, true));
        }
    }

    /** The same as it should be. */
    public static final class CallKeptOut extends Call {
        public CallKeptOut() {
            super(true);
        }
    }

    /** An irq_work that another CPU queues. */
    public static class Work extends Counted {
        public Work() {
            this(false);
        }

        Work(boolean kept) {
            super(kept);
        }

        @Override
        void bring(Machine machine) {
            task(0, "sender", () -> machine.irqWorks().irqWorkQueueOn(IrqWork.of(_ -> other()), 1));
        }
    }

    /** The same as it should be. */
    public static final class WorkKeptOut extends Work {
        public WorkKeptOut() {
            super(true);
        }
    }

    /**
     * A timer of the CPU. By default time passes only if no CPU can go on, so that the timer never comes in between;
     * but it could.
     */
    public static class Timer extends Counted {
        public Timer() {
            this(false);
        }

        Timer(boolean kept) {
            super(kept);
        }

        @Override
        void bring(Machine machine) {
            machine.scheduler().timers().start(System.nanoTime() + 1000, this::other);
            // so that the run does not end before the timer
            task(0, "sleeper", () -> machine.scheduler().timers().msleep(1));
        }
    }

    /** The same as it should be. */
    public static final class TimerKeptOut extends Timer {
        public TimerKeptOut() {
            super(true);
        }
    }

    /** The CPU's stopper. */
    public static class Stopper extends Counted {
        public Stopper() {
            this(false);
        }

        Stopper(boolean kept) {
            super(kept);
        }

        @Override
        void bring(Machine machine) {
            task(0, "sender", () -> machine.stopMachine().stopOneCpu(1, CpuStopFn.named("count", _ -> {
                other();
                return 0;
            }), null));
        }
    }

    /** The same as it should be. */
    public static final class StopperKeptOut extends Stopper {
        public StopperKeptOut() {
            super(true);
        }
    }

    /** Another task of the CPU. */
    public static class Other extends Counted {
        public Other() {
            this(false);
        }

        Other(boolean kept) {
            super(kept);
        }

        @Override
        void bring(Machine machine) {
            task(1, "other", this::other);
        }
    }

    /** The same as it should be. */
    public static final class OtherKeptOut extends Other {
        public OtherKeptOut() {
            super(true);
        }
    }

    /** A task that comes to the CPU while the counting task is moved away, with its increment half done. */
    public static class Moved extends MachineScenario {
        private static final class Cell {
            private int count;
        }

        private final Cell[] cells = {new Cell(), new Cell()};
        private final boolean kept;

        public Moved() {
            this(false);
        }

        Moved(boolean kept) {
            super(2);
            this.kept = kept;
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(1, "starter", () -> {
                Task user = machine.spawn(1, "user", this::user);
                task(0, "mover", () -> {
                    machine.scheduler().setCpusAllowedPtr(user, CpuMask.of(2, 0));
                    task(1, "other", () -> add(cells[Cpu.rawSmpProcessorId()]));
                });
            });
        }

        private void user() {
            Exploring.stretch(true);
            boolean flags = kept && LocalIrq.save();
            add(cells[Cpu.rawSmpProcessorId()]);
            if (kept) {
                LocalIrq.restore(flags);
            }
        }

        private static void add(Cell cell) {
            cell.count++;
        }

        @Override
        protected void check(Machine machine) {
            if (cells[0].count + cells[1].count != 2) {
                Exploring.broken("lost count", "counted " + cells[0].count + " and " + cells[1].count, List.of());
            }
        }
    }

    /** The same as it should be. */
    public static final class MovedKeptOut extends Moved {
        public MovedKeptOut() {
            super(true);
        }
    }
}
