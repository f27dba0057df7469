package org.smp4j.explore.juc;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

/** Timers, parallel streams, and maps that many threads search. */
final class More {
    private More() {
    }

    /** A task of a timer counts while the thread that made it does. */
    private abstract static class Timed extends Parts.Single {
        @Override
        final void body() throws Exception {
            Timer timer = new Timer("timer");
            Object done = new Object();
            boolean[] ran = new boolean[1];
            timer.schedule(new TimerTask() {
                @Override
                public void run() {
                    count();
                    synchronized (done) {
                        ran[0] = true;
                        done.notifyAll();
                    }
                }
            }, 1);
            count();
            synchronized (done) {
                while (!ran[0]) {
                    done.wait();
                }
            }
            end(timer);
            Threads.require(count == 2, "count is " + count);
        }

        void count() {
            count++;
        }

        void end(Timer timer) {
            timer.cancel();
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class TimerRaces extends Timed {
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class TimerUnderALock extends Timed {
        @Override
        synchronized void count() {
            super.count();
        }
    }

    /** The timer's thread waits for tasks for ever. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 100, saying = "TimerThread.mainLoop")
    public static class TimerStays extends Timed {
        @Override
        synchronized void count() {
            super.count();
        }

        @Override
        void end(Timer timer) {
        }
    }

    /** A parallel stream runs on one thread, whatever makes it. */
    @Gives(value = Verdict.PASS, by = "dpor", schedules = 2000,
            saying = "a parallel stream runs on the thread that asks for its result")
    public static class Streams extends Parts.Pair {
        private final AtomicInteger sum = new AtomicInteger();

        @Override
        void body(int number) {
            if (number == 0) {
                List.of(1, 2).parallelStream().forEach(sum::addAndGet);
                List.of(1).stream().parallel().forEach(sum::addAndGet);
            } else {
                IntStream.range(1, 2).parallel().forEach(sum::addAndGet);
                StreamSupport.stream(List.of(1).spliterator(), true).forEach(sum::addAndGet);
            }
        }

        @Override
        void after() {
            Threads.require(sum.get() == 6, "the sum is " + sum);
        }
    }

    /** What a thread has bound is not bound in a thread that it starts. */
    private abstract static class Scoped extends Parts.Pair {
        private static final ScopedValue<Integer> NUMBER = ScopedValue.newInstance();
        private static final ScopedValue<String> NAME = ScopedValue.newInstance();

        @Override
        final void body(int number) {
            Threads.require(!NUMBER.isBound() && NAME.orElse("none").equals("none"), "something is bound");
            ScopedValue.where(NUMBER, number).where(NAME, "outer").run(() -> {
                add(NUMBER.get());
                int inner = ScopedValue.where(NUMBER, number + 1).call(NUMBER::get);
                Threads.require(inner == number + 1 && NUMBER.get() == number && NAME.get().equals("outer"),
                        "inner is " + inner);
                Threads.join(Threads.start("within", () -> Threads.require(!NUMBER.isBound(), "it is inherited")));
            });
            try {
                NUMBER.get();
                throw new AssertionError("still bound");
            } catch (NoSuchElementException e) {
                return; // as it must be
            }
        }

        @Override
        final void after() {
            Threads.require(count == 1, "count is " + count);
        }

        abstract void add(int number);
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500, saying = "count is 0")
    public static class ScopedRaces extends Scoped {
        @Override
        void add(int number) {
            count += number;
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class ScopedUnderALock extends Scoped {
        @Override
        synchronized void add(int number) {
            count += number;
        }
    }

    /** Threads of the common pool search the map, too. */
    private abstract static class Searched extends Parts.Single {
        @Override
        final void body() {
            ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
            for (int i = 0; i < 4; i++) {
                map.put(i, 1);
            }
            map.forEach(1, (key, value) -> add(value));
            Threads.require(count == 4, "count is " + count);
        }

        abstract void add(int value);
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class SearchRaces extends Searched {
        @Override
        void add(int value) {
            count += value;
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class SearchUnderALock extends Searched {
        @Override
        synchronized void add(int value) {
            count += value;
        }
    }
}
