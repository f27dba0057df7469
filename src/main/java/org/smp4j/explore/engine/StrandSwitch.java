package org.smp4j.explore.engine;

import org.smp4j.explore.coroutine.Coroutine;

/**
 * Switches between strands. On continuations a strand that passes its turn on stays mounted for a while, with the next
 * strand on top of it on the stack; to go on it only needs the other one to unmount. Of the two halves of a switch,
 * unmount and mount, this saves nearly every second one.
 */
final class StrandSwitch {
    // The number of strands that share the stack of the exploring thread: their frames add up, and more strands save
    // little.
    private static final int MOST = 4;

    private final Execution x;
    private final boolean stack;
    // The strand whose turn is next; null if the run is over.
    private LiveStrand next;
    // The strand whose turn it is, or was last.
    private LiveStrand current;
    private int stacked;
    // What a coroutine has thrown: a fault of the explorer or of a strategy, which no strand may catch.
    private Throwable escaped;

    StrandSwitch(Execution x) {
        this.x = x;
        stack = x.kind == Coroutine.Kind.CONTINUATION;
    }

    LiveStrand current() {
        return current;
    }

    /** Runs strands, beginning with the first, until there is no next turn. */
    void run(LiveStrand first) {
        next = first;
        stacked = 0;
        escaped = null;
        try {
            while (next != null) {
                resume();
            }
        } finally {
            Execution.running = null;
        }
        if (escaped instanceof Error error) {
            throw error;
        } else if (escaped != null) {
            throw (RuntimeException) escaped;
        }
    }

    private void resume() {
        LiveStrand strand = next;
        take(strand);
        strand.stacked = true;
        stacked++;
        try {
            strand.coroutine.resume();
        } catch (RuntimeException | Error e) {
            // Another strand may stand below on the stack: its code must not see this, and no strand goes on.
            escaped = escaped == null ? e : escaped;
            next = null;
        }
        stacked--;
        strand.stacked = false;
    }

    private void take(LiveStrand strand) {
        next = null;
        current = strand;
        Execution.running = strand;
    }

    /** Passes the turn from one strand to another; returns when it is the first one's turn again. */
    void pass(LiveStrand from, LiveStrand to) {
        next = to;
        while (stack && next != null && !next.stacked && stacked < MOST) {
            resume();
        }
        if (next == from) {
            take(from);
        } else {
            from.coroutine.suspend();
        }
    }

    /** Passes the turn on from a strand that has ended. */
    void pass(LiveStrand to) {
        next = to;
    }

    /** Ends the turns of this run; does not return. */
    void end(LiveStrand strand) {
        next = null;
        strand.coroutine.suspend();
        throw new IllegalStateException("an abandoned strand runs");
    }
}
