package org.smp4j.explore.instrument.call;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** How a call is rewritten. */
public sealed interface Treatment {
    /** {@return what a message says beside the name of the call} */
    default String note() {
        return "";
    }

    /** A hook replaces the call; its class is null if {@link RewriteOptions#hooks} says which. */
    record Replaced(String converter, MethodTypeDesc converterType, ClassDesc holder, String hook,
            MethodTypeDesc type) implements Treatment {
        public boolean hasSite() {
            int last = type.parameterCount() - 1;
            return last >= 0 && type.parameterType(last).descriptorString().equals("I");
        }
    }

    /** A hook of ValueHooks makes the last argument of another call, which replaces this one. */
    record Supplied(String hook, MethodTypeDesc hookType, MethodTypeDesc type) implements Treatment {
        public boolean hasSite() {
            return hookType.parameterCount() > 0 && hookType.parameterType(0).descriptorString().equals("I");
        }
    }

    /** The call goes through a bridge. */
    record Bridged(Shape shape, int mode, Quiet quiet) implements Treatment {
    }

    /**
     * The call ends the exploration when it runs.
     *
     * @param note what the reader is told beside the name of the call, after a comma; or empty
     */
    record Refused(String note) implements Treatment {
        /** A call that speaks for itself. */
        public Refused() {
            this("");
        }
    }

    /** The call is a fence: the hook comes before it. */
    record Fenced() implements Treatment {
    }

    /** The call enters code of the JDK that is rewritten: a new step begins before it and after it. */
    record Entered() implements Treatment {
    }

    /** The call asks a class loader for a class: a hook comes before it. */
    record Loading() implements Treatment {
    }

    /** The call is an access by the JDK's own means; a method without its memory ordering, which the site has. */
    record Sited(String method, int mode) implements Treatment {
    }

    /** The call asks for a system property, which {@link RewriteOptions#properties} may answer. */
    record Property() implements Treatment {
    }

    /** The call stays as it is and is listed as unmodelled. */
    record Listed() implements Treatment {
    }

    /** The call stays as it is; it iterates over the collection that it is given, and its result keeps that order. */
    record Walking() implements Treatment {
    }

    /** The kinds of bridge, by the object of the call. */
    enum Shape {
        /** A VarHandle of a static field. */
        STATIC_HANDLE,
        /** A VarHandle of an instance field. */
        FIELD_HANDLE,
        /** A VarHandle of array elements. */
        ELEMENT_HANDLE,
        /** An atomic object. */
        ATOMIC,
        /** An element of an atomic array. */
        ATOMIC_ELEMENT,
        /** An object whose calls are single steps. */
        OBJECT,
        /** A method that wraps the object in its first argument. */
        WRAPPER,
        /** A call that makes an immutable set or map, which gets the order of its arguments. */
        GIVEN,
        /** A call without a hook: the bridge only makes it quiet. */
        NONE,
        /** A lock that the call knows by its interface. */
        LOCK,
        /** A call of {@code hashCode} that may return the identity hash code. */
        HASH,
        /** {@code Object.clone}, which reads all fields. */
        CLONE,
        /** A call of an interface that rewritten classes implement; that of another class is refused. */
        OPEN,
        /** A method of a thread that the thread's class may override. */
        OVERRIDABLE,
        /** {@code Thread.join(Duration)}. */
        JOIN,
        /** A use of a member by reflection. */
        REFLECTED,
        /** A lookup of a method handle. */
        FOUND,
        /** A call that makes a field updater. */
        UPDATER_MADE,
        /** A field updater. */
        UPDATER,
        /** A call that processes the elements of an array. */
        ARRAY
    }

    /** Whether callbacks of the call run without scheduling points. */
    enum Quiet {
        /** Callbacks may have scheduling points. */
        NEVER,
        /** The call may hold a JDK lock, on which the next strand would block for real. */
        ALWAYS,
        /** Quiet if the object, at run time, is one that locks. */
        IF_LOCKING,
        /** Quiet if the object, at run time, is one that locks even during iteration. */
        IF_LOCKING_WALK
    }
}
