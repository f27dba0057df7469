/**
 * Floor 4: tasks, and which of them sits on which CPU: run queues, switches, wake-ups, migration, sleeping locks,
 * kernel threads and their parking, idle, bound work queues, {@code cpus_read_lock}, grace periods. Mirrors the part of
 * {@code kernel/sched}, {@code kernel/smpboot.c}, {@code kernel/kthread.c} and {@code kernel/locking/percpu-rwsem.c}
 * that the other floors can observe.
 */
package org.smp4j.sched;
