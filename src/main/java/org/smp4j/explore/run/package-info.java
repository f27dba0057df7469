/** The view of a run for strategies, searches, detectors and reports, and the interfaces that they implement. */
package org.smp4j.explore.run;
