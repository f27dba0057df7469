/** The command {@code smp4j races} and the commands below it. */
package org.smp4j.cli.races;
