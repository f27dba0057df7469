package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;

import java.lang.invoke.VarHandle;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.TaskState;
import org.smp4j.sched.Timers;
import org.smp4j.sched.Workqueue;
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

    /** A CPU's worker gets a work, and a second one, when it is idle or before. */
    public static final class Works extends TaskScenario {
        private int ran; // written by the works, one after the other

        /** Made for each run. */
        public Works() {
            super(2);
        }

        private int count() {
            return ++ran;
        }

        @Override
        protected void play() {
            Workqueue workqueue = new Workqueue(scheduler());
            task(0, "gives work", () -> {
                int first = workqueue.workOnCpu(1, this::count);
                int second = workqueue.workOnCpu(1, this::count);
                hold(first == 1 && second == 2, "works", "two works return " + first + " and " + second);
            });
        }
    }

    /** A timer is cancelled while it moves with the others of its CPU. */
    public static final class Cancels extends TaskScenario {
        private static final VarHandle BASES = Fields.field(Timers.class.getName(), "bases");
        private static final VarHandle TIMERS = Fields.field("org.smp4j.sched.Timers$Base", "timers");

        /** Made for each run. */
        public Cancels() {
            super(3);
        }

        private int move() {
            scheduler().timers().migrate(1, 2);
            return 0;
        }

        @Override
        protected void play() {
            Timers timers = scheduler().timers();
            Timers.Timer[] timer = new Timers.Timer[1];
            Completion started = new Completion();
            task(1, "starts", () -> {
                timer[0] = timers.start(Long.MAX_VALUE, () -> {
                });
                started.complete();
                stopMachine().stopOneCpu(1, CpuStopFn.named("move", _ -> move()), null);
            });
            task(0, "cancels", () -> {
                started.waitForCompletion();
                timers.cancel(timer[0]);
            });
        }

        @Override
        protected void check() {
            for (Object base : (Object[]) BASES.get(scheduler().timers())) {
                Object left = ((PriorityQueue<?>) TIMERS.get(base)).peek();
                hold(left == null, "cancelled", "a timer that was cancelled is pending");
            }
        }
    }
}
