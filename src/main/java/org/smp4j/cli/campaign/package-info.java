/** The command {@code smp4j campaign} and the commands below it. */
package org.smp4j.cli.campaign;
