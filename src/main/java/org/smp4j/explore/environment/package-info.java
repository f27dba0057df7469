/**
 * The surroundings of a run that are the same in every run of one schedule: thread properties, hash codes, the
 * scenario's size.
 */
package org.smp4j.explore.environment;
