/**
 * Loads the classes of a scenario, and of what it explores, with a call of {@link org.smp4j.explore.hooks.Hooks} at
 * every access to what strands may share. {@link org.smp4j.explore.instrument.LoadedProgram} is the way in.
 *
 * <p>Calls are redirected to private static bridges in the class itself: they have the descriptor of the call, so that
 * nothing on the stack has to move, and the number of the site behind it. What can be neither a step nor modelled is
 * refused when it runs, or listed as unmodelled when it is loaded.
 */
package org.smp4j.explore.instrument;
