/** Scenarios of the tower, each of which has to detect mutants, and the wrong code that mutants run instead. */
package org.smp4j.selftest.scenario;
