/**
 * The class loaders that a program makes: what stands in for the JDK's class loaders as their superclass, and what
 * rewritten code calls in place of their methods. Begin reading with {@link org.smp4j.explore.loaders.Loads}.
 */
package org.smp4j.explore.loaders;
