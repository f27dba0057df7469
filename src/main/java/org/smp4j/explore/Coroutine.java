package org.smp4j.explore;

/** What a strand runs on: code that can be left in the middle and gone on with later. At most one of an exploration runs at a time. */
abstract class Coroutine {
    /** How strands are made. */
    enum Kind {
        /** On {@code jdk.internal.vm.Continuation}, all on the thread that explores. */
        CONTINUATION,
        /** Each on a thread of its own, which waits for its turn. */
        THREAD
    }

    // The strand's code; set before resume(), taken when it starts.
    Runnable body;

    // Whether the body has come to its end; the coroutine can then be given another.
    boolean finished = true;

    /** Runs the body from where it left off until it suspends itself or ends. Called by who explores. */
    abstract void resume();

    /** Leaves the body; comes back when it is resumed. Called by the body. */
    abstract void suspend();

    /** The body will not be gone on with. */
    abstract void abandon();

    /** {@return the frames of a body that is suspended, the innermost first} */
    abstract StackTraceElement[] stack();

    /** {@return whether it can be given another body after it was abandoned or has finished} */
    boolean reusable() {
        return finished;
    }

    static Coroutine create(Kind kind) {
        return kind == Kind.CONTINUATION ? new ContinuationCoroutine() : new ThreadCoroutine();
    }

    /** {@return the faster kind if this JVM was started so that it can be had} */
    static Kind best() {
        return ContinuationCoroutine.available() ? Kind.CONTINUATION : Kind.THREAD;
    }
}
