/** Explores the interleavings of a scenario: the entry points for users, and the calls that a scenario may make. */
package org.smp4j.explore;
