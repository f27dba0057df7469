/**
 * Makes all executions of a litmus test under a memory model. The search keeps every state that it has been in, so an
 * order of steps that leads to a known state is not followed again.
 */
package org.smp4j.litmus.search;
