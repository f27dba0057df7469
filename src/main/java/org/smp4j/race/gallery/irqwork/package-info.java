/** Races of the gallery: {@code irq_work}. */
package org.smp4j.race.gallery.irqwork;
