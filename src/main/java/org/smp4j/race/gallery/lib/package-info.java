/** Races of the gallery: lock-free lists and counters. */
package org.smp4j.race.gallery.lib;
