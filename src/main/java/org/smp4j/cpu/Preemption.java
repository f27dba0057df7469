package org.smp4j.cpu;

/**
 * The scheduler's hook that gives a CPU to another task; mirrors {@code preempt_schedule} of
 * {@code kernel/sched/core.c}.
 */
@FunctionalInterface
public interface Preemption {
    /**
     * Chooses the CPU's next task; returns when the caller sits again, perhaps elsewhere. Context: task, count 0,
     * IRQs on.
     *
     * @param cpu the CPU on which the caller sits
     */
    void preemptSchedule(Cpu cpu);
}
