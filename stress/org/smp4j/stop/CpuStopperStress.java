package org.smp4j.stop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.PlayedTask;

/** The queues of the stoppers, {@link CpuStopper}: what is accepted runs, and no two requests cross. */
public class CpuStopperStress {
    private CpuStopperStress() {
    }

    /**
     * Two requests for both CPUs, from different CPUs and with the CPUs in different order; each function notes its
     * request's number.
     */
    public abstract static class TwoRequests extends StopBench {
        // per CPU the requests in the order in which they ran there; each element that CPU's
        final int[] order = new int[2];

        CpuStopWork work(int cpu, int request) {
            return new CpuStopWork().set(arg -> note(cpu, request), null, "stress", null);
        }

        int note(int cpu, int request) {
            order[cpu] = order[cpu] * 10 + request;
            return 0;
        }

        void look(II_Result r) {
            for (int cpu = 0; cpu < 2; cpu++) {
                try (PlayedTask self = sit(cpu)) {
                    self.serve();
                }
            }
            r.r1 = order[0];
            r.r2 = order[1];
        }
    }

    /**
     * {@code stop_two_cpus} for the same two CPUs from both of them: both stoppers get the two requests in the same
     * order.
     */
    @JCStressTest
    @Outcome(id = {"12, 12", "21, 21"}, expect = ACCEPTABLE, desc = "the same order on both CPUs")
    @Outcome(id = {"12, 21", "21, 12"}, expect = FORBIDDEN,
            desc = "opposite order: each CPU would wait for the other for ever")
    @Outcome(expect = FORBIDDEN, desc = "a request is lost")
    @State
    public static class TwoRequestsDoNotCross extends TwoRequests {
        @Actor
        public void cpu0() {
            try (PlayedTask _ = sit(0)) {
                stopMachine.queueTwoWorks(0, work(0, 1), 1, work(1, 1));
            }
        }

        @Actor
        public void cpu1() {
            try (PlayedTask _ = sit(1)) {
                stopMachine.queueTwoWorks(0, work(0, 2), 1, work(1, 2));
            }
        }

        @Arbiter
        public void end(II_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link TwoRequestsDoNotCross}: each queues its works one by one, its own CPU's first. */
    @JCStressTest
    @Outcome(id = {"12, 12", "21, 21"}, expect = ACCEPTABLE, desc = "the same order on both CPUs")
    @Outcome(id = "12, 21", expect = ACCEPTABLE_INTERESTING, // the other way needs a request for the other CPU first
            desc = "opposite order: each CPU would wait for the other for ever")
    @Outcome(expect = FORBIDDEN, desc = "a request is lost")
    @State
    public static class QueuedOneByOneTheyCross extends TwoRequests {
        private void queue(int own, int request) {
            try (PlayedTask self = sit(own)) {
                int flags = self.atomicBegin(); // neither stopper gets in between
                stopMachine.stopOneCpuNowait(own, arg -> note(own, request), null, new CpuStopWork());
                stopMachine.stopOneCpuNowait(1 - own, arg -> note(1 - own, request), null, new CpuStopWork());
                self.atomicEnd(flags);
            }
        }

        @Actor
        public void cpu0() {
            queue(0, 1);
        }

        @Actor
        public void cpu1() {
            queue(1, 2);
        }

        @Arbiter
        public void end(II_Result r) {
            look(r);
        }
    }

    /**
     * A multi-CPU stop from each of two CPUs at once: both go through, one after the other. A deadlock would hang the
     * test.
     */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both functions ran")
    @Outcome(expect = FORBIDDEN, desc = "a function did not run, or ran twice")
    @State
    public static class TwoStopsGoThrough extends StopBench {
        volatile int ran0;
        volatile int ran1;

        private static CpuStopWork work(MultiStop stop) {
            return new CpuStopWork().set(MultiStop.call(), stop, "stress", null);
        }

        private void request(int own, MultiStop stop) {
            try (PlayedTask self = sit(own)) {
                stopMachine.queueTwoWorks(0, work(stop), 1, work(stop));
                for (int turn = 0; ran0 + ran1 < 2; turn++) {
                    self.serve(turn);
                }
            }
        }

