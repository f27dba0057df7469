package org.smp4j.sched;

import org.smp4j.cpu.Cpu;

/**
 * The stop floor's hook that runs a CPU's stop works; mirrors {@code stop_sched_class} of
 * {@code kernel/sched/stop_task.c}.
 */
@FunctionalInterface
public interface StopClass {
    /**
     * Runs all stop works of a CPU. Context: the stopper, preempt count 0, IRQs on.
     *
     * @param cpu the current CPU
     */
    void run(Cpu cpu);
}
