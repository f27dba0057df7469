/** Scenarios without the explorer: on threads of the JVM, which run as the host's scheduler lets them. */
package org.smp4j.scenario.free;
