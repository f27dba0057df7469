package org.smp4j.cpu;

import java.util.function.IntFunction;

/**
 * One value for each possible CPU; mirrors {@code DEFINE_PER_CPU} of {@code include/linux/percpu-defs.h}.
 *
 * @param <T> the type of the values
 */
public final class PerCpu<T> {
    private final Object[] values;

    /**
     * Makes a value for each CPU.
     *
     * @param cpus the CPUs
     * @param maker makes a CPU's value from its number
     */
    public PerCpu(Cpus cpus, IntFunction<? extends T> maker) {
        values = new Object[cpus.nrCpuIds];
        for (int cpu = 0; cpu < values.length; cpu++) {
            values[cpu] = maker.apply(cpu);
        }
    }

    /**
     * A CPU's value; mirrors {@code per_cpu}.
     *
     * @param cpu the CPU's number
     * @return its value
     */
    @SuppressWarnings("unchecked")
    public T get(int cpu) {
        if (Integer.compareUnsigned(cpu, values.length) >= 0) {
            throw new IllegalArgumentException("CPU " + cpu + ": this machine has 0 to " + (values.length - 1));
        }
        return (T) values[cpu];
    }

    /** {@return the current CPU's value; warns as {@link Cpu#smpProcessorId} does; mirrors {@code this_cpu_ptr}} */
    public T thisCpu() {
        return get(Cpu.smpProcessorId());
    }
}
