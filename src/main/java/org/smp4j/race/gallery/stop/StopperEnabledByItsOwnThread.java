package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.OnlineIdle;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A stopper accepts works only from when its thread runs for the first time, and not from when it is woken. */
@RaceFacts(slug = "stopper-enabled-by-its-own-thread", title = "stop_machine: Mark per cpu stopper enabled early",
        hash = "46c498c2cdee", certainty = Certainty.VERIFIED, year = 2013, cpus = 2, breaks = "deadlock",
        symptom = "stop_machine waits forever for a CPU that has just come up", proof = "bound1",
        shows = {"wakes stopper 1", "stopper 0 begins"},
        story = """
                When a CPU comes up, its stopper's thread is woken. The flag with which the stopper accepts works was
                set by that thread, when it ran. The CPU that brought it up may use stop_machine before that: it
                counts the new CPU among those to stop, because it is online, but the work for it is dropped, and
                counted as done. The other stoppers wait for it forever. Now the flag is set before the thread is
                woken. (A stopper here has no thread; in the buggy variant it sets the flag when it is first run. In
                both the control CPU stops the machine as soon as it is told that the CPU is up.)""")
public final class StopperEnabledByItsOwnThread extends MachineScenario implements Race {
    private static final int COMING = 1;

    private static StopperEnabledByItsOwnThread current; // of this run

    private Machine machine;

    /** The race. */
    public StopperEnabledByItsOwnThread() {
        super(2);
    }

    @Override
    public Weave parts() {
        return OnlineIdle.explored().andIn(OnlineIdle.BRING_UP, "bringupAp")
                .insert(hook(StopperEnabledByItsOwnThread.class, "rendezvous"))
                .after(call("org.smp4j.hotplug.CpuhpCpuState", "await"));
    }

    @Override
    public Weave bug() {
        return Weave.in(OnlineIdle.BRING_UP, "startSecondary").replace(call(StopMachine.class, "stopMachineUnpark"))
                .by(hook(StopperEnabledByItsOwnThread.class, "wake"))
                .andIn("org.smp4j.stop.CpuStopper", "run")
                .insert(hook(StopperEnabledByItsOwnThread.class, "firstRun")).atEntry();
    }

    @Override
    protected void run(Machine host) {
        Exploring.stretch(false);
        machine = host;
        task(0, "cpu_up", () -> {
            machine.hotplug().removeCpu(COMING);
            current = this;
            machine.hotplug().addCpu(COMING);
        });
    }

    /** The control CPU stops the machine when a CPU has come up, for example to set its memory types. */
    public static void rendezvous() {
        current.machine.stopMachine().stopMachineCpuslocked(CpuStopFn.named("mtrr_rendezvous", arg -> 0), null, null);
    }

    /**
     * The old behaviour: the stopper's thread is woken.
     *
     * @param stopMachine the stoppers
     * @param cpu the CPU
     */
    public static void wake(StopMachine stopMachine, int cpu) {
        Exploring.note(() -> "wakes stopper " + cpu);
        current.machine.scheduler().wakeStopper(cpu);
    }

    /**
     * And the thread itself enables its stopper.
     *
     * @param stopper the stopper
     * @param here its CPU
     */
    public static void firstRun(Object stopper, Cpu here) {
        if (current != null && here.id == COMING) {
            current.machine.stopMachine().stopMachineUnpark(COMING);
        }
    }
}
