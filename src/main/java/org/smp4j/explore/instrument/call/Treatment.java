package org.smp4j.explore.instrument.call;

import java.lang.constant.MethodTypeDesc;

/** What becomes of a call. */
public sealed interface Treatment {
    /** A hook is called instead. */
    record Replaced(String converter, MethodTypeDesc converterType, String hook, MethodTypeDesc type)
            implements Treatment {
        public boolean hasSite() {
            int last = type.parameterCount() - 1;
            return last >= 0 && type.parameterType(last).descriptorString().equals("I");
        }
    }

    /** It goes through a bridge. */
    record Bridged(Shape shape, int mode, Quiet quiet) implements Treatment {
    }

    /** It ends the exploration when it runs. */
    record Refused() implements Treatment {
    }

    /** A fence: the hook, then the call. */
    record Fenced() implements Treatment {
    }

    /** It stays as it is and is listed. */
    record Listed() implements Treatment {
    }

    /**
     * It stays as it is and is listed; the collection that is its last argument is walked, and what it makes keeps that
     * order.
     */
    record Walking() implements Treatment {
    }

    /** What a bridge does beside the call. */
    enum Shape {
        /** A handle of a static field. */
        STATIC_HANDLE,
        /** A handle of a field. */
        FIELD_HANDLE,
        /** A handle of array elements. */
        ELEMENT_HANDLE,
        /** An atomic object. */
        ATOMIC,
        /** An element of an atomic array. */
        ATOMIC_ELEMENT,
        /** An object whose calls are single steps. */
        OBJECT,
        /** A wrapper of the object that is the first argument. */
        WRAPPER,
        /** Nothing: it is only kept quiet. */
        NONE,
        /** A lock known by its interface. */
        LOCK,
        /** A hash code that may be the identity's. */
        HASH,
        /** A method of a thread that its class may have overridden. */
        OVERRIDABLE,
        /** {@code Thread.join(Duration)}. */
        JOIN,
        /** It goes through the elements of an array. */
        ARRAY
    }

    /** Whether the call runs without points in what it calls back. */
    enum Quiet {
        /** Points are welcome there. */
        NEVER,
        /** It may hold a lock of the JDK, which the next strand would block on for good. */
        ALWAYS,
        /** If the object turns out to be one that locks. */
        IF_LOCKING,
        /** If the object turns out to be one that locks even while it is walked through. */
        IF_LOCKING_WALK
    }
}
