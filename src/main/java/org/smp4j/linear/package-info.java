/**
 * Checks a concurrent object against its sequential behaviour: programs of its operations are drawn, their
 * interleavings are explored, and each outcome must be one of a sequential run.
 */
package org.smp4j.linear;
