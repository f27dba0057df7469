package org.smp4j.lib;

/**
 * Thrown by every wait once the machine was closed or has panicked, so that each of its threads ends; no code in the
 * tower swallows it. No kernel counterpart.
 */
public final class Aborted extends Error {
    private static final long serialVersionUID = 1L;

    Aborted(String reason) {
        super(reason, null, false, false);
    }
}
