package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/**
 * A CPU that comes up stops the active ones before it is active itself, while a task stops two CPUs. The two stops must
 * queue their works in the same order everywhere. If one of the two is the CPU that comes, each stop waits for the
 * other: that CPU's stopper must not take work then.
 */
public class StopWhileComing extends MachineScenario {
    /** The stop of two CPUs queues its works while the other stop does. */
    static final Weave AT_ONCE = Weave.in(StopMachine.class, "queueTwoWorks").ignore("stopCpusInProgress");

    private static final int COMING = 2;

    private final int first;
    private final AtomicInteger machineStops = new AtomicInteger();
    private final AtomicInteger pairStops = new AtomicInteger();

    /** Made for each run. */
    public StopWhileComing() {
        this(0);
    }

    private StopWhileComing(int first) {
        super(3);
        this.first = first;
    }

    /** The CPU that comes is one of the two. */
    public static final class OfItself extends StopWhileComing {
        /** Preemption is off on the CPU that comes. */
        static final Weave NOT_PREEMPTIBLE = Weave.in(StopMachine.class, "stopMachineFromInactiveCpu")
                .insert(hook(OfItself.class, "enters")).atEntry().insert(hook(OfItself.class, "leaves")).atExit();

        /** Made for each run. */
        public OfItself() {
            super(COMING);
        }

        /** Preemption goes off. */
        public static void enters() {
            Preempt.disable();
        }

        /** Preemption goes on. */
        public static void leaves() {
            Preempt.enable();
        }
    }

    @Override
    protected final void run(Machine machine) {
        task(0, "admin", () -> {
            Exploring.stretch(false);
            hold(machine.hotplug().removeCpu(COMING) == 0, "setup", "the CPU does not go");
            int state = machine.hotplug().setup().setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "stops",
                    CpuhpCallback.named("stops", cpu -> stops(machine, cpu)), null);
            hold(state > 0, "setup", "cpuhp_setup_state_nocalls returns " + state);
            task(1, "pair", () -> {
                int result = machine.stopMachine().stopTwoCpus(first, 1, CpuStopFn.named("pair", _ ->
                        pairStops.incrementAndGet() & 0), null);
                hold(result == (first == COMING && pairStops.get() == 0 ? -Errno.ENOENT : 0), "stop",
                        "stop_two_cpus returned " + result + ", and its function ran " + pairStops + " times");
            });
            Exploring.stretch(true);
            hold(machine.hotplug().addCpu(COMING) == 0, "setup", "the CPU does not come");
        });
    }

    private int stops(Machine machine, int cpu) {
        int result = machine.stopMachine().stopMachineFromInactiveCpu(
                CpuStopFn.named("all", _ -> machineStops.incrementAndGet() & 0), null, null);
        hold(result == 0, "stop", "stop_machine_from_inactive_cpu on CPU " + cpu + " returns " + result);
        return 0;
    }

    @Override
    protected final void check(Machine machine) {
        hold(machineStops.get() == 1, "stop", "the function of the CPU that came ran " + machineStops + " times");
        hold(first == COMING || pairStops.get() == 1, "stop", "the function of two CPUs ran " + pairStops + " times");
    }
}
