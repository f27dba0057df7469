package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.weave.Call.call;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Mutex;
import org.smp4j.weave.Weave;

/**
 * Two tasks set up a state each, and both have the hotplug threads of all CPUs call its startup: one kick of a thread
 * at a time.
 */
public final class TwoKicks extends MachineScenario {
    /** States are set up beside the mutex. */
    static final Weave UNLOCKED = Weave.in("org.smp4j.hotplug.CpuhpSetup", "underMutex").drop(call(Mutex.class, "lock"))
            .drop(call(Mutex.class, "unlock").all(2));

    private static final int CPUS = 2;

    private final AtomicIntegerArray calls = new AtomicIntegerArray(CPUS * CPUS); // by task and CPU

    /** Made for each run. */
    public TwoKicks() {
        super(CPUS);
    }

    @Override
    protected void run(Machine machine) {
        for (int cpu = 0; cpu < CPUS; cpu++) {
            int caller = cpu;
            task(caller, "setup/" + caller, () -> {
                int slot = machine.hotplug().setup()
                        .setupState(CpuhpState.AP_ONLINE_DYN, "state/" + caller, on -> startup(caller, on), null);
                hold(slot > 0, "kick", "cpuhp_setup_state returns " + slot);
            });
        }
    }

    private int startup(int caller, int cpu) {
        hold(Cpu.rawSmpProcessorId() == cpu, "kick", "the startup for CPU " + cpu + " runs on CPU "
                + Cpu.rawSmpProcessorId());
        calls.incrementAndGet(caller * CPUS + cpu);
        return 0;
    }

    @Override
    protected void check(Machine machine) {
        for (int call = 0; call < calls.length(); call++) {
            hold(calls.get(call) == 1, "kick", "startup " + call / CPUS + " was called " + calls.get(call)
                    + " times for CPU " + call % CPUS);
        }
    }
}
