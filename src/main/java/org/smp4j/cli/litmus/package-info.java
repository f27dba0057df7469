/** The command {@code smp4j litmus}. */
package org.smp4j.cli.litmus;
