package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.scenario.TaskScenario;

/** Scenarios of a thread that waits for a grace period, and of readers. */
public final class GracePeriods {
    private GracePeriods() {
    }

    private static VarHandle handle(Class<?> of, String name) {
        try {
            return MethodHandles.lookup().findVarHandle(of, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A reader that begins after a switch which ends a grace period sees what the thread that waits had changed before.
     * The switch is made between that thread's two looks at the count of switches, so that no interrupt hands anything
     * on.
     */
    public static final class Change extends TaskScenario {
        private static final VarHandle GONE = handle(Change.class, "gone");
        private static final VarHandle PHASE = handle(Change.class, "phase");
        private static Change current; // set by each run before it starts a thread
        private int gone;
        private int phase;
        private int looks; // the waiting thread's own

        /** Made for each run. */
        public Change() {
            super(2);
        }

        /** Runs between the two looks at each CPU: first at the reader's, before an atomic operation can be a fence. */
        public static void look() {
            if (current.looks++ == 0) {
                current.next(1);
                current.await(2);
            }
        }

        private void next(int value) {
            PHASE.setOpaque(this, value);
        }

        private void await(int value) {
            while ((int) PHASE.getOpaque(this) != value) {
                Thread.onSpinWait();
            }
        }

        @Override
        protected void play() {
            current = this;
            task(1, "waits", () -> {
                GONE.setOpaque(this, 1);
                scheduler().rcu().synchronizeRcu();
            });
            task(0, "reads", () -> {
                await(1);
                scheduler().yieldCpu();
                next(2);
                Cpu here = Preempt.disable();
                int seen = (int) GONE.getOpaque(this);
                here.preemptEnable();
                mustHold(seen == 1, "grace period", () -> "a reader finds what is taken while it reads");
            });
        }
    }

    /** What a reader has done in its section is seen after a grace period that has begun in it. */
    public static class Effects extends TaskScenario {
        private static final VarHandle BEGUN = handle(Effects.class, "begun");
        private static final VarHandle DONE = handle(Effects.class, "done");
        private int begun;
        private int done;

        /** Made for each run. */
        public Effects() {
            super(2);
        }

        @Override
        protected void play() {
            task(0, "waits", () -> {
                boolean inside = (int) BEGUN.getOpaque(this) == 1;
                scheduler().rcu().synchronizeRcu();
                int seen = (int) DONE.getOpaque(this);
                mustHold(!inside || seen == 1, "grace period", () -> "it ends before a section that had begun");
            });
            task(1, "reads", () -> {
                Cpu here = Preempt.disable();
                BEGUN.setOpaque(this, 1);
                DONE.setOpaque(this, 1);
                end(here);
            });
        }

        /**
         * The section ends.
         *
         * @param here the CPU, with preemption off
         */
        protected void end(Cpu here) {
            here.preemptEnable();
            scheduler().yieldCpu();
        }
    }

    /**
     * A CPU leaves in its section. A grace period that does not wait for it, because it is gone, comes after what the
     * section has done before.
     */
    public static final class Leaves extends Effects {
        /** Made for each run. */
        public Leaves() {
            // as a section that goes on
        }

        @Override
        protected void end(Cpu here) {
            cpus().setCpuOnline(1, false);
            here.preemptEnable();
        }
    }
}
