/** What becomes of each call of a class that is rewritten, and which classes are. */
package org.smp4j.explore.instrument.call;
