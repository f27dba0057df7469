/** A run in columns, for people. */
package org.smp4j.explore.report;
