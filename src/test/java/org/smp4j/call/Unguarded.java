package org.smp4j.call;

import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Errno;

/** A sender with a hole: between its look at the online mask and its queueing the target may leave. */
public final class Unguarded {
    private Unguarded() {
    }

    /** As {@link Smp#smpCallFunctionSingleAsync} to another CPU, but with preemption on. */
    public static int smpCallFunctionSingleAsync(Smp smp, int cpu, Csd csd) {
        Cpu self = Cpu.current();
        csd.setLocked(CallSingleNode.CSD_TYPE_ASYNC);
        if (!self.cpus.online.testCpu(cpu)) {
            csd.unlock(smp);
            return -Errno.ENXIO;
        }
        smp.smpCallSingleQueue(self, self.cpus.cpu(cpu), csd);
        return 0;
    }
}
