package org.smp4j.explore.model;

/** Which timeouts may fire although a thread can go on. Any may where none can. */
public enum Timeouts {
    /** None, and time does not pass before a read of the clock. */
    NEVER,
    /** Those below a second: a longer one stands for "never". */
    SHORT,
    /** All. */
    ANY
}
