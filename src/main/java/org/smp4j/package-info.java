/**
 * Floor 7: the machine, which owns everything below and hands out its API; no kernel counterpart (a kernel has one
 * machine).
 */
package org.smp4j;
