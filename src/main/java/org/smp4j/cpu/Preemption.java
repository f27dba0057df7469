package org.smp4j.cpu;

/**
 * What the scheduler installs so that a CPU can be given to another task; mirrors {@code preempt_schedule} of
 * {@code kernel/sched/core.c}.
 */
@FunctionalInterface
public interface Preemption {
    /**
     * Chooses again who sits on the CPU; returns when the caller sits again, perhaps elsewhere. Context: task, count 0,
     * IRQs on.
     *
     * @param cpu the CPU on which the caller sits
     */
    void preemptSchedule(Cpu cpu);
}
