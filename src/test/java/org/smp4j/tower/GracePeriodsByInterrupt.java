package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.ExpeditedGracePeriods;
import org.smp4j.weave.Weave;

/** Scenarios of a thread that waits for an expedited grace period, and of readers. */
public final class GracePeriodsByInterrupt {
    private static final Class<?> PERIODS = ExpeditedGracePeriods.class;

    private GracePeriodsByInterrupt() {
    }

    /** What is read is replaced, and the old given up after a grace period; no access has an order of its own. */
    static final class Shared {
        private static final VarHandle REPLACED = handle("replaced");
        private static final VarHandle USED = handle("used");
        private int replaced;
        private int used;

        private static VarHandle handle(String name) {
            try {
                return MethodHandles.lookup().findVarHandle(Shared.class, name, int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        /** What a reader finds; false: the new. */
        boolean findsOld() {
            return (int) REPLACED.getOpaque(this) == 0;
        }

        /** What a reader that has found the old does at last. */
        void use() {
            USED.setOpaque(this, (int) USED.getOpaque(this) + 1);
        }

        void replace() {
            REPLACED.setOpaque(this, 1);
        }

        int used() {
            return (int) USED.getOpaque(this);
        }

        /** After the grace period nothing is used any more, and all uses are seen. */
        static void mustBeOver(int before, int after) {
            if (before != after) {
                Exploring.broken("grace period", "a reader uses what was given up", List.of());
            }
        }
    }

    /** A task reads twice with preemption off, and interrupts may come meanwhile. */
    public static final class Reader extends TaskScenario {
        /** The interrupt takes no CPU for a reader. */
        static final Weave BLIND = Weave.in(PERIODS, "handle").replace(call(PERIODS, "isReading"))
                .by(hook(GracePeriodsByInterrupt.class, "isNotReading"));

        /** A CPU with a reader is not made to schedule. */
        static final Weave LAZY = Weave.in(PERIODS, "handle").drop(call(Cpu.class, "resched"));

        /** The scheduler does not report. */
        static final Weave SILENT = Weave.in("org.smp4j.sched.CoreSchedule", "schedule")
                .drop(call(PERIODS, "noteContextSwitch"));

        /** Idle does not report. */
        static final Weave IDLE = Weave.in("org.smp4j.sched.IdleTask", "main")
                .drop(call(PERIODS, "noteContextSwitch"));

        private final Shared shared = new Shared();
        private final int[] uses = new int[2];

        /** Made for each run. */
        public Reader() {
            super(2);
        }

        @Override
        protected void play() {
            task(0, "waits", () -> {
                shared.replace();
                scheduler().rcu().expedited().synchronizeRcuExpedited();
                uses[0] = shared.used();
            });
            task(1, "reads", () -> {
                for (int section = 0; section < 2; section++) {
                    Cpu here = Preempt.disable();
                    if (shared.findsOld()) {
                        relax();
                        shared.use();
                    }
                    here.preemptEnable();
                }
                uses[1] = shared.used();
            });
        }

        @Override
        protected void check() {
            Shared.mustBeOver(uses[0], uses[1]);
        }
    }

    /** The CPU that reads comes up or goes down; it reads where its interrupts are off, and it is not online. */
    public abstract static class Moving extends MachineScenario {
        /** RCU does not learn that a CPU comes. */
        static final Weave UNWATCHED = Weave.in("org.smp4j.hotplug.BringUp", "startSecondary")
                .drop(call(PERIODS, "reportCpuStarting"));

        /** RCU does not learn that a CPU has gone. */
        static final Weave WATCHED = Weave.in("org.smp4j.hotplug.TakeDown", "idleDead")
                .drop(call(PERIODS, "reportCpuDead"));

        private final Shared shared = new Shared();
        private final int[] uses = new int[2];

        Moving() {
            super(2);
        }

        /** Moves CPU 1; {@code reads} is what its callbacks without interrupts do. */
        abstract void move(Machine machine, Runnable reads);

        final void wait(Machine machine) {
            shared.replace();
            machine.scheduler().rcu().expedited().synchronizeRcuExpedited();
            uses[0] = shared.used();
        }

        private void read() {
            if (shared.findsOld()) {
                shared.use();
            }
            uses[1] = shared.used();
        }

        @Override
        protected void run(Machine machine) {
            Exploring.stretch(false);
            task(0, "control", () -> move(machine, this::read));
        }

        @Override
        protected void check(Machine machine) {
            Shared.mustBeOver(uses[0], uses[1]);
        }
    }

    /** It comes up. */
    public static final class Coming extends Moving {
        /** Made for each run. */
        public Coming() {
            // as any other
        }

        @Override
        void move(Machine machine, Runnable reads) {
            machine.hotplug().removeCpu(1);
            machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_ARM_XEN_STARTING, "reads", _ -> {
                reads.run();
                return 0;
            }, null);
            task(0, "waits", () -> wait(machine));
            Exploring.stretch(true);
            machine.hotplug().addCpu(1);
            Exploring.stretch(false);
        }
    }

    /** It goes down. */
    public static final class Going extends Moving {
        /** Made for each run. */
        public Going() {
            // as any other
        }

        @Override
        void move(Machine machine, Runnable reads) {
            machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_ARM_XEN_STARTING, "reads", null, _ -> {
                reads.run();
                return 0;
            });
            task(0, "waits", () -> wait(machine));
            Exploring.stretch(true);
            machine.hotplug().removeCpu(1);
            Exploring.stretch(false);
        }
    }

    /** Whether a CPU reads: it never does. */
    public static boolean isNotReading(Cpu here) {
        return false;
    }

    /** Whether a CPU is gone: it never is. */
    public static boolean isNeverGone(ExpeditedGracePeriods periods, Waiter self, int cpu) {
        return false;
    }

    /** This place was reached. */
    public static void reached() {
        Exploring.broken("reached", "some schedule comes here", List.of());
    }
}
