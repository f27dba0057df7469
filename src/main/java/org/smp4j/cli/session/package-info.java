/** The run of the program {@code smp4j} that a command is a part of: its streams, its end, exit codes, its version. */
package org.smp4j.cli.session;
