/** Races without the explorer: counted on real threads, and written as tests for jcstress. */
package org.smp4j.race.stress;
