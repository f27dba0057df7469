package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;

/**
 * Scenarios of stopped CPUs, whose data has no ordering of its own: what a CPU sees of it is what the stop hands on.
 */
public final class StopOrderings {
    private StopOrderings() {
    }

    private static VarHandle handle(Class<?> of, String name) {
        try {
            return MethodHandles.lookup().findVarHandle(of, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A CPU that was stopped sees what the function of the stop did on another one. */
    public static final class After extends TaskScenario {
        private static final VarHandle DATA = handle(After.class, "data");
        private int data;
        private boolean stopped; // CPU 1's own

        /** Made for each run. */
        public After() {
            super(2);
        }

        private int write() {
            if (Cpu.current().id == 1) {
                stopped = true;
            } else {
                DATA.setOpaque(this, 1);
            }
            return 0;
        }

        @Override
        protected void play() {
            task(0, "stops", () -> stopMachine()
                    .stopMachine(CpuStopFn.named("write", _ -> write()), null, CpuMask.of(nrCpus, 0, 1)));
            task(1, "reads", () -> {
                Cpu here = Preempt.disable();
                here.preemptEnable(); // can be stopped here
                here = Preempt.disable();
                int seen = (int) DATA.getOpaque(this);
                boolean was = stopped;
                here.preemptEnable();
                mustHold(!was || seen == 1, "effects of a stop", () -> "a CPU that was stopped sees " + seen);
            });
        }
    }

    /** The caller of a stop is told if the function fails on any CPU. */
    public static final class Result extends TaskScenario {
        /** Made for each run. */
        public Result() {
            super(2);
        }

        @Override
        protected void play() {
            task(0, "stops", () -> {
                int ret = stopMachine().stopMachine(
                        CpuStopFn.named("fail", _ -> Cpu.current().id == 1 ? -Errno.EIO : 0), null,
                        CpuMask.of(nrCpus, 0, 1));
                mustHold(ret == -Errno.EIO, "result", () -> "stop_machine returns " + ret);
            });
        }
    }

    /** A report that finds a stopper's function running names the task that has asked for it. */
    public static final class Told extends TaskScenario {
        private static final VarHandle SEEN = handle(Told.class, "seen");
        private int seen; // opaque: keeps the function running

        /** Made for each run. */
        public Told() {
            super(2);
        }

        private int untilSeen() {
            while ((int) SEEN.getOpaque(this) == 0) {
                Waiter.current().relax(0);
            }
            return 0;
        }

        @Override
        protected void play() {
            task(0, "stops", () -> stopMachine()
                    .stopOneCpu(0, CpuStopFn.named("wait", _ -> untilSeen()), null));
            task(1, "reports", () -> {
                String info;
                while ((info = stopMachine().printStopInfo(0)) == null) {
                    Waiter.current().relax(0);
                }
                SEEN.setOpaque(this, 1);
                String told = info;
                mustHold(told.endsWith(" <- stops"), "report", () -> "it tells " + told);
            });
        }
    }
}
