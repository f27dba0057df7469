/** The command {@code smp4j replay}. */
package org.smp4j.cli.replay;
