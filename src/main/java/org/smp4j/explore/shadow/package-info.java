/**
 * What shadow classes use in place of classes of the JDK that reach into the JVM. A loader defines these classes anew,
 * under the JDK's names below {@code smp4j.shadow}, and rewrites them; so a thread that one starts is a strand.
 */
package org.smp4j.explore.shadow;
