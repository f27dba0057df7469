package org.smp4j.weave;

import java.util.Objects;

/**
 * An ordered or atomic access within a method: a call on a {@link java.lang.invoke.VarHandle} or on an object of
 * {@code java.util.concurrent.atomic}.
 *
 * @param field the field that holds the handle or the atomic object
 * @param method the method called on it
 * @param places which one of several, and how many there are
 */
public record OrderedAccess(String field, String method, Places places) {
    /**
     * Names an access.
     *
     * @param field the field that holds the handle or the atomic object
     * @param method the method called on it, for example {@code setRelease}
     * @return the only such access in a method
     */
    public static OrderedAccess access(String field, String method) {
        return new OrderedAccess(Objects.requireNonNull(field, "field"), Objects.requireNonNull(method, "method"),
                Places.ONLY);
    }

    /**
     * Selects one of several.
     *
     * @param number its number, from 1
     * @param of how many there must be
     * @return that access
     */
    public OrderedAccess number(int number, int of) {
        return new OrderedAccess(field, method, new Places(number, of));
    }

    /**
     * Selects all of several.
     *
     * @param of how many there must be
     * @return those accesses
     */
    public OrderedAccess all(int of) {
        return new OrderedAccess(field, method, new Places(0, of));
    }

    String what() {
        return field + "." + method;
    }

    @Override
    public String toString() {
        return places + what();
    }
}
