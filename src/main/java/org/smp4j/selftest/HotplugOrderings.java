package org.smp4j.selftest;

import static org.smp4j.selftest.scenario.Rules.mustHold;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntUnaryOperator;
import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.selftest.scenario.Substitutes;
import org.smp4j.weave.Weave;

/** Scenarios of a control CPU and the CPU that it brings up or takes down, for data without an ordering of its own. */
public final class HotplugOrderings {
    private static final String SYNC = "org.smp4j.hotplug.SyncProtocol";

    private static final String STATE = "org.smp4j.hotplug.CpuhpCpuState";
    private static final String FIELD = "syncState";
    private static final String GET = "get";
    private static final String CAS = "compareAndSet";
    private static final String OPAQUE = "getOpaque";
    private static final String PLAIN = "weakCompareAndSetPlain";

    /** The states of a CPU that starts or dies are exchanged without any ordering. */
    private static final Weave SYNC_OPAQUE = Weave.in(SYNC, "set").replace(call(AtomicReference.class, "getAndSet"))
            .by(hook(Substitutes.class, "writeOpaquely"))
            .andIn(SYNC, "kick").weaken(access(FIELD, GET)).to(OPAQUE).weaken(access(FIELD, CAS)).to(PLAIN)
            .andIn(SYNC, "reportAlive").weaken(access(FIELD, GET)).to(OPAQUE).weaken(access(FIELD, CAS)).to(PLAIN)
            .andIn(SYNC, "waitForDead").weaken(access(FIELD, GET)).to(OPAQUE).weaken(access(FIELD, CAS)).to(PLAIN)
            .andIn(SYNC, "waitFor").weaken(access(FIELD, CAS)).to(PLAIN);

    private HotplugOrderings() {
    }

    /** {@return the mutants that these scenarios have to detect} */
    static List<Mutant> mutants() {
        return List.of(
                new Mutant("hotplug-sync-opaque", "a CPU that starts and its control CPU tell each other opaquely, and "
                        + "its states and steps are opaque", BroughtUpAgain.class, BroughtUpAgain.FRAME,
                        SYNC_OPAQUE.and(Weave.opaque(STATE, "state")).and(Weave.opaque(STATE, "target"))
                                .and(Weave.opaque(STATE, "fail"))
                                .and(Weave.in("org.smp4j.hotplug.CpuhpSteps", GET).weaken(access("steps", GET))
                                        .to(OPAQUE)),
                        MemoryModel.JAVA),
                new Mutant("hotplug-veto-opaque", "the veto on taking a CPU down is an opaque field", Vetoed.class,
                        Weave.nothing(), Weave.opaque("org.smp4j.hotplug.TakeDown", "archCpuDisable"),
                        MemoryModel.JAVA));
    }

    private static VarHandle handle(Class<?> of, String name) {
        try {
            return MethodHandles.lookup().findVarHandle(of, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * A CPU is so late that the control CPU gives it up, and brings it up again: its thread, which has been started
     * before, sees what the control CPU has done meanwhile.
     */
    public static final class BroughtUpAgain extends MachineScenario {
        /** The first time is over at once, and no other; the CPU is late until then. */
        public static final Weave FRAME = Weave.in(SYNC, "waitFor").replace(call(System.class, "nanoTime").all(2))
                .by(hook(BroughtUpAgain.class, "time"))
                .andIn("org.smp4j.hotplug.BringUp", "startSecondary")
                .insert(hook(BroughtUpAgain.class, "late")).before(call(SYNC, "reportAlive"));

        private static final VarHandle DATA = handle(BroughtUpAgain.class, "data");
        private static final VarHandle GIVEN_UP = handle(BroughtUpAgain.class, "givenUp");
        private static final long MINUTE = 60_000_000_000L;
        private static final int TARGET = 1;
        private static BroughtUpAgain current; // set by each run before it starts a thread

        private int data;
        private int givenUp;
        private long now; // the control task's

        /** Made for each run. */
        public BroughtUpAgain() {
            super(2);
        }

        /** {@return the time for the control CPU, which waits} */
        public static long time() {
            if ((int) GIVEN_UP.getOpaque(current) == 0) {
                current.now += MINUTE;
            }
            return current.now;
        }

        /** Keeps the CPU from telling that it is alive. */
        public static void late() {
            while ((int) GIVEN_UP.getOpaque(current) == 0) {
                Waiter.current().relax(0);
            }
        }

        @Override
        protected BootParams params() {
            return super.params().with("maxcpus=1");
        }

        private int starting() {
            int seen = (int) DATA.getOpaque(this);
            mustHold(seen == 1, "bring-up", () -> "a CPU that comes up sees " + seen);
            return 0;
        }

        @Override
        protected void run(Machine machine) {
            current = this;
            Exploring.stretch(false);
            task(0, "controls", () -> {
                machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_IRQ_GIC_STARTING, "looks", _ -> starting(),
                        null);
                int first = machine.hotplug().addCpu(TARGET);
                mustHold(first == -Errno.EIO, "late", () -> "the first time add_cpu returns " + first);
                Exploring.stretch(true);
                GIVEN_UP.setOpaque(this, 1);
                DATA.setOpaque(this, 1);
                int second = machine.hotplug().addCpu(TARGET);
                Exploring.stretch(false);
                mustHold(second == 0, "bring-up", () -> "the second time add_cpu returns " + second);
            });
        }
    }

    /** A thread that sits on no CPU forbids to take a CPU down, which goes down meanwhile. */
    public static final class Vetoed extends MachineScenario {
        private static final int TARGET = 1;

        private static final class Veto implements IntUnaryOperator {
            private int err; // written before the veto is set; not final

            Veto(int err) {
                this.err = err;
            }

            @Override
            public int applyAsInt(int cpu) {
                int seen = err;
                mustHold(seen < 0, "veto", () -> "a veto that says no returns " + seen);
                return seen;
            }
        }

        /** Made for each run. */
        public Vetoed() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "controls", () -> machine.hotplug().removeCpu(TARGET));
            machine.hotplug().archCpuDisable(new Veto(-Errno.EBUSY));
        }
    }
}
