/** Writes traces in the formats of other programs. */
package org.smp4j.trace.export;
