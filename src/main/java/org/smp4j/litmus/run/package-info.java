/**
 * Runs litmus tests free, on real threads: compiles a test to a class, runs it many times in batches, and counts the
 * final states.
 */
package org.smp4j.litmus.run;
