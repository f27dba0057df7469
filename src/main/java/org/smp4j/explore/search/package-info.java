/** Strategies that make all schedules, and what is proven once they have. */
package org.smp4j.explore.search;
