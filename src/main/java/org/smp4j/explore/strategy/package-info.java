/** Strategies that draw a schedule: which strand steps next, and what else departs from the default. */
package org.smp4j.explore.strategy;
