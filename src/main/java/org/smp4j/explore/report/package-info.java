/** Renders a run for reports: one column per CPU or thread. */
package org.smp4j.explore.report;
