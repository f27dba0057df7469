/** Strategies that draw a schedule: the next strand at each decision, and all other departures from the default. */
package org.smp4j.explore.strategy;
