package org.smp4j.selftest;

import static org.smp4j.selftest.scenario.Rules.mustHold;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.scenario.HoldBack;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Membarrier;
import org.smp4j.sched.Mm;
import org.smp4j.weave.Call;
import org.smp4j.weave.Weave;

/**
 * Scenarios of two threads of a process. One makes a barrier for both, which leaves the other one out, because that
 * begins or ends to use the process at the same time.
 */
public final class Barriers {
    private static final String INTERRUPT = "interrupt";
    private static final String SYNC = "syncRunqueuesMembarrierState";
    private static final Call FULL_FENCE = call(VarHandle.class, "fullFence");

    /**
     * The barrier does not take the hotplug lock, since no CPU comes or goes. The lock's own operations would order
     * what the fences order; the kernel's do not.
     */
    private static final Weave UNLOCKED = unlocked(INTERRUPT).and(unlocked(SYNC));

    /** Others run when the CPUs to interrupt have been looked at. */
    static final Weave LOOKED = Weave.in(Membarrier.class, INTERRUPT)
            .insert(HoldBack.here()).before(call(Preempt.class, "disable"));

    /** Others run when the CPUs have been looked at that are to know of a registration. */
    static final Weave REGISTERS = Weave.in(Membarrier.class, SYNC)
            .insert(HoldBack.here()).before(call(Smp.class, "onEachCpuMask"));

    /** Others run when the barrier is about to look which process a CPU's task uses. */
    static final Weave LOOKS = Weave.in(Membarrier.class, "privateExpedited").lambdas()
            .insert(HoldBack.here()).before(call(Mm.class, "of"));

    /** A thread lets others run before it ends to use the process. */
    private static final Weave LATE = Weave.in(Mm.class, "kthreadUnuse")
            .insert(HoldBack.here()).before(call(VarHandle.class, "fullFence"));

    private Barriers() {
    }

    /** {@return the mutants that these scenarios have to detect} */
    static List<Mutant> mutants() {
        return List.of(
                unlocked("membarrier-look-unfenced", "a barrier looks at the CPUs without a fence before",
                        EntersGlobal.class, LOOKED, without(Membarrier.class, INTERRUPT, 1, 2)),
                unlocked("membarrier-end-unfenced", "a barrier ends without a fence", Leaves.class, LOOKS,
                        without(Membarrier.class, INTERRUPT, 2, 2)),
                mutant("membarrier-enter-unfenced", "a CPU begins to run a process without a fence",
                        EntersPrivate.class, without(Membarrier.class, "switchMm", 1, 2)),
                mutant("membarrier-copy-unfenced", "a CPU copies the state of a process without a fence after it",
                        EntersGlobal.class, without(Membarrier.class, "switchMm", 2, 2)),
                unlocked("membarrier-register-unfenced", "a process is registered without a fence, by a release, and "
                        + "the task of a CPU is an opaque field", EntersGlobal.class, REGISTERS,
                        without(Membarrier.class, SYNC, 1, 1)
                                .and(Weave.in(Mm.class, "register").weaken(access("STATE", "getAndBitwiseOr"))
                                        .to("getAndBitwiseOrRelease"))
                                .and(Weave.opaque("org.smp4j.sched.RunQueue", "curr"))),
                mutant("mm-unuse-unfenced", "a task ends to use a process without a fence", Leaves.class,
                        without(Mm.class, "kthreadUnuse", 1, 1)));
    }

    private static Mutant mutant(String name, String what, Class<? extends Runnable> scenario, Weave mutation) {
        return new Mutant(name, what, scenario, Weave.nothing(), mutation, MemoryModel.JAVA);
    }

    private static Mutant unlocked(String name, String what, Class<? extends Runnable> scenario, Weave frame,
            Weave mutation) {
        return new Mutant(name, what, scenario, UNLOCKED, LATE.and(frame), mutation, MemoryModel.JAVA);
    }

    private static Weave without(Class<?> owner, String method, int fence, int of) {
        return Weave.in(owner, method).drop(FULL_FENCE.number(fence, of));
    }

    private static Weave unlocked(String method) {
        return Weave.in(Membarrier.class, method).drop(call(CpuHotplugLock.class, "cpusReadLock"))
                .drop(call(CpuHotplugLock.class, "cpusReadUnlock"));
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Words.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Two words, one for each thread; opaque. */
    abstract static class Words extends TaskScenario {
        static final VarHandle SLOW = handle("slow");
        static final VarHandle FAST = handle("fast");

        /** What both threads use. */
        final Mm mm = new Mm();
        private int slow;
        private int fast;

        Words() {
            super(2);
        }

        final int read(VarHandle word) {
            return (int) word.getOpaque(this);
        }

        final void write(VarHandle word) {
            word.setOpaque(this, 1);
        }

        final Membarrier membarrier() {
            return new Membarrier(scheduler(), hotplugLock());
        }
    }

    /** Each thread writes its word, and reads the other's: one of them sees the other's. */
    abstract static class Enters extends Words {
        private boolean slowSees;
        private boolean fastSees;

        Enters() {
        }

        abstract void register(Membarrier membarrier);

        abstract void barrier(Membarrier membarrier);

        @Override
        protected void play() {
            Membarrier membarrier = membarrier();
            task(0, "slow", () -> {
                mm.kthreadUse();
                register(membarrier);
                write(SLOW);
                barrier(membarrier);
                slowSees = read(FAST) == 1;
                mm.kthreadUnuse();
            });
            task(1, "fast", () -> {
                mm.kthreadUse();
                write(FAST);
                fastSees = read(SLOW) == 1;
                mm.kthreadUnuse();
            });
        }

        @Override
        protected void check() {
            mustHold(slowSees || fastSees, "barrier", () -> "neither thread sees what the other one has written");
        }
    }

    /** The barrier is one for the process. */
    public static final class EntersPrivate extends Enters {
        /** Made for each run. */
        public EntersPrivate() {
            // as above
        }

        @Override
        void register(Membarrier membarrier) {
            membarrier.registerPrivateExpedited();
        }

        @Override
        void barrier(Membarrier membarrier) {
            membarrier.privateExpedited();
        }
    }

    /** The barrier is one for all registered processes. */
    public static final class EntersGlobal extends Enters {
        /** Made for each run. */
        public EntersGlobal() {
            // as above
        }

        @Override
        void register(Membarrier membarrier) {
            membarrier.registerGlobalExpedited();
        }

        @Override
        void barrier(Membarrier membarrier) {
            membarrier.globalExpedited();
        }
    }

    /** A thread writes two words, and ends to use the process: after the barrier, the first is seen with the second. */
    public static final class Leaves extends Words {
        /** Made for each run. */
        public Leaves() {
            // as above
        }

        @Override
        protected void play() {
            Membarrier membarrier = membarrier();
            task(0, "slow", () -> {
                mm.kthreadUse();
                membarrier.registerPrivateExpedited();
                HoldBack.holdBack();
                boolean second = read(FAST) == 1;
                membarrier.privateExpedited();
                boolean first = read(SLOW) == 1;
                mustHold(first || !second, "barrier", () -> "after the barrier an old word is read");
                mm.kthreadUnuse();
            });
            task(1, "fast", () -> {
                mm.kthreadUse();
                write(SLOW);
                write(FAST);
                mm.kthreadUnuse();
            });
        }
    }
}
