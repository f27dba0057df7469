package org.smp4j.sched;

import org.smp4j.cpu.Cpu;

/**
 * What the hotplug floor installs for the idle task of a CPU that is offline; mirrors {@code cpuhp_report_idle_dead} of {@code kernel/cpu.c} and what follows.
 */
@FunctionalInterface
public interface IdleDead {
    /**
     * Reports the CPU dead. Context: its idle task, IRQs on, preempt count 1.
     *
     * @param cpu the current CPU
     * @return whether its thread shall end; it has left its seat then
     */
    boolean report(Cpu cpu);
}
