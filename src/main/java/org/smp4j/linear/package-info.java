/**
 * What a user of the check of concurrent objects sees: how the operations of a class are marked, the options, and the
 * report. A class is checked against its own sequential behaviour.
 */
package org.smp4j.linear;
