package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** The idle task of a CPU comes back with a preempt count that is one too low. */
@RaceFacts(slug = "idle-preempt-count-drift",
        title = "powerpc/smp: do not decrement idle task preempt count in CPU offline", hash = "787252a10d94",
        certainty = Certainty.VERIFIED, year = 2021, model = MemoryModel.SEQ, cpus = 2,
        breaks = {"warning: preempt_count_sub", "unbalanced context", "warning: schedule"},
        symptom = "preempt count underflow, or scheduling while atomic, after a CPU went down and up again",
        proof = "bound1", shows = {"preempt_count_sub: preempt count 0x0 would underflow",
                "CPU 1 goes down: its idle task's count is one less",
                "CPU 1 comes up: its idle task's count is not set anew, but 0",
                "scheduleTail: warnings.newest"},
        story = """
                The idle task of a CPU runs with a preempt count that its start sets. The way down on one architecture
                took one off, because the way up used to set the count anew. When the way up no longer did, the count
                was one lower after each time that the CPU went down and up, until a subtraction found nothing left.
                Now the way down leaves the count alone. The starts here do set it; so the buggy variant remembers what
                the way down took, and takes it at the next start.""")
public final class IdlePreemptCountDrift extends MachineScenario implements Race {
    private static int drift; // used by CPU 1 only, one life after the other

    /** The race. */
    public IdlePreemptCountDrift() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in("org.smp4j.hotplug.TakeDown", "idleDead")
                .insert(hook(IdlePreemptCountDrift.class, "leaves")).atExit()
                .andIn("org.smp4j.hotplug.BringUp", "startSecondary")
                .insert(hook(IdlePreemptCountDrift.class, "comes")).atEntry();
    }

    @Override
    protected void run(Machine machine) {
        task(0, "down and up", () -> {
            machine.hotplug().removeCpu(1);
            machine.hotplug().addCpu(1);
        });
    }

    /**
     * The old behaviour: the way down takes one off.
     *
     * @param takeDown the take-down
     * @param here the CPU
     */
    public static void leaves(Object takeDown, Cpu here) {
        Exploring.note(here + " goes down: its idle task's count is one less");
        drift++;
    }

    /**
     * And the way up does not set the count anew.
     *
     * @param bringUp the bring-up
     * @param here the CPU
     */
    public static void comes(Object bringUp, Cpu here) {
        int count = here.preemptCount();
        Exploring.note(here + " comes up: its idle task's count is not set anew, but " + (count - drift));
        here.preemptCountSub(drift);
    }
}
