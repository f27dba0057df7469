package org.smp4j.call;

import org.smp4j.lib.CpuMask;

/**
 * One CPU's memory for calls to many CPUs: a csd for each target; mirrors {@code struct call_function_data} of
 * {@code kernel/smp.c}.
 */
final class Cfd {
    // Only the owning CPU uses these, with preemption off; the csds follow their own protocol.
    final Csd[] csd;
    final CpuMask cpumask;
    final CpuMask cpumaskIpi;

    Cfd(int nrCpuIds) {
        csd = new Csd[nrCpuIds];
        for (int cpu = 0; cpu < nrCpuIds; cpu++) {
            csd[cpu] = new Csd();
        }
        cpumask = new CpuMask(nrCpuIds);
        cpumaskIpi = new CpuMask(nrCpuIds);
    }
}
