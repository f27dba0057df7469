/**
 * The gallery: races of the Linux kernel, each with a buggy variant, in which it can happen, and a fixed one, in which
 * it can't. A race is one class in a package below {@code org.smp4j.race.gallery}; {@link org.smp4j.race.Gallery} finds
 * it there.
 */
package org.smp4j.race;
