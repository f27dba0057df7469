package org.smp4j.lib;

/**
 * Thrown out of every wait once the machine has been closed or has panicked, so that each of its threads ends; nothing
 * in the tower swallows it. No kernel counterpart.
 */
public final class Aborted extends Error {
    private static final long serialVersionUID = 1L;

    Aborted(String reason) {
        super(reason, null, false, false);
    }
}
