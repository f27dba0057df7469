/**
 * JMH probes, one for each primitive, with allocation ({@code -prof gc}) and percentiles (sample time):
 * {@code mvn test-compile exec:exec@jmh}. Their times are of use only beside each other;
 * {@link org.smp4j.compare.Compare} has the ratios to the floor and the peers.
 */
package org.smp4j.probe;
