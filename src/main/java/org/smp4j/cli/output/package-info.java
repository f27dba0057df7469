/** What commands write and how: JSON, JUnit XML, tables, durations, files that are checked before the work. */
package org.smp4j.cli.output;
