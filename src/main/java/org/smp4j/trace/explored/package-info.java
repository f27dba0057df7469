/** Gets the events of a machine in an explored run. */
package org.smp4j.trace.explored;
