package org.smp4j.explore.model;

/**
 * The exploration itself can't go on: the scenario makes a call that can't be controlled, there is nothing to explore,
 * or a token does not fit.
 */
public class ExplorerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one; the message says what is wrong, and what to do.
     *
     * @param message one line
     */
    public ExplorerException(String message) {
        super(message);
    }

    /**
     * As {@link #ExplorerException(String)}.
     *
     * @param message one line
     * @param cause the cause
     */
    public ExplorerException(String message, Throwable cause) {
        super(message, cause);
    }
}
