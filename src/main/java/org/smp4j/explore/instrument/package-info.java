/**
 * Loads the classes of a scenario and of the code under test, with a call of {@link org.smp4j.explore.hooks.Hooks} at
 * every access to memory that strands may share. Begin reading with {@link org.smp4j.explore.instrument.LoadedProgram}.
 *
 * <p>Calls are redirected to private static bridges in the class itself. A bridge takes the arguments of the call, so
 * that nothing on the stack has to move, and then the number of the site. A call that can be neither a step nor
 * modelled is refused when it runs, or listed as unmodelled when its class is loaded.
 */
package org.smp4j.explore.instrument;
