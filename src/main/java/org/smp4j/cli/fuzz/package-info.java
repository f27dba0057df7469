/** The command {@code smp4j fuzz}, its processes and its progress. */
package org.smp4j.cli.fuzz;
