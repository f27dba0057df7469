package org.smp4j.explore.instrument;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A class with static state to restore, unmodelled calls, and an enum that can't be initialized. */
@SuppressWarnings("unused")
final class Statics {
    static final String NAME = "statics";
    private static final List<String> FIXED = List.of(NAME);
    private static final Holder FIXED_HOLDER = new Holder("text");
    private static final Runnable LAMBDA = () -> { };
    private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
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

    /** What it finds of two properties, called and by a reference. */
    static String properties() {
        return found("smp4j.test.a") + " " + found("smp4j.test.b") + " " + found(null);
    }

    private static String found(String property) {
        Predicate<String> asked = Boolean::getBoolean;
        return Boolean.getBoolean(property) + "/" + asked.test(property);
    }

    void copies(int[] from, int[] to) {
        Arrays.setAll(to, i -> from[i]);
        number = Arrays.stream(to).sum();
        Broken.valueOf("ONE");
    }

    /** An enum's constants are made once. */
    enum Kept {
        ONE;

        private static final Set<Object> HOLDERS = new HashSet<>(Set.of(1));
        private static final AtomicLong ATOMIC = new AtomicLong();
        private static final int[] ARRAY = {1};
        private static final Holder HOLDER = new Holder(new StringBuilder());
        private static final int[] EMPTY = {};
    }

    private record Holder(CharSequence text) {
    }

    private static final class Nested {
        private static long depth = 2;
    }

    enum Broken {
        ONE;

        static {
            if (Boolean.TRUE) {
                throw new IllegalStateException();
            }
        }
    }
}
