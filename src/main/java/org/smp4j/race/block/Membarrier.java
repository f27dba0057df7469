package org.smp4j.race.block;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;

/**
 * Memory barriers on all CPUs that run a process, by interrupts; mirrors the expedited commands of {@code membarrier}.
 * Each CPU keeps a copy of what its process has registered for, which decides whether a barrier goes there.
 */
public final class Membarrier {
    /** A CPU that runs a registered process does not take part in its barriers. */
    public static final String NOT_SYNCED = "CPU not synced";

    /** A process. */
    public static final class Process {
        // Written by: the thread that registers. Read by: handlers. Ordering: volatile.
        private final AtomicInteger state = new AtomicInteger();
    }

    private final Smp smp;
    private final Cpus cpus;
    private final Process[] current;
    // Per CPU: the copy of the process's state. Written by: the CPU itself. Read by: senders of barriers.
    // Ordering: volatile.
    private final AtomicIntegerArray copies;

    /**
     * No CPU runs a process.
     *
     * @param smp the calls
     * @param cpus the CPUs
     */
    public Membarrier(Smp smp, Cpus cpus) {
        this.smp = smp;
        this.cpus = cpus;
        current = new Process[cpus.nrCpuIds];
        copies = new AtomicIntegerArray(cpus.nrCpuIds);
    }

    /**
     * A CPU runs a process from the start.
     *
     * @param cpu the CPU
     * @param process the process
     */
    public void runs(int cpu, Process process) {
        current[cpu] = process;
    }

    /**
     * Registers a process for barriers. Context: a thread of it, IRQs on.
     *
     * @param process the process
     */
    public void register(Process process) {
        process.state.set(1);
        syncRqStates(process);
    }

    private void syncRqStates(Process process) {
        smp.onEachCpuMask(running(process), SmpCallFunc.named("ipi_sync_rq_state",
                info -> copies.set(Cpu.current().id, process.state.get())), null, true);
    }

    private CpuMask running(Process process) {
        CpuMask mask = new CpuMask(cpus.nrCpuIds);
        for (int cpu = 0; cpu < current.length; cpu++) {
            if (current[cpu] == process) {
                mask.setCpu(cpu);
            }
        }
        return mask;
    }

    /**
     * Makes every CPU that runs the process, and whose copy says that it is registered, pass a barrier. Context: a
     * thread of the process, IRQs on.
     *
     * @param process the process
     */
    public void expedited(Process process) {
        smp.onEachCpuCondMask((cpu, info) -> copies.get(cpu) != 0, SmpCallFunc.named("ipi_mb", info -> { }), null, true,
                running(process));
    }

    /**
     * Checks that every CPU of a registered process takes part in its barriers.
     *
     * @param process the process
     */
    public void check(Process process) {
        for (int cpu = 0; cpu < current.length; cpu++) {
            if (current[cpu] == process && process.state.get() != copies.get(cpu)) {
                Exploring.broken(NOT_SYNCED, "CPU " + cpu + " runs a process that has registered for barriers, and "
                        + "does not know it", List.of());
            }
        }
    }
}
