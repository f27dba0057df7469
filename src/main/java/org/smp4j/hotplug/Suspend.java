package org.smp4j.hotplug;

import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.CpuMask;

/** The CPUs that a suspend has taken down; mirrors {@code frozen_cpus} of {@code kernel/cpu.c}. */
final class Suspend {
    private final Cpus cpus;
    private CpuMask frozen; // guarded by cpu_add_remove_lock

    // Written by: freeze and thaw. Read by: callbacks. Ordering: the steps are handed on by locks and completions:
    // explorations need opaque. Volatile, as it is rare.
    private volatile boolean tasksFrozen;

    Suspend(Cpus cpus) {
        this.cpus = cpus;
    }

    boolean tasksFrozen() {
        return tasksFrozen;
    }

    /**
     * Takes all CPUs down but one, highest first, with a function of the CPU that stays and the CPU that goes down;
     * stops at the first error.
     */
    int freeze(int primary, IntBinaryOperator down) {
        int stays = cpus.online.testCpu(primary) ? primary : cpus.online.first();
        frozen = new CpuMask(cpus.nrCpuIds);
        tasksFrozen = true;
        int ret = 0;
        for (int cpu = cpus.nrCpuIds - 1; cpu >= 0 && ret == 0; cpu--) {
            if (cpu != stays && cpus.online.testCpu(cpu)) {
                ret = down.applyAsInt(stays, cpu);
                if (ret == 0) {
                    frozen.setCpu(cpu);
                }
            }
        }
        tasksFrozen = false;
        return ret;
    }

    /** Brings those CPUs up again. */
    int thaw(IntUnaryOperator up) {
        tasksFrozen = true;
        for (int cpu = frozen == null ? cpus.nrCpuIds : frozen.first(); cpu < cpus.nrCpuIds; cpu = frozen.next(cpu)) {
            int ret = up.applyAsInt(cpu);
            cpus.printk.print(ret == 0 ? "CPU" + cpu + " is up" : "Error taking CPU" + cpu + " up: " + ret);
        }
        frozen = null;
        tasksFrozen = false;
        return 0;
    }
}
