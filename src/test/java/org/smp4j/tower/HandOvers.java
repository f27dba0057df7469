package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.TaskState;
import org.smp4j.stop.CpuStopFn;

/** What CPUs hand on to each other by fields that locks, wake-ups or stops order as well. */
public final class HandOvers {
    private HandOvers() {
    }

    /** A kernel thread is parked, let go, parked again, and ended. */
    public static final class Parks extends TaskScenario {
        private Kthread thread; // set before the task starts

        /** Made for each run. */
        public Parks() {
            super(2);
        }

        private void loop() {
            while (!thread.kthreadShouldStop()) {
                if (thread.kthreadShouldPark()) {
                    thread.kthreadParkme();
                } else {
                    thread.block();
                }
            }
        }

        @Override
        protected void play() {
            thread = Kthread.createOnCpu(scheduler(), "kthread", 1, this::loop);
            task(0, "parker", () -> {
                Scaffold.park(thread);
                thread.kthreadUnpark();
                Scaffold.park(thread);
                thread.kthreadStop();
            });
        }
    }

    /** A kernel thread ends while it is to be parked. */
    public static final class Ends extends TaskScenario {
        /** Made for each run. */
        public Ends() {
            super(2);
        }

        @Override
        protected boolean expects(Warnings.Warning warning) {
            return warning.site() == Kthread.PARK_EXITING;
        }

        @Override
        protected void play() {
            Kthread thread = Kthread.createOnCpu(scheduler(), "kthread", 1, () -> {
            });
            task(0, "parker", () -> {
                thread.startOnce();
                int err = thread.kthreadPark();
                TaskState state = thread.state();
                hold(err == -Errno.ENOSYS, "parked", "kthread_park returns " + err + " in state " + state);
            });
        }
    }

    /** Two tasks stop each other's CPU. */
    public static final class EachOther extends TaskScenario {
        private final AtomicInteger ran = new AtomicInteger();

        /** Made for each run. */
        public EachOther() {
            super(2);
        }

        private int count() {
            return ran.incrementAndGet();
        }

        private void stop(int cpu) {
            int ret = stopMachine().stopOneCpu(cpu, CpuStopFn.named("count", _ -> count()), null);
            hold(ret > 0, "result", "stop_one_cpu returns " + ret);
        }

        @Override
        protected void play() {
            task(0, "stops 1", () -> stop(1));
            task(1, "stops 0", () -> stop(0));
        }

        @Override
        protected void check() {
            hold(ran.get() == 2, "lost work", "of 2 works have run " + ran);
        }
    }

    /** All CPUs are stopped, and two CPUs, at the same time. */
    public static final class PairAndAll extends TaskScenario {
        private final AtomicInteger ran = new AtomicInteger();

        /** Made for each run. */
        public PairAndAll() {
            super(2);
        }

        private int count() {
            return ran.incrementAndGet() & 0;
        }

        @Override
        protected void play() {
            CpuStopFn count = CpuStopFn.named("count", _ -> count());
            task(0, "all", () -> stopMachine().stopMachine(count, null, null));
            task(1, "pair", () -> stopMachine().stopTwoCpus(0, 1, count, null));
        }

        @Override
        protected void check() {
            hold(ran.get() == 2, "lost work", "of 2 functions have run " + ran);
        }
    }

    /** A stopper takes no more works; after the stop in which that was said, senders are told so. */
    public static final class Refuses extends TaskScenario {
        /** Made for each run. */
        public Refuses() {
            super(2);
        }

        private int park() {
            stopMachine().stopMachinePark(1);
            return 0;
        }

        @Override
        protected void play() {
            task(0, "stops", () -> {
                stopMachine().stopMachine(CpuStopFn.named("park", _ -> park()), null, CpuMask.of(nrCpus, 1));
                int ret = stopMachine().stopOneCpu(1, CpuStopFn.named("none", _ -> 0), null);
                hold(ret == -Errno.ENOENT, "refused", "stop_one_cpu returns " + ret);
            });
        }
    }
}
