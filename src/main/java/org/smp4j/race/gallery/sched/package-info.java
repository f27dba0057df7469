/** Races of the gallery: tasks, wake-ups and migration. */
package org.smp4j.race.gallery.sched;
