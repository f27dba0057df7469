/** The top layer: the command line. {@link org.smp4j.cli.Main} is its entry point. */
package org.smp4j.cli;
