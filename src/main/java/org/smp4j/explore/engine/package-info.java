/** One run at a time: strands and their turns, steps, waiting, virtual time, interrupts. */
package org.smp4j.explore.engine;
