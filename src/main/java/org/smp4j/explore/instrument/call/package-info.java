/** Decides how each call in a rewritten class is treated, and which classes are rewritten. */
package org.smp4j.explore.instrument.call;
