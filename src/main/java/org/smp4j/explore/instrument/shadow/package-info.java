/**
 * Makes shadow classes: copies of the JDK's classes of {@code java.util.concurrent} under another name, which can be
 * rewritten like user code.
 */
package org.smp4j.explore.instrument.shadow;
