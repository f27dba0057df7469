/**
 * How fast the machine is, as ratios: to the cache-line ping-pong of the same two cores, and to libraries that do a
 * part of its work, all measured in the same slices of the same JVM. {@link org.smp4j.compare.Compare} is the command.
 */
package org.smp4j.compare;
