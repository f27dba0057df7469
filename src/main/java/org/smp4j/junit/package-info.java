/**
 * Tests with JUnit: {@link org.smp4j.junit.Explore} runs a test under many interleavings,
 * {@link org.smp4j.junit.Linearizable} checks the operations of a class, {@link org.smp4j.junit.SmpTest} runs a test on
 * a machine of real threads. Nothing else of this project needs JUnit.
 */
package org.smp4j.junit;
