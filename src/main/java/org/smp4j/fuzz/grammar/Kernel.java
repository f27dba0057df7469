package org.smp4j.fuzz.grammar;

import org.smp4j.Machine;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpus;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.StopMachine;

/**
 * The parts of the tower that a stage has; the others are null.
 *
 * @param cpus the CPUs
 * @param smp calls between them
 * @param irqWorks irq_works
 * @param scheduler tasks
 * @param hotplugLock the lock that keeps the set of online CPUs stable
 * @param stopMachine stoppers
 * @param machine the machine
 */
public record Kernel(Cpus cpus, Smp smp, IrqWorks irqWorks, Scheduler scheduler, CpuHotplugLock hotplugLock,
        StopMachine stopMachine, Machine machine) {
}
