/** Explores the interleavings of a scenario: what a user calls, and what a scenario may ask for. */
package org.smp4j.explore;
