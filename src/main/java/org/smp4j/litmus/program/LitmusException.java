package org.smp4j.litmus.program;

/** A litmus test that can't be read or run; the message names the line and column. */
public final class LitmusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A test that can't be read or run.
     *
     * @param position where
     * @param message what is wrong there
     */
    public LitmusException(Position position, String message) {
        super(position + ": " + message);
    }
}
