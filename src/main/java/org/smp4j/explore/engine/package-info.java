/** Makes one run at a time: strands and their turns, steps, waits, virtual time, interrupts. */
package org.smp4j.explore.engine;
