/** Races of the gallery: stoppers and {@code stop_machine}. */
package org.smp4j.race.gallery.stop;
