package org.smp4j.fuzz.grammar;

/** What an operation has to do with the signals that waiting operations need. */
public enum Part {
    /** Neither. */
    NONE,
    /** Waits for a signal. */
    WAITS,
    /** Gives a signal. */
    SIGNALS
}
