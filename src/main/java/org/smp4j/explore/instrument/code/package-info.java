/** Rewrites the methods of a class. */
package org.smp4j.explore.instrument.code;
