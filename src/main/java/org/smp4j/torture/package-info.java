/**
 * Beside the tower: the torture test of cross-CPU calls, on a machine of its own. After {@code kernel/scftorture.c} and
 * {@code kernel/torture.c}: the same parameters, selection, checks and output lines. {@link org.smp4j.torture.Torture}
 * runs it.
 */
package org.smp4j.torture;
