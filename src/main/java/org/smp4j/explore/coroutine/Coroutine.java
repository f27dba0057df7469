package org.smp4j.explore.coroutine;

/**
 * Runs the code of a strand, which can suspend itself in the middle and be resumed later. At most one coroutine of an
 * exploration runs at a time.
 */
public abstract class Coroutine {
    /** The option that gives a JVM access to {@link Kind#CONTINUATION}. */
    public static final String ACCESS = "--add-exports java.base/jdk.internal.vm=ALL-UNNAMED";

    /** The kinds of coroutine. */
    public enum Kind {
        /** On {@code jdk.internal.vm.Continuation}, all on the exploring thread. */
        CONTINUATION,
        /** Each on a thread of its own that waits for its turn. */
        THREAD
    }

    // The strand's code; set before resume(), read when the body starts.
    public Runnable body;

    // Whether the body has ended; the coroutine can then take another one.
    public boolean finished = true;

    /** Runs the body from where it left off until it suspends itself or ends. Called by the exploring thread. */
    public abstract void resume();

    /** Suspends the body; returns when it is resumed. Called by the body. */
    public abstract void suspend();

    /** Abandons the body: it is not resumed. */
    public abstract void abandon();

    /** {@return the frames of a suspended body, the innermost first} */
    public abstract StackTraceElement[] stack();

    /** {@return whether the coroutine can take another body after this one was abandoned or has finished} */
    public boolean reusable() {
        return finished;
    }

    /** {@return a new coroutine of a kind} */
    public static Coroutine create(Kind kind) {
        return kind == Kind.CONTINUATION ? new ContinuationCoroutine() : new ThreadCoroutine();
    }

    /** {@return the fastest kind that this JVM gives access to} */
    public static Kind best() {
        return ContinuationCoroutine.available() ? Kind.CONTINUATION : Kind.THREAD;
    }
}
