/** Exhaustive searches: strategies that make all schedules within their scope, and their claims. */
package org.smp4j.explore.search;
