package org.smp4j.sched;

import org.smp4j.cpu.Cpu;

/**
 * The hotplug floor's hooks for a CPU's own thread, when it starts and when it ends; mirrors {@code start_secondary}
 * and {@code play_dead}.
 */
public interface CpuLifecycle {
    /**
     * Brings the CPU online. Context: its idle task, IRQs off, preempt count 1.
     *
     * @param cpu the current CPU
     */
    void startSecondary(Cpu cpu);

    /**
     * Reports that the CPU idles for good. Context: its idle task, offline, IRQs on, preempt count 1.
     *
     * @param cpu the current CPU
     */
    void idleDead(Cpu cpu);

    /**
     * Reports the CPU dead: from here on it may be started again. Context: the thread of its idle task, which no longer
     * sits anywhere and then ends.
     *
     * @param cpu the CPU that it left
     */
    void seatIsEmpty(Cpu cpu);
}
