/** The races, one class each. A race needs nothing but its class here: see {@link org.smp4j.race.Race}. */
package org.smp4j.race.gallery;
