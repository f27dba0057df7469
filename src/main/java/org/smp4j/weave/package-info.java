/**
 * Beside the tower: classes that are loaded with a piece taken away, moved, put in or weakened.
 * {@link org.smp4j.weave.Weave} says what; a {@link org.smp4j.weave.WeavingLoader} has its own copy of the tower and of
 * the scenario that runs on it. So tests show what breaks without a piece, and the tower needs no switch for it.
 *
 * <p>An edit names its place by what the method calls there, never by a line, and says how often that occurs. One that
 * no longer fits is an error.
 */
package org.smp4j.weave;
