/** The races, one class each. A class here is all that a race takes: see {@link org.smp4j.race.Race}. */
package org.smp4j.race.gallery;
