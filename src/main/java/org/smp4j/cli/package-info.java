/** The top layer: {@link org.smp4j.cli.Main} is the program smp4j; each command has a package of its name below. */
package org.smp4j.cli;
