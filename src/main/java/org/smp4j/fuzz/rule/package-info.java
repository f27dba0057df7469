/** Rules that generated programs check themselves, beside those that hold in any scenario. */
package org.smp4j.fuzz.rule;
