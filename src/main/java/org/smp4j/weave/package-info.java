/**
 * Beside the tower: loads classes with a piece of code dropped, moved, inserted or weakened.
 * {@link org.smp4j.weave.Weave} describes the edits; a {@link org.smp4j.weave.WeavingLoader} has its own copy of the
 * tower and of the scenario that runs on it. So tests show what breaks without a piece, and the tower needs no switch
 * for it.
 *
 * <p>An edit names its place by what the method calls there, never by a line, and states how often that occurs. An edit
 * that no longer fits is an error.
 */
package org.smp4j.weave;
