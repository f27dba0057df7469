package org.smp4j.selftest.scenario;

import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;

/**
 * Scenarios that queue or wake something that no thread waits for, and that check nothing themselves: the rules detect
 * what goes wrong.
 */
public final class Queued {
    private Queued() {
    }

    /** An irq_work for another CPU. */
    public static final class OneIrqWork extends CallScenario {
        /** Made for each run. */
        public OneIrqWork() {
            super(2);
        }

        @Override
        protected void play() {
            IrqWorks irqWorks = new IrqWorks(smp());
            IrqWork work = IrqWork.of(_ -> { });
            on(0, () -> irqWorks.irqWorkQueueOn(work, 1));
        }
    }

    /** An irq_work for one CPU, and, if it is no longer pending, for another one. */
    public static final class SameIrqWork extends CallScenario {
        /** Made for each run. */
        public SameIrqWork() {
            super(3);
        }

        @Override
        protected void play() {
            IrqWorks irqWorks = new IrqWorks(smp());
            IrqWork work = IrqWork.of(_ -> { });
            on(0, () -> {
                irqWorks.irqWorkQueueOn(work, 1);
                irqWorks.irqWorkQueueOn(work, 2);
            });
        }
    }

    /** An irq_work that may wait for the tick. */
    public static final class LazyIrqWork extends MachineScenario {
        /** Made for each run. */
        public LazyIrqWork() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            IrqWork work = IrqWork.lazy(_ -> { });
            task(1, "queues", () -> machine.irqWorks().irqWorkQueue(work));
        }
    }

    /** Two works for one stopper. */
    public static final class TwoStopWorks extends TaskScenario {
        /** Made for each run. */
        public TwoStopWorks() {
            super(2);
        }

        @Override
        protected void play() {
            task(0, "stop", () -> {
                stopMachine().stopOneCpuNowait(1, CpuStopFn.named("first", _ -> 0), null, new CpuStopWork());
                stopMachine().stopOneCpuNowait(1, CpuStopFn.named("second", _ -> 0), null, new CpuStopWork());
            });
        }
    }

    /** A kernel thread waits, and is woken. */
    public static final class WokenThread extends MachineScenario {
        // Written by: the task that wakes it, before it does. Read by: the thread. Ordering: volatile.
        private volatile boolean told;

        /** Made for each run. */
        public WokenThread() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "wakes", () -> {
                Kthread thread = Kthread.createOnCpu(machine.scheduler(), "waits", 1, () -> {
                    while (!told) {
                        Task.current().block();
                    }
                });
                thread.startOnce();
                told = true;
                thread.wake();
            });
        }
    }
}
