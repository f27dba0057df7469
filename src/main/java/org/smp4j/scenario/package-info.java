/**
 * The building blocks of scenarios of the emulated kernel: a machine booted for each run; interrupts, preemption and
 * the next task as choices of the explorer; devices that may interrupt ({@link org.smp4j.scenario.Device}); and the
 * rules that every run must keep. Loaded with the kernel, again for each exploration; the explorer does not know it.
 */
package org.smp4j.scenario;
