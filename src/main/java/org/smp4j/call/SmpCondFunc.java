package org.smp4j.call;

/** Says which CPUs a broadcast is for; mirrors {@code smp_cond_func_t} of {@code include/linux/smp.h}. */
@FunctionalInterface
public interface SmpCondFunc {
    /**
     * Decides about a CPU. Context: on the calling CPU, preemption off.
     *
     * @param cpu the CPU asked about
     * @param info what the caller passed for the function
     * @return whether the function shall run there
     */
    boolean test(int cpu, Object info);
}
