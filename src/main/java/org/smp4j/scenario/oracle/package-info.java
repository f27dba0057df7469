/**
 * The oracles: they watch every explored run of the kernel and end it at a broken rule. Their own accesses are not
 * explored.
 */
package org.smp4j.scenario.oracle;
