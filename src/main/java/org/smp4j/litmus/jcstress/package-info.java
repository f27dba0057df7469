/** Writes litmus tests as tests for jcstress. */
package org.smp4j.litmus.jcstress;
