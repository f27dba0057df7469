package org.smp4j.explore.hooks;

/**
 * What {@code new Object()} makes in rewritten code: an object with a hash code that is the same in every run, so that
 * a hash table with such keys has the same order. The first call fixes it for the object's life.
 */
public final class PlainObject {
    private int hash;

    /** Makes one. */
    public PlainObject() {
    }

    @Override
    public int hashCode() {
        if (hash == 0) {
            hash = Hooks.identityHashCode(this);
        }
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public String toString() {
        return Object.class.getName() + "@" + Integer.toHexString(hashCode());
    }
}
