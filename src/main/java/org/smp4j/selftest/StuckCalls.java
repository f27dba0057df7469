package org.smp4j.selftest;

import static org.smp4j.selftest.scenario.Rules.mustHold;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Backtrace;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.lib.BootParams;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.HoldBack;
import org.smp4j.selftest.scenario.OrderingCases;
import org.smp4j.weave.Call;
import org.smp4j.weave.Weave;

/** Scenarios of a sender that has waited too long for a call, and reports what the target does. */
public final class StuckCalls {
    private static final String DEBUG = "org.smp4j.call.CsdLockDebug";
    private static final String STATE = "org.smp4j.call.SmpCpuState";
    private static final String RECORD = "record";
    private static final Call FULL_FENCE = call(VarHandle.class, "fullFence");

    /** Waits are watched. */
    static final Weave WATCHED = Weave.in(Smp.class, "<init>").replace(call(BootParams.class, "csdlockDebug"))
            .by(hook(StuckCalls.class, "debugs"));

    /** Each turn of a wait is too long, and what is reported comes to the scenario. */
    static final Weave TOO_LONG = Weave.in(DEBUG, "lockWait")
            .replace(call(System.class, "nanoTime").all(2)).by(hook(Begun.class, "time"))
            .andIn(DEBUG, "report").drop(call(Backtrace.class, "print").all(2))
            .andIn(DEBUG, "print").insert(hook(Begun.class, "printed")).atEntry();

    /** As {@link #TOO_LONG}; and others run when the target has recorded a function, or that it has ended. */
    static final Weave RECORDED = TOO_LONG.andIn(STATE, RECORD).insert(HoldBack.here()).atExit()
            .insert(HoldBack.here()).before(FULL_FENCE.number(2, 2));

    private StuckCalls() {
    }

    /** {@return the mutants that these scenarios have to detect} */
    static List<Mutant> mutants() {
        return List.of(
                mutant("csd-record-unfenced", "a CPU calls a function without a fence after it has recorded that",
                        Begun.class, TOO_LONG, without("fullFence", 2, 2)),
                mutant("csd-ended-unfenced", "a CPU records without a fence that a function has ended", Begun.class,
                        RECORDED, without("fullFence", 1, 2)),
                mutant("csd-func-unfenced", "a CPU records the function that it calls without a fence", Begins.class,
                        RECORDED, without("storeStoreFence", 1, 1)),
                mutant("csd-current-opaque", "a report reads opaquely which call a CPU runs", Begins.class, RECORDED,
                        Weave.in(STATE, "current").weaken(access("CUR_CSD", "getAcquire")).to("getOpaque")),
                mutant("watched-flags-opaque", "the flags of a csd are read opaquely where waits are watched",
                        OrderingCases.ResultOfCall.class, Weave.nothing(),
                        Weave.in(CallSingleNode.class, "flagsAcquire").weaken(access("FLAGS", "getAcquire"))
                                .to("getOpaque")));
    }

    private static Mutant mutant(String name, String what, Class<? extends Runnable> scenario, Weave frame,
            Weave mutation) {
        return new Mutant(name, what, scenario, WATCHED, frame, mutation, MemoryModel.JAVA);
    }

    private static Weave without(String fence, int number, int of) {
        return Weave.in(STATE, RECORD).drop(call(VarHandle.class, fence).number(number, of));
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Begun.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * {@return that waits are watched}
     *
     * @param params what the machine is booted with
     */
    public static boolean debugs(BootParams params) {
        return true;
    }

    /** The target has begun another function when the call is sent; it ends when that was reported. */
    public static class Begun extends CallScenario {
        private static final VarHandle BEGUN = handle("begun");
        private static final VarHandle REPORTED = handle("reported");
        private static final VarHandle EFFECT = handle("effect");
        private static final long HOUR = 3_600_000_000_000L;
        private static final int TARGET = 2;
        private static Begun current; // set by each run before it starts a thread

        private int begun;
        private int reported;
        private int effect;
        private long now; // the waiting sender's

        /** Made for each run. */
        public Begun() {
            super(3);
        }

        /** {@return the time for the sender that waits} */
        public static long time() {
            return current.now += HOUR;
        }

        /**
         * The sender reports.
         *
         * @param debug what does
         * @param line the report
         */
        public static void printed(Object debug, String line) {
            if (line.contains("handling") || line.contains("unresponsive")) {
                current.reports(line);
            }
        }

        private void reports(String line) {
            boolean first = (int) REPORTED.getOpaque(this) == 0;
            if (line.contains("prior")) {
                // the target may have gone on before the report names the function
                boolean named = line.contains("prior first+") || !first && line.contains("prior second+");
                mustHold(named, "report", () -> line);
            }
            if (line.contains("unresponsive")) {
                boolean ended = !sendsLate() || !first && (int) EFFECT.getOpaque(this) == 1;
                mustHold(ended, "report", () -> line + " although a function runs");
            }
            REPORTED.setOpaque(this, 1);
        }

        /** {@return whether the function has begun when the call is sent that waits} */
        boolean sendsLate() {
            return true;
        }

        private void first() {
            BEGUN.setOpaque(this, 1);
            await(REPORTED);
            EFFECT.setOpaque(this, 1);
        }

        private void await(VarHandle event) {
            while ((int) event.getOpaque(this) == 0) {
                Thread.onSpinWait();
            }
        }

        @Override
        protected void play() {
            current = this;
            Csd csd = new Csd(SmpCallFunc.named("first", _ -> first()), null);
            on(0, () -> smp().smpCallFunctionSingleAsync(TARGET, csd));
            on(1, () -> {
                if (sendsLate()) {
                    await(BEGUN);
                }
                smp().smpCallFunctionSingle(TARGET, SmpCallFunc.named("second", _ -> { }), null, true);
                REPORTED.setOpaque(this, 1);
            });
        }
    }

    /** The target may begin another function while the sender waits. */
    public static final class Begins extends Begun {
        /** Made for each run. */
        public Begins() {
            // as above
        }

        @Override
        boolean sendsLate() {
            return false;
        }
    }
}
