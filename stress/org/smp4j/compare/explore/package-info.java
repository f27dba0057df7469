/** Measures the explorer's verdicts: false alarms by what is allowed to happen, and beside other explorers. */
package org.smp4j.compare.explore;
