package org.smp4j.call;

/** Selects the CPUs of a broadcast; mirrors {@code smp_cond_func_t} of {@code include/linux/smp.h}. */
@FunctionalInterface
public interface SmpCondFunc {
    /**
     * Decides about one CPU. Context: on the calling CPU, preemption off.
     *
     * @param cpu the CPU to decide about
     * @param info the argument that the caller passed for the function
     * @return whether the function should run there
     */
    boolean test(int cpu, Object info);
}
