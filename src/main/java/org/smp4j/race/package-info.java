/**
 * The gallery: races that the Linux kernel had, each with the variant in which it can happen and the one in which it
 * can't. A race is one class in {@code org.smp4j.race.gallery}; {@link org.smp4j.race.Gallery} finds it there.
 */
package org.smp4j.race;
