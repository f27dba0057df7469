/** The command {@code smp4j torture}, its page and its progress. */
package org.smp4j.cli.torture;
