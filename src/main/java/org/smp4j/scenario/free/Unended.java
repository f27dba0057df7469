package org.smp4j.scenario.free;

/** Thrown if a free run has not ended in time. */
public final class Unended extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unended(String message) {
        super(message, null, false, false);
    }
}
