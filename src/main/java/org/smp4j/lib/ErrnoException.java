package org.smp4j.lib;

/** An error that a method has returned, as {@link Errno#orThrow} throws it; no kernel counterpart. */
public final class ErrnoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int result;

    ErrnoException(int result) {
        super(Errno.name(result));
        this.result = result;
    }

    /** {@return what the method has returned: a negated error number, for example {@code -Errno.ENXIO}} */
    public int result() {
        return result;
    }
}
