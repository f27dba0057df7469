/**
 * Finds what is wrong with a run: data races, uses after release, deadlocks, livelocks; and collects the assumptions
 * that a claim rests on.
 */
package org.smp4j.explore.detect;
