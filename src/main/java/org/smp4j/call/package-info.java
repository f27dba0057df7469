/**
 * Floor 3: calls between CPUs: the csd and its lock, per-CPU call queues and their flush, the {@code smp_call_function}
 * family, {@code irq_work}, and the watchdog of csd locks. Mirrors {@code kernel/smp.c} and {@code kernel/irq_work.c}.
 */
package org.smp4j.call;
