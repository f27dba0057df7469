/** The command {@code smp4j selftest}. */
package org.smp4j.cli.selftest;
