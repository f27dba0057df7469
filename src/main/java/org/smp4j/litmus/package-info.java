/**
 * Litmus tests: small concurrent programs with a question about their final states, in the format of herd and of the
 * Linux kernel's memory model. {@link org.smp4j.litmus.parse.LitmusParser} reads them, {@link
 * org.smp4j.litmus.search.LitmusSearch} makes all their executions, and {@link org.smp4j.litmus.ResultText} shows what
 * was found.
 */
package org.smp4j.litmus;
