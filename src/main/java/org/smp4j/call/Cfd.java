package org.smp4j.call;

import org.smp4j.lib.CpuMask;

/**
 * What one CPU needs to call many: a csd for each target; mirrors {@code struct call_function_data} of
 * {@code kernel/smp.c}.
 */
final class Cfd {
    // All of it is touched by the owning CPU with preemption off; the csds as their own protocol says.
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
