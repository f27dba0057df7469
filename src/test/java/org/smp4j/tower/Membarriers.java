package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.call.Smp;
import org.smp4j.explore.Exploring;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Membarrier;
import org.smp4j.sched.Mm;
import org.smp4j.weave.Weave;

/** Scenarios of two threads of a process: one makes a barrier for both, the other has no fence of its own. */
public final class Membarriers {
    private static final VarHandle X = handle("x");
    private static final VarHandle ENTERED = handle("entered");
    private static final VarHandle DONE = handle("done");

    private Membarriers() {
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Pair.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** After the barrier, the other thread sees what was written before it. */
    abstract static class Pair extends TaskScenario {
        final Mm mm = new Mm();
        private int x;
        private int entered;
        private int done;

        Pair() {
            super(2);
        }

        /** The thread with the barrier. */
        abstract void slow(Membarrier membarrier);

        /** The thread without a fence. */
        abstract void fast();

        final void barrier(Runnable command) {
            X.setOpaque(this, 1);
            command.run();
            DONE.setOpaque(this, 1);
        }

        final void entered() {
            ENTERED.setOpaque(this, 1);
        }

        final void awaitEntered() {
            while ((int) ENTERED.getOpaque(this) == 0) {
                relax();
            }
        }

        final void awaitDone() {
            while ((int) DONE.getOpaque(this) == 0) {
                relax();
            }
        }

        final void mustSee() {
            if ((int) X.getOpaque(this) == 0) {
                Exploring.broken("barrier", "after the barrier an old word is read", List.of());
            }
        }

        @Override
        protected void play() {
            Membarrier membarrier = new Membarrier(scheduler(), hotplugLock());
            task(0, "slow", () -> {
                mm.kthreadUse();
                slow(membarrier);
                mm.kthreadUnuse();
            });
            task(1, "fast", () -> {
                fast();
                mm.kthreadUnuse();
            });
        }
    }

    /** The other thread runs meanwhile. */
    public static final class Running extends Pair {
        /** The interrupts are left out. */
        static final Weave UNSENT = Weave.in(Membarrier.class, "interrupt")
                .drop(call(Smp.class, "smpCallFunctionMany"));

        @Override
        void slow(Membarrier membarrier) {
            membarrier.registerPrivateExpedited();
            awaitEntered();
            barrier(membarrier::privateExpedited);
        }

        @Override
        void fast() {
            mm.kthreadUse();
            entered();
            awaitDone();
            mustSee();
        }
    }

    /** The other thread joins the process afterwards. */
    public static final class Late extends Pair {
        /** A CPU that begins to run the process makes no barrier. */
        static final Weave UNFENCED = Weave.in(Membarrier.class, "switchMm")
                .drop(call(VarHandle.class, "fullFence").all(2));

        @Override
        void slow(Membarrier membarrier) {
            membarrier.registerPrivateExpedited();
            barrier(membarrier::privateExpedited);
        }

        @Override
        void fast() {
            awaitDone();
            mm.kthreadUse();
            mustSee();
        }
    }

    /** The other thread's CPU has run a thread of another process, which is not registered. */
    public static final class Switched extends Pair {
        /** A CPU does not copy the state of the process that it begins to run. */
        static final Weave UNCOPIED = Weave.in("org.smp4j.sched.CoreSchedule", "schedule")
                .drop(call(Membarrier.class, "switchMm"));

        private volatile boolean registered;

        @Override
        void slow(Membarrier membarrier) {
            membarrier.registerGlobalExpedited();
            registered = true;
            awaitEntered();
            barrier(membarrier::globalExpedited);
        }

        @Override
        void fast() {
            while (!registered) {
                relax();
            }
            mm.kthreadUse();
            scheduler().yieldCpu();
            entered();
            awaitDone();
            mustSee();
        }

        @Override
        protected void play() {
            super.play();
            task(1, "other", () -> {
                Mm other = new Mm();
                other.kthreadUse();
                other.kthreadUnuse();
            });
        }
    }
}
