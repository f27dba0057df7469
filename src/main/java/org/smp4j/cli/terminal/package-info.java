/** The terminal of a command: standard output, progress, colours, signals, and the request to stop. */
package org.smp4j.cli.terminal;
