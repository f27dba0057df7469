package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Timers;
import org.smp4j.weave.Weave;

/** The stopper of a CPU that leaves starts a timer there after the CPU's timers have been moved. */
@RaceFacts(slug = "timer-armed-by-last-wake-up",
        title = "hrtimers: Force migrate away hrtimers queued after CPUHP_AP_HRTIMERS_DYING", hash = "b7a110336261",
        certainty = Certainty.VERIFIED, year = 2025, cpus = 2, breaks = {"deadlock", "livelock"}, proof = "bound1",
        symptom = "a timer of a CPU that is offline never fires",
        shows = {"CPU 1 migration/1", "program: ClockEvents.due[1] = ", "cpuhp_complete_idle_dead"},
        story = """
                A CPU's timers are moved to another CPU while the machine is stopped to take that CPU down. When this
                is over, its stopper reports that it has done its part, and so wakes the task that waits for it. With
                some schedulers a wake-up starts a timer, for the share of the CPU's time that tasks get; it is put
                into the queue of the CPU that is offline, and never fires. A task that waits for it waits forever.
                Now a CPU whose timers were moved starts new ones at the CPU that has got them.""")
public final class TimerArmedByLastWakeUp extends MachineScenario implements Race {
    private static final long SHARE = 5 * Timers.JIFFY;

    // Written by: the scenario, before the first stop that counts. Read by: stoppers. Ordering: the stop's.
    private static TimerArmedByLastWakeUp current;

    private final Completion share = new Completion();
    private Timers timers;
    // Written by: CPU 1's stopper, before it reports the end of the stop. Read by: the task that asked for the stop,
    // when it has ended. Ordering: the stop's completion.
    private boolean armed;

    /** The race. */
    public TimerArmedByLastWakeUp() {
        super(2);
    }

    @Override
    public Weave parts() {
        return Weave.in("org.smp4j.stop.CpuStopDone", "signal").insert(hook(TimerArmedByLastWakeUp.class, "woken"))
                .before(call(Completion.class, "complete"));
    }

    @Override
    public Weave bug() {
        return Weave.in(Timers.class, "start").withDescriptor("(JLjava/lang/Runnable;)Lorg/smp4j/sched/Timers$Timer;")
                .replace(call(Timers.class, "timerCpu")).by(hook(TimerArmedByLastWakeUp.class, "sameCpu"));
    }

    /** What the wake-up of a task with a share does; mirrors {@code dl_server_start}. */
    public static void woken() {
        if (current != null && Cpu.current().id == 1) {
            current.armed = true;
            current.timers.start(System.nanoTime() + SHARE, current.share::complete);
        }
    }

    /** The mistake: the queue of the CPU itself, even if its timers have been moved. */
    public static int sameCpu(Timers timers, int cpu) {
        return cpu;
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        timers = machine.scheduler().timers();
        task(0, "cpu_down", () -> {
            current = this;
            Exploring.stretch(true);
            machine.hotplug().removeCpu(1);
            if (armed) { // the stopper of CPU 1 was the last to end
                share.waitForCompletion();
            }
            Exploring.stretch(false);
        });
    }
}
