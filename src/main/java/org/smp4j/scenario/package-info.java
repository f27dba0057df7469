/**
 * What scenarios of the emulated kernel are made of: a machine that is booted for each run, its interrupts as the explorer's choices, and the rules that every
 * run is held to. Loaded with the kernel, for each exploration anew; the explorer knows nothing of it.
 */
package org.smp4j.scenario;
