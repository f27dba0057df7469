/**
 * Trace events as values, whatever recorded them: types with the kernel's names, fields and print layouts. Knows
 * neither the machine nor the explorer, and is not rewritten for exploring, so that events leave an explored run.
 */
package org.smp4j.trace.event;
