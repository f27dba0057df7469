/** Races of the gallery: calls between CPUs. */
package org.smp4j.race.gallery.call;
