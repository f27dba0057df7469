package org.smp4j.explore.coroutine;

/**
 * What a strand runs on: code that can be left in the middle and gone on with later. At most one of an exploration runs
 * at a time.
 */
public abstract class Coroutine {
    /** How strands are made. */
    public enum Kind {
        /** On {@code jdk.internal.vm.Continuation}, all on the thread that explores. */
        CONTINUATION,
        /** Each on a thread of its own, which waits for its turn. */
        THREAD
    }

    // The strand's code; set before resume(), taken when it starts.
    public Runnable body;

    // Whether the body has come to its end; the coroutine can then be given another.
    public boolean finished = true;

    /** Runs the body from where it left off until it suspends itself or ends. Called by who explores. */
    public abstract void resume();

    /** Leaves the body; comes back when it is resumed. Called by the body. */
    public abstract void suspend();

    /** The body will not be gone on with. */
    public abstract void abandon();

    /** {@return the frames of a body that is suspended, the innermost first} */
    public abstract StackTraceElement[] stack();

    /** {@return whether it can be given another body after it was abandoned or has finished} */
    public boolean reusable() {
        return finished;
    }

    public static Coroutine create(Kind kind) {
        return kind == Kind.CONTINUATION ? new ContinuationCoroutine() : new ThreadCoroutine();
    }

    /** {@return the faster kind if this JVM was started so that it can be had} */
    public static Kind best() {
        return ContinuationCoroutine.available() ? Kind.CONTINUATION : Kind.THREAD;
    }
}
