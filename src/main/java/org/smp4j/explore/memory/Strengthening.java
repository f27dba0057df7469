package org.smp4j.explore.memory;

/**
 * An ordering that explored runs have and the program's code does not: to try what a change of the code would do.
 *
 * @param site the number of the access's site
 * @param ordering bits of {@link org.smp4j.explore.model.Access} that the access has in addition
 * @param fence the mode of a fence that is made directly before the access; 0 for none
 */
public record Strengthening(int site, int ordering, int fence) {
}
