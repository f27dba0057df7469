package org.smp4j.race.block;

import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;

/**
 * Wake-ups through a CPU's call queue, with a run queue that only counts, and the flag {@code ttwu_pending}, which
 * keeps wakers from taking a CPU for idle while a wake-up is on its way to it.
 */
public final class PlainTtwu {
    /** A CPU's run queue. */
    private static final class RunQueue {
        // Written by: wakers (true); the CPU itself (false). Read by: wakers. Ordering: volatile.
        volatile boolean ttwuPending;
        // Written by: the CPU itself. Read by: wakers. Ordering: volatile.
        volatile int nrRunning;
    }

    private final Smp smp;
    private final RunQueue[] runQueues;

    /**
     * All CPUs idle.
     *
     * @param smp the calls
     * @param nrCpus how many CPUs there are
     */
    public PlainTtwu(Smp smp, int nrCpus) {
        this.smp = smp;
        runQueues = new RunQueue[nrCpus];
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            runQueues[cpu] = new RunQueue();
        }
    }

    /**
     * Whether a CPU looks idle.
     *
     * @param cpu the CPU
     * @return whether no task is there or on its way
     */
    public boolean isIdle(int cpu) {
        // the flag first: a task that arrives between the two reads is on the queue before its flag is cleared
        return !runQueues[cpu].ttwuPending && runQueues[cpu].nrRunning == 0;
    }

    /**
     * How many tasks a CPU has.
     *
     * @param cpu the CPU
     * @return the count
     */
    public int nrRunning(int cpu) {
        return runQueues[cpu].nrRunning;
    }

    /**
     * Wakes a task on another CPU. Context: on a CPU.
     *
     * @param cpu the other CPU
     * @param task its name
     */
    public void wakeOn(int cpu, String task) {
        runQueues[cpu].ttwuPending = true;
        smp.smpCallFunctionSingleAsync(cpu, new Csd(SmpCallFunc.named(task, info -> schedTtwuPending()), null));
    }

    private void schedTtwuPending() {
        RunQueue here = runQueues[Cpu.current().id];
        enqueue(here);
        clearPending(here);
    }

    private void enqueue(RunQueue here) {
        here.nrRunning++;
    }

    private void clearPending(RunQueue here) {
        here.ttwuPending = false;
    }
}
