package org.smp4j.call;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Sitter;

/** The life of a {@link Csd}: its lock, what it publishes, and when it may be used again. */
public class CsdStress {
    private CsdStress() {
    }

    /** A call's function sees its argument and all that the sender wrote before. */
    @JCStressTest
    @Outcome(id = {"-1, 42, 0", "42, 42, 0"}, expect = ACCEPTABLE,
            desc = "the function ran now or later, with what was written before the call")
    @Outcome(expect = FORBIDDEN, desc = "the function ran without its argument, or never")
    @State
    public static class FunctionAndArgumentArePublished extends TwoCpus {
        int data;
        int seen = -1;

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                data = 40;
                smp.smpCallFunctionSingle(1, info -> seen = data + ((int[]) info)[0], new int[] {2}, false);
            }
        }

        @Actor
        public void target(III_Result r) {
            poll(1);
            r.r1 = seen;
        }

        @Arbiter
        public void look(III_Result r) {
            poll(1);
            r.r2 = seen;
            r.r3 = cpus.warnings.count();
        }
    }

    /** When a call that is waited for returns, its function has run, and what it wrote is there. */
    @JCStressTest
    @Outcome(id = "0, 42", expect = ACCEPTABLE, desc = "the function had run")
    @Outcome(expect = FORBIDDEN, desc = "the call returned too early")
    @State
    public static class WaitingCallSeesTheFunctionsWrites extends TwoCpus {
        int result;
        boolean served; // CPU 1's

        @Actor
        public void sender(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                r.r1 = smp.smpCallFunctionSingle(1, info -> {
                    result = 42;
                    served = true;
                }, null, true);
                r.r2 = result;
            }
        }

        @Actor
        public void target() {
            try (Sitter self = cpus.cpu(1).sit()) {
                for (int turn = 0; !served; turn++) {
                    self.relax(turn);
                }
            }
        }
    }

    /**
     * Weakened twin of {@link WaitingCallSeesTheFunctionsWrites}: the csd is given back without release, and waited for
     * without acquire.
     */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 42", "1, 42"}, expect = ACCEPTABLE,
            desc = "still locked, or the function's writes are there")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "unlocked, and the function's writes are missing")
    @State
    public static class UnlockWithoutRelease {
        private static final VarHandle UNLOCKED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "unlocked", VarHandle.class, UnlockWithoutRelease.class, int.class);
        int unlocked;
        int result;

        @Actor
        public void target() {
            result = 42;
            UNLOCKED.setOpaque(this, 1);
        }

        @Actor
        public void sender(II_Result r) {
            r.r1 = (int) UNLOCKED.getOpaque(this);
            r.r2 = result;
        }
    }

    /** Weakened twin of {@link WaitingCallSeesTheFunctionsWrites}: a SYNC csd is unlocked before its function runs. */
    @JCStressTest
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "the function happened to be done")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "the wait ended before the function had run")
    @State
    public static class SyncUnlockedBeforeItsFunction extends TwoCpus {
        final Csd csd = new Csd();
        volatile int result;

        @Actor
        public void sender(I_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                queue(csd, CallSingleNode.CSD_TYPE_SYNC, info -> result = 42, null);
                smp.lockWait(cpus.cpu(0), csd);
                r.r1 = result;
            }
        }

        @Actor
        public void target() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                Csd taken = (Csd) takeQueue();
                taken.unlock(smp);
                taken.func.call(taken.info);
            }
        }
    }

    /** Two CPUs that call each other and wait both go on: a wait serves the other's call. */
    @JCStressTest
    @Outcome(id = "42, 42", expect = ACCEPTABLE, desc = "each function ran on the other CPU, and was waited for")
    @Outcome(expect = FORBIDDEN, desc = "a call returned too early")
    @State
    public static class TwoThatWaitForEachOtherGoOn extends TwoCpus {
        final int[] result = new int[2];
        final boolean[] served = new boolean[2]; // each CPU's own

        private int callTheOther(int own) {
            try (Sitter self = cpus.cpu(own).sit()) {
                int other = 1 - own;
                smp.smpCallFunctionSingle(other, info -> {
                    result[own] = 42;
                    served[other] = true;
                }, null, true);
                int got = result[own];
                for (int turn = 0; !served[own]; turn++) {
                    self.relax(turn);
                }
                return got;
            }
        }

        @Actor
        public void cpu0(II_Result r) {
            r.r1 = callTheOther(0);
        }

        @Actor
        public void cpu1(II_Result r) {
            r.r2 = callTheOther(1);
        }
    }

    /**
     * Weakened twin of {@link TwoThatWaitForEachOtherGoOn}: both wait with IRQs off. They give up here; CPUs would not.
     */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 0"}, expect = ACCEPTABLE,
            desc = "one was early enough, or had given up, and served the other")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "both wait, none serves the other: they hang")
    @State
    public static class WaitWithIrqsOffHangs extends TwoCpus {
        private static final int PATIENCE = 200;
        final boolean[] served = new boolean[2]; // each CPU's own

        private int callTheOther(int own) {
            Cpu here = cpus.cpu(own);
            try (Sitter self = here.sit()) {
                Csd csd = new Csd();
                csd.setLocked(CallSingleNode.CSD_TYPE_SYNC);
                csd.fill(info -> served[1 - own] = true, null, own, 1 - own);
                boolean flags = here.irqSave();
                smp.smpCallSingleQueue(here, cpus.cpu(1 - own), csd);
                int turns = 0;
                while (csd.isLocked() && turns < PATIENCE) {
                    Thread.onSpinWait();
                    turns++;
                }
                here.irqRestore(flags);
                for (int turn = 0; csd.isLocked() || !served[own]; turn++) {
                    self.relax(turn);
                }
                return turns == PATIENCE ? 1 : 0;
            }
        }

        @Actor
        public void cpu0(II_Result r) {
            r.r1 = callTheOther(0);
        }

        @Actor
        public void cpu1(II_Result r) {
            r.r2 = callTheOther(1);
        }
    }

    /** An ASYNC csd is unlocked when its function begins, and perhaps before it has run. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "unlocked, and the function had run")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "unlocked, and the function had yet to run: no-wait calls promise no more")
    @Outcome(expect = FORBIDDEN, desc = "the function found its own csd locked")
    @State
    public static class AsyncIsUnlockedBeforeItsFunction extends TwoCpus {
        volatile int ran;
        int lockedInside;
        final Csd csd = new Csd(info -> call(), null);

        private void call() {
            lockedInside = csd.isLocked() ? 1 : 0;
            ran = 1;
        }

        @Actor
        public void sender(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingleAsync(1, csd);
                smp.lockWait(cpus.cpu(0), csd);
                r.r1 = ran;
            }
        }

        @Actor
        public void target(II_Result r) {
            try (Sitter self = cpus.cpu(1).sit()) {
                for (int turn = 0; ran == 0; turn++) {
                    self.relax(turn);
                }
                r.r2 = lockedInside;
            }
        }
    }

    /** A function may send its own csd again. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "it ran on CPU 1, sent itself back, and ran on CPU 0")
    @Outcome(expect = FORBIDDEN, desc = "it was refused, or ran too often")
    @State
    public static class SentAgainByItsFunction extends TwoCpus {
        volatile int runs;
        volatile int err = 1;
        final Csd csd = new Csd(info -> call(), null);

        private void call() {
            if (runs++ == 0) { // one CPU after the other: the second runs it once the first has sent it
                err = smp.smpCallFunctionSingleAsync(0, csd);
            }
        }

        @Actor
        public void sender() {
            try (Sitter self = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingleAsync(1, csd);
                for (int turn = 0; err == 1; turn++) {
                    self.relax(turn);
                }
            }
        }

        @Actor
        public void target() {
            try (Sitter self = cpus.cpu(1).sit()) {
                for (int turn = 0; err == 1; turn++) {
                    self.relax(turn);
                }
            }
        }

        @Arbiter
        public void look(II_Result r) {
            poll(0);
            r.r1 = runs;
            r.r2 = err;
        }
    }

    /** A csd that is sent again too early is refused and left alone; what was accepted runs. */
    @JCStressTest
    @Outcome(id = {"1, 1", "2, 2"}, expect = ACCEPTABLE, desc = "as many runs as were accepted")
    @Outcome(expect = FORBIDDEN, desc = "an accepted call is lost, or a refused one ran")
    @State
    public static class BusyIsRefused extends TwoCpus {
        int runs;
        final Csd csd = new Csd(info -> runs++, null);

        @Actor
        public void sender(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                for (int call = 0; call < 2; call++) {
                    r.r1 += smp.smpCallFunctionSingleAsync(1, csd) == 0 ? 1 : 0;
                }
            }
        }

        @Actor
        public void target() {
            poll(1);
        }

        @Arbiter
        public void look(II_Result r) {
            poll(1);
            r.r2 = runs;
        }
    }

    /** The one csd that a CPU has for no-wait calls is filled again only once the target has copied it. */
    @JCStressTest
    @Outcome(id = "12", expect = ACCEPTABLE, desc = "both calls ran, each with its own argument, in order")
    @Outcome(expect = FORBIDDEN, desc = "a call is lost, or ran with the other's argument")
    @State
    public static class NoWaitDataIsUsedAgain extends TwoCpus {
        int ran; // the arguments' digits; CPU 1's

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                SmpCallFunc func = info -> ran = ran * 10 + (int) info;
                smp.smpCallFunctionSingle(1, func, 1, false);
                smp.smpCallFunctionSingle(1, func, 2, false);
            }
        }

        @Actor
        public void target(I_Result r) {
            try (Sitter self = cpus.cpu(1).sit()) {
                for (int turn = 0; ran < 10; turn++) {
                    self.relax(turn);
                }
            }
            r.r1 = ran;
        }
    }

    /** Weakened twin of {@link NoWaitDataIsUsedAgain}: the sender fills the csd without waiting for its lock. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the target had copied it")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "the first call ran with the second's argument")
    @State
    public static class FilledWithoutTheLock extends TwoCpus {
        final Csd csd = new Csd();
        int ran;

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                SmpCallFunc func = info -> ran = (int) info;
                queue(csd, CallSingleNode.CSD_TYPE_ASYNC, func, 1);
                csd.fill(func, 2, 0, 1);
            }
        }

        @Actor
        public void target(I_Result r) {
            try (Sitter self = cpus.cpu(1).sit()) {
                for (int turn = 0; ran == 0; turn++) {
                    self.relax(turn);
                }
            }
            r.r1 = ran;
        }
    }

    /** Weakened twin of {@link NoWaitDataIsUsedAgain}: the target unlocks the csd before it has copied the argument. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the target was quick enough")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING, desc = "the first call ran with the second's argument")
    @State
    public static class UnlockedBeforeTheCopy extends TwoCpus {
        final Csd csd = new Csd();

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                SmpCallFunc func = info -> { };
                queue(csd, CallSingleNode.CSD_TYPE_ASYNC, func, 1);
                smp.lock(cpus.cpu(0), csd, CallSingleNode.CSD_TYPE_ASYNC);
                csd.fill(func, 2, 0, 1);
            }
        }

        @Actor
        public void target(I_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                Csd taken = (Csd) takeQueue();
                taken.unlock(smp);
                r.r1 = (int) taken.info;
            }
        }
    }

    /** The watchdog's note of what a CPU runs names the function of the csd that it names. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 1"}, expect = ACCEPTABLE, desc = "no csd noted, or its function noted with it")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "a csd without its function")
    @State
    public static class NoteNamesTheFunctionOfItsCsd {
        private static final SmpCallFunc FUNC = info -> { };
        final SmpCpuState data = new SmpCpuState();
        final Csd csd = new Csd();

        @Actor
        public void target() {
            data.record(csd, FUNC, null);
            data.record(null, null, null);
        }

        @Actor
        public void watchdog(II_Result r) {
            r.r1 = data.current() == csd ? 1 : 0;
            r.r2 = data.currentFunc() == FUNC ? 1 : 0;
        }
    }

    /** Of two that wait too long for the same CPU one prints its backtrace. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "one of the two prints it")
    @Outcome(expect = FORBIDDEN, desc = "both print it, or none")
    @State
    public static class OneTakesTheBacktrace {
        final SmpCpuState data = new SmpCpuState();

        @Actor
        public void waiter1(II_Result r) {
            r.r1 = data.takeBacktrace() ? 1 : 0;
        }

        @Actor
        public void waiter2(II_Result r) {
            r.r2 = data.takeBacktrace() ? 1 : 0;
        }
    }

    /** A wait for the lock that has begun ends with the unlock. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the waiter saw the unlock")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the waiter spins for ever")
    @State
    public static class WaitEndsWithTheUnlock extends TwoCpus {
        final Csd csd = new Csd();

        public WaitEndsWithTheUnlock() {
            csd.setLocked(CallSingleNode.CSD_TYPE_SYNC);
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.lockWait(cpus.cpu(0), csd);
            }
        }

        @Signal
        public void target() {
            csd.unlock(smp);
        }
    }

    /** Weakened twin of {@link WaitEndsWithTheUnlock}: the flag is a plain field, and the compiler reads it once. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the waiter saw the unlock")
    @Outcome(id = "STALE", expect = ACCEPTABLE_INTERESTING,
            desc = "the waiter spins for ever: the read was moved out of its loop")
    @State
    public static class PlainWaitNeverEnds {
        int locked = 1;

        @Actor
        public void sender() {
            while (locked != 0) {
                // no onSpinWait: it would keep the compiler from moving the read
            }
        }

        @Signal
        public void target() {
            locked = 0;
        }
    }
}
