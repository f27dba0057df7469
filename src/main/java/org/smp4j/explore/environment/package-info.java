/**
 * What a run of the scenario finds around it, the same in every run of one schedule: thread properties, hash codes, its
 * own size.
 */
package org.smp4j.explore.environment;
