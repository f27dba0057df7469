/** Reads litmus tests, and refuses what it does not know with line and column. */
package org.smp4j.litmus.parse;
