package org.smp4j.explore.engine;

import org.smp4j.explore.coroutine.Coroutine;

/**
 * Gives the strands their turns. Where they run on continuations, who gives its turn to another stays where it is on the stack for a while, with the other on top of
 * it: to go on it then needs only the other to go. Of the two halves of a switch, leaving one's stack and coming back, this saves nearly every second.
 */
final class StrandSwitch {
    // So many strands share the stack of the thread that explores; what they need of it adds up, and more save little.
    private static final int MOST = 4;

    private final Execution x;
    private final boolean stack;
    // Whose turn is next; null if the run is over.
    private LiveStrand next;
    // Whose turn it is, or was last.
    private LiveStrand current;
    private int stacked;

    StrandSwitch(Execution x) {
        this.x = x;
        stack = x.kind == Coroutine.Kind.CONTINUATION;
    }

    LiveStrand current() {
        return current;
    }

    /** Runs from one strand's turn on until there is no next. */
    void run(LiveStrand first) {
        next = first;
        stacked = 0;
        try {
            while (next != null) {
                resume();
            }
        } finally {
            Execution.running = null;
        }
    }

    private void resume() {
        LiveStrand strand = next;
        take(strand);
        strand.stacked = true;
        stacked++;
        strand.coroutine.resume();
        stacked--;
        strand.stacked = false;
    }

    private void take(LiveStrand strand) {
        next = null;
        current = strand;
        Execution.running = strand;
    }

    /** From one strand to another; comes back when it is the first one's turn again. */
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

    /** A strand has ended, and has no turn any more. */
    void pass(LiveStrand to) {
        next = to;
    }

    /** Nobody has a turn any more in this run; does not come back. */
    void end(LiveStrand strand) {
        next = null;
        strand.coroutine.suspend();
        throw new IllegalStateException("an abandoned strand runs");
    }
}
