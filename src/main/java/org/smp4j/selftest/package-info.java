/**
 * Tests the explorer: mutants of the tower are made when its classes are loaded, and a scenario has to detect each.
 */
package org.smp4j.selftest;
