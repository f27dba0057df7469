/**
 * Floor 2: one processor, as the architecture gives it to the kernel: a seat for one thread, its preempt count, IRQ
 * flag and pending interrupts, the poll points at which interrupts are taken, CPU masks, per-CPU values, pinning. It is
 * the hardware: nothing in it can be interrupted. Mirrors {@code arch}, {@code include/linux/preempt.h} and
 * {@code include/linux/cpumask.h}.
 */
package org.smp4j.cpu;
