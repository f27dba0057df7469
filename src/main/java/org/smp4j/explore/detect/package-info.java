/** What is wrong with a run, and what the runs did not show: races, uses after release, deadlocks, assumptions. */
package org.smp4j.explore.detect;
