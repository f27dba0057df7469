/**
 * Records the events of a machine. {@code event} has the events as values, {@code export} writes them,
 * {@code explored} gets them from an explored run.
 *
 * <p>The floors of the tower do not know this package: they emit to an {@link org.smp4j.lib.EventSink}, the tracer with
 * which the machine was booted.
 */
package org.smp4j.trace;
