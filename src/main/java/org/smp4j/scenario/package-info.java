/**
 * What scenarios of the emulated kernel are made of: a machine that is booted for each run; its interrupts, the
 * preemption of its tasks and who is next as the explorer's choices; devices that may interrupt
 * ({@link org.smp4j.scenario.Device}); and the rules that every run is held to. Loaded with the kernel, for each
 * exploration anew; the explorer knows nothing of it.
 */
package org.smp4j.scenario;
