package org.smp4j.explore.juc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.junit.Explore;

/** Programs whose steps within a call of the JDK matter. */
final class Insides {
    private Insides() {
    }

    /** The documentation says that putAll may be seen half done. */
    public static class PutsAll extends Parts.Pair {
        final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();

        @Override
        void body(int number) {
            if (number == 0) {
                map.putAll(Map.of("left", 1, "right", 1));
            } else {
                Threads.require(map.size() != 1, "half of it is there");
            }
        }

        @Override
        void after() {
        }
    }

    /** What belongs together is one value. */
    public static class PutsOne extends Parts.Pair {
        final Map<String, Map<String, Integer>> map = new ConcurrentHashMap<>();

        @Override
        void body(int number) {
            if (number == 0) {
                map.put("both", Map.of("left", 1, "right", 1));
            } else {
                Map<String, Integer> both = map.getOrDefault("both", Map.of());
                Threads.require(both.containsKey("left") == both.containsKey("right"), "half of it is there");
            }
        }

        @Override
        void after() {
        }
    }

    /** Waits until both have counted down; right if the latch is. */
    public static class CountsDown extends Parts.Single {
        @Override
        void body() throws InterruptedException {
            CountDownLatch latch = new CountDownLatch(2);
            Threads.start("a", latch::countDown);
            Threads.start("b", latch::countDown);
            latch.await();
        }
    }

    /** As {@link PutsAll}, as a test. */
    public static class InsideTest {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();

        @Explore(schedules = 300, inside = "java.util.concurrent")
        void putsAll() throws InterruptedException {
            Thread writer = new Thread(() -> map.putAll(Map.of("left", 1, "right", 1)));
            writer.start();
            Threads.require(map.size() != 1, "half of it is there");
            writer.join();
        }
    }
}
