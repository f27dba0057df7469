/**
 * The races, one class each, in a package for each floor of the kernel. A race needs nothing but its class here: see
 * {@link org.smp4j.race.Race}.
 */
package org.smp4j.race.gallery;
