/** Races of the gallery: CPUs that come and go. */
package org.smp4j.race.gallery.hotplug;
