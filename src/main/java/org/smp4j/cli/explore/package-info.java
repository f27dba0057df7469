/** The command {@code smp4j explore}, its processes, and the progress that every exploration shows. */
package org.smp4j.cli.explore;
