/** Compares what generated programs do on real threads with what exploring them shows. */
package org.smp4j.fuzz.compare;
