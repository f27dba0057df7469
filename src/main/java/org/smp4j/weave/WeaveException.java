package org.smp4j.weave;

/** An edit does not fit the class that it names, or can't be applied to it; the message names both. */
public final class WeaveException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WeaveException(String message) {
        super(message);
    }

    WeaveException(String message, Throwable cause) {
        super(message, cause);
    }
}
