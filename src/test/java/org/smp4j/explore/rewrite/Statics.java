package org.smp4j.explore.rewrite;

import java.util.Arrays;

/** A class with static state, unseen calls, and one class that can't be initialized. */
final class Statics {
    static final String NAME = "statics";
    static int changed = 3;
    private static volatile String text = "initial";
    private int number;

    private Statics() {
    }

    static void change() {
        changed++;
        text = "changed";
    }

    static String told() {
        return changed + text + Nested.depth;
    }

    void copies(int[] from, int[] to) {
        System.arraycopy(from, 0, to, 0, 1);
        Arrays.fill(to, number);
        new Broken();
    }

    private static final class Nested {
        private static long depth = 2;
    }

    private static final class Broken {
        static {
            if (Boolean.TRUE) {
                throw new IllegalStateException();
            }
        }
    }
}
