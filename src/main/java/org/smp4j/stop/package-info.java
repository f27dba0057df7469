/**
 * Floor 5: stopping CPUs: each CPU's stopper and its works, the barrier that takes all CPUs through the same states,
 * and {@code stop_machine} with its variants. Mirrors {@code kernel/stop_machine.c}.
 */
package org.smp4j.stop;