        @Actor
        public void cpu0() {
            request(0, new MultiStop(data -> ++ran0, null, 2, CpuMask.of(2, 1)));
        }

        @Actor
        public void cpu1() {
            request(1, new MultiStop(data -> ++ran1, null, 2, CpuMask.of(2, 0)));
        }

        @Arbiter
        public void end(II_Result r) {
            r.r1 = ran0;
            r.r2 = ran1;
        }
    }

    /** CPU 1 queues a work for CPU 0's stopper, which parks meanwhile. */
    public abstract static class Parking extends StopBench {
        int ran; // CPU 0's

        void park() {
            try (PlayedTask self = sit(0)) {
                stopMachine.stopOneCpuNowait(0, arg -> {
                    stopMachine.stopMachinePark(0);
                    return 0;
                }, null, new CpuStopWork());
                self.serve();
            }
        }

        void look(III_Result r) {
            r.r2 = ran;
            r.r3 = cpus.warnings.count(CpuStopper.PARKED_WITH_WORKS);
        }
    }

    /** A work that is queued while the stopper parks runs, or is refused. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "queued before the stopper parked, and run")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and never run: its waiter waits forever")
    @Outcome(expect = FORBIDDEN, desc = "refused, and run all the same, or parked with works left")
    @State
    public static class ParkAgainstQueue extends Parking {
        @Actor
        public void parks() {
            park();
        }

        @Actor
        public void queues(III_Result r) {
            try (PlayedTask _ = sit(1)) {
                r.r1 = stopMachine.stopOneCpuNowait(0, arg -> ++ran, null, new CpuStopWork()) ? 1 : 0;
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link ParkAgainstQueue}: whether the stopper takes works is asked before its lock is taken. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "queued before the stopper parked, and run")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused")
    @Outcome(id = {"1, 0, 0", "1, 0, 1"}, expect = ACCEPTABLE_INTERESTING,
            desc = "accepted, and never run: its waiter waits forever")
    @State
    public static class AskedBeforeTheLock extends Parking {
        final CpuStopper stopper = new CpuStopper(scheduler, 0, null);

        public AskedBeforeTheLock() {
            stopper.enabled = true;
        }

        @Actor
        public void parks() {
            try (PlayedTask self = sit(0)) {
                CpuStopWork last = new CpuStopWork().set(arg -> {
                    stopper.stopMachinePark();
                    return 0;
                }, null, "stress", null);
                int flags = stopper.lock.lock(self);
                stopper.append(last);
                stopper.lock.unlock(self, flags);
                stopper.run(cpus.cpu(0));
            }
        }

        @Actor
        public void queues(III_Result r) {
            try (PlayedTask _ = sit(1)) {
                Waiter self = Waiter.current();
                if (stopper.enabled) {
                    int flags = stopper.lock.lock(self);
                    stopper.append(new CpuStopWork().set(arg -> ++ran, null, "stress", null));
                    stopper.lock.unlock(self, flags);
                    r.r1 = 1;
                }
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** The last of two stoppers completes the request, and a result that is not 0 is kept. */
    @JCStressTest
    @Outcome(id = "1, -5, -5", expect = ACCEPTABLE, desc = "complete, with the result that is not 0")
    @Outcome(expect = FORBIDDEN, desc = "the waiter sleeps for ever, or gets the wrong result")
    @State
    public static class LastSignalCompletes extends StopBench {
        final CpuStopDone done = new CpuStopDone(2);

        private void finish(int cpu, int ret) {
            try (PlayedTask _ = sit(cpu)) {
                done.result(ret);
                done.signal();
            }
        }

        @Actor
        public void cpu0() {
            finish(0, -5);
        }

        @Actor
        public void cpu1() {
            finish(1, 0);
        }

        @Arbiter
        public void waiter(III_Result r) {
            try (PlayedTask _ = sit(0)) {
                r.r1 = done.isComplete() ? 1 : 0;
                r.r2 = done.ret();
                r.r3 = done.await();
            }
        }
    }
}
