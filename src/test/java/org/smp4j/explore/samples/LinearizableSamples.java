package org.smp4j.explore.samples;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.smp4j.junit.Linearizable;
import org.smp4j.linear.Operation;
import org.smp4j.linear.Range;

/** Sample tests that other tests run. */
public final class LinearizableSamples {
    private LinearizableSamples() {
    }

    /** A counter that loses increments. */
    static class Lossy {
        private volatile int count;

        @Operation
        int increment() {
            return ++count;
        }

        @Linearizable(programs = 10)
        void isLinearizable() {
        }
    }

    /** A counter, with a test that holds, and one that does not. */
    static class Counters {
        private final AtomicInteger count = new AtomicInteger();

        @Operation
        int add(@Range(from = 1, to = 2) int number) {
            return count.addAndGet(number);
        }

        @Linearizable(programs = 10, schedules = 100)
        void isLinearizable() {
            assert count.get() >= 6;
        }

        @Linearizable(threads = 3, operations = 1, before = 0, after = 0, strategy = "dpor", programs = 5)
        void isProven() {
        }

        @Linearizable(programs = 3, schedules = 100)
        void endsOdd() {
            assert count.get() % 2 == 1 : "even";
        }

        @Linearizable
        int unseen() {
            return 0;
        }
    }

    /** Prepares what would not be prepared. */
    static class Prepares {
        @Operation
        int one() {
            return 1;
        }

        @BeforeEach
        void prepare() {
        }

        @Linearizable
        void isLinearizable() {
        }
    }
}
