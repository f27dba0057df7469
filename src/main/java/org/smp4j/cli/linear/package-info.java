/** The command {@code smp4j linear} and its processes. */
package org.smp4j.cli.linear;
