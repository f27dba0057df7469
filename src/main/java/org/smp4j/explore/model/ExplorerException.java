package org.smp4j.explore.model;

/** The exploration itself cannot go on, whatever the scenario does: something that can't be controlled, nothing to explore, a token that does not fit. */
public class ExplorerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong, and what would be right.
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
     * @param cause what it comes from
     */
    public ExplorerException(String message, Throwable cause) {
        super(message, cause);
    }
}
