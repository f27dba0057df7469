/** One run as strategies, searches, detectors and reports see it, and what they implement to take part in it. */
package org.smp4j.explore.run;
