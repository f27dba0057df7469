package org.smp4j.linear.check;

import java.util.Arrays;

/**
 * The calls of one run: when each began and ended, and with what result. Only the running strand uses it; the next run
 * uses it again.
 */
final class History {
    private final Object[] results;
    // By call, a number that grows from event to event; 0 for an event that has not come.
    private final int[] begun;
    private final int[] ended;
    private int clock;

    History(int calls) {
        results = new Object[calls];
        begun = new int[calls];
        ended = new int[calls];
    }

    int size() {
        return results.length;
    }

    void clear() {
        Arrays.fill(results, null);
        Arrays.fill(begun, 0);
        Arrays.fill(ended, 0);
        clock = 0;
    }

    void begins(int call) {
        begun[call] = ++clock;
    }

    void ends(int call, Object result) {
        results[call] = result;
        ended[call] = ++clock;
    }

    Object result(int call) {
        return results[call];
    }

    boolean hasEnded(int call) {
        return ended[call] != 0;
    }

    /** {@return whether the call has begun and not ended} */
    boolean isPending(int call) {
        return begun[call] != 0 && ended[call] == 0;
    }

    /** {@return whether one call had ended before another one began} */
    boolean precedes(int one, int other) {
        return ended[one] != 0 && ended[one] < begun[other];
    }
}
