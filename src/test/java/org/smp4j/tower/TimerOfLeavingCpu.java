package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
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
    private static final String MULTI_STOP = "org.smp4j.stop.MultiStop";

    /**
     * Nothing is explored but from TEARDOWN_CPU to DEAD. The call is sent when the CPU's stopper has begun, and the CPU
     * is the last to come to the stop: then its interrupts are off at once.
     */
    static final Weave STRETCH = Weave.in("org.smp4j.hotplug.TakeDown", "takedownCpu")
            .insert(hook(TimerOfLeavingCpu.class, "begins")).atEntry()
            .insert(hook(TimerOfLeavingCpu.class, "ends")).atExit()
            .andIn(MULTI_STOP, "run").insert(hook(TimerOfLeavingCpu.class, "acks")).before(call(MULTI_STOP, "ack"))
            .insert(hook(TimerOfLeavingCpu.class, "hasAcked")).after(call(MULTI_STOP, "ack"));

    /** A timer that comes too late stays on the CPU. */
    static final Weave STAYS = Weave.in(Timers.class, "start")
            .withDescriptor("(JLjava/lang/Runnable;)Lorg/smp4j/sched/Timers$Timer;")
            .replace(call(Timers.class, "timerCpu")).by(hook(TimerOfLeavingCpu.class, "stays"));

    private static final int CPUS = 3;
    private static final int TARGET = 2;

    private static final AtomicInteger STOPPED = new AtomicInteger(); // of the other CPUs

    private static volatile boolean begun;
    private static volatile boolean ready;
    private static volatile boolean targetStops;

    private final Completion fired = new Completion();

    /** Made for each run. */
    public TimerOfLeavingCpu() {
        super(CPUS);
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
            boolean flags = LocalIrq.save(); // it is not stopped before it has sent
            ready = true;
            while (!targetStops) {
                Thread.onSpinWait();
            }
            int err = machine.smp().smpCallFunctionSingleAsync(TARGET, csd);
            LocalIrq.restore(flags);
            if (err == 0) {
                fired.waitForCompletion();
            }
        });
    }

    /** The stretch begins. */
    public static void begins() {
        Exploring.stretch(true);
        begun = true;
        while (!ready) {
            relax();
        }
    }

    /**
     * A CPU is about to say that it has come to a phase of the stop.
     *
     * @param stop the stop
     * @param cpu the CPU
     */
    public static void acks(Object stop, Cpu cpu) {
        if (begun && cpu.id == TARGET && !targetStops) {
            targetStops = true;
            while (STOPPED.get() < CPUS - 1) {
                Thread.onSpinWait();
            }
        }
    }

    /**
     * A CPU has said it.
     *
     * @param stop the stop
     * @param cpu the CPU
     */
    public static void hasAcked(Object stop, Cpu cpu) {
        if (begun && cpu.id != TARGET) {
            STOPPED.incrementAndGet();
        }
    }

    /** The stretch ends. */
    public static void ends() {
        Exploring.stretch(false);
    }

    /**
     * The CPU that has the timer of a CPU that has left.
     *
     * @param timers the timers
     * @param cpu the CPU that starts one
     * @return the same
     */
    public static int stays(Timers timers, int cpu) {
        return cpu;
    }
}
