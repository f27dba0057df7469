package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Timers;
import org.smp4j.weave.Weave;

/**
 * A called function starts a timer on a CPU that leaves; the call may be run by the CPU's last flush, when its timers
 * have been moved already.
 */
public final class TimerOfLeavingCpu extends MachineScenario {
    /** Nothing is explored but from TEARDOWN_CPU to DEAD, and the sender begins there. */
    static final Weave STRETCH = Weave.in("org.smp4j.hotplug.TakeDown", "takedownCpu")
            .insert(hook(TimerOfLeavingCpu.class, "begins")).atEntry()
            .insert(hook(TimerOfLeavingCpu.class, "ends")).atExit();

    /** A timer that comes too late stays on the CPU. */
    static final Weave STAYS = Weave.in(Timers.class, "start")
            .withDescriptor("(JLjava/lang/Runnable;)Lorg/smp4j/sched/Timers$Timer;")
            .replace(call(Timers.class, "timerCpu")).by(hook(TimerOfLeavingCpu.class, "stays"));

    private static final int TARGET = 2;

    private static volatile boolean begun;

    private final Completion fired = new Completion();

    /** Made for each run. */
    public TimerOfLeavingCpu() {
        super(3);
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        Csd csd = new Csd(SmpCallFunc.named("later", _ -> machine.scheduler().timers()
                .start(System.nanoTime() + Timers.JIFFY, fired::complete)), null);
        task(0, "down", () -> machine.hotplug().removeCpu(TARGET));
        task(1, "send", () -> {
            while (!begun) {
                relax();
            }
            if (machine.smp().smpCallFunctionSingleAsync(TARGET, csd) == 0) {
                fired.waitForCompletion();
            }
        });
    }

    /** The stretch begins. */
    public static void begins() {
        Exploring.stretch(true);
        begun = true;
    }

    /** The stretch ends. */
    public static void ends() {
        Exploring.stretch(false);
    }

    /**
     * Who has a timer although it is not there any more.
     *
     * @param timers the timers
     * @param cpu the CPU that starts one
     * @return the same
     */
    public static int stays(Timers timers, int cpu) {
        return cpu;
    }
}
