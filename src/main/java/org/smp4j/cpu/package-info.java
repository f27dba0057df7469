/**
 * Floor 2: one processor, as the architecture presents it to the kernel: a seat for one thread, its preempt count, IRQ
 * flag and pending interrupts, the poll points at which it takes interrupts, CPU masks, per-CPU values, pinning. It
 * models hardware: no interrupt comes inside it. Mirrors {@code arch}, {@code include/linux/preempt.h} and
 * {@code include/linux/cpumask.h}.
 */
package org.smp4j.cpu;
