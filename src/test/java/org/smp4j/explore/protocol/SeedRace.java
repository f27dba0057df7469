package org.smp4j.explore.protocol;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** On a booted machine: CPU 1 calls CPU 2, without waiting, while CPU 2 is taken down. */
public class SeedRace extends MachineScenario {
    /** What is woven in; a class of its own, as each run initializes the scenario's statics anew. */
    public static final class Edits {
        /** A sender that does not disable preemption. */
        public static final Weave PREEMPTIBLE = Weave.in(Smp.class, "smpCallFunctionSingleAsync")
                .replace(call(Preempt.class, "disable")).by(hook(Cpu.class, "current"))
                .drop(call(Cpu.class, "preemptEnable"));
        /** Only the stretch from TEARDOWN_CPU to DEAD is explored, and the sender begins there. */
        public static final Weave STRETCH = Weave.in("org.smp4j.hotplug.TakeDown", "takedownCpu")
                .insert(hook(SeedRace.class, "begin")).atEntry()
                .andIn("org.smp4j.hotplug.TakeDown", "takedownCpu").insert(hook(SeedRace.class, "end")).atExit();

        private Edits() {
        }
    }

    private static final int TARGET = 2;

    private static volatile boolean begun;

    private final boolean whole;
    private int accepted;
    private int ran;

    /** From TEARDOWN_CPU to DEAD. */
    public SeedRace() {
        this(false);
    }

    SeedRace(boolean whole) {
        super(3);
        this.whole = whole;
    }

    /** The stretch begins. */
    public static void begin() {
        Exploring.stretch(true);
        begun = true;
    }

    /** The stretch ends. */
    public static void end() {
        Exploring.stretch(false);
    }

    @Override
    protected void run(Machine machine) {
        Csd csd = new Csd(SmpCallFunc.named("seed", info -> ran++), null);
        Exploring.stretch(whole);
        begun = whole;
        task(0, "down", () -> {
            if (machine.hotplug().removeCpu(TARGET) != 0) {
                throw new AssertionError("CPU 2 did not go");
            }
        });
        task(1, "send", () -> {
            while (!begun) {
                Cpu.current().poll();
                Thread.onSpinWait();
            }
            if (machine.smp().smpCallFunctionSingleAsync(TARGET, csd) == 0) {
                accepted++;
            }
        });
    }

    @Override
    protected void check(Machine machine) {
        if (ran != accepted) {
            Exploring.broken("lost call", accepted + " call was accepted, " + ran + " ran", List.of());
        }
    }

    /** The whole of {@code cpu_down}. */
    public static final class Whole extends SeedRace {
        /** As it should be. */
        public Whole() {
            super(true);
        }
    }
}
