package org.smp4j.explore.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads reach their shared field without a lock only if they have made a dozen steps in one certain order;
 * otherwise they give up.
 */
public class InOneOrder implements Runnable {
    private static final String ORDER = "aabbbabaabab";

    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean aHas;
    private volatile boolean bHas;
    private int count;

    /** Makes a fresh one. */
    public InOneOrder() {
    }

    /** The same, and each takes a lock for the field. */
    public static final class Guarded extends InOneOrder {
        /** Makes a fresh one. */
        public Guarded() {
        }

        @Override
        void add() {
            synchronized (this) {
                super.add();
            }
        }
    }

    @Override
    public void run() {
        Small.run(() -> aHas = steps('a'), () -> bHas = steps('b'));
        if (aHas && bHas && count != 2) {
            throw new IllegalStateException("lost: " + count);
        }
    }

    private boolean steps(char thread) {
        for (int i = 0; i < ORDER.length(); i++) {
            if (ORDER.charAt(i) == thread && !made.compareAndSet(i, i + 1)) {
                return false;
            }
        }
        add();
        return true;
    }

    void add() {
        count++;
    }
}
