package org.smp4j.explore.protocol;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.explore.Exploring;

/** Programs that are wrong in a way which steps do not tell, and plain fields that few schedules share. */
public final class Overlooked {
    private Overlooked() {
    }

    /** Something is used after another has given it up; to give it up is no step. */
    public static final class GivenUp implements Runnable {
        private static final class Thing {
            private volatile int used;
        }

        private volatile int other;

        @Override
        public void run() {
            Thing thing = new Thing();
            Small.run(() -> thing.used++, () -> {
                other++;
                Exploring.freed(thing);
            });
        }
    }

    /** What a thread has not done yet is seen by a look that is no step. */
    public static final class LookedAt implements Runnable {
        private volatile int first;
        private volatile int second;

        @Override
        public void run() {
            Small.run(() -> first = 1, () -> {
                second = 1;
                Exploring.quietly(() -> {
                    if (first == 0) {
                        Exploring.broken("looked", "the first was not there", List.of());
                    }
                });
            });
        }
    }

    /** Which of two objects is asked for its number first. */
    public static final class Numbered implements Runnable {
        private volatile int first;
        private volatile int second;

        @Override
        public void run() {
            Object one = new Object();
            Object two = new Object();
            int[] numbers = new int[2];
            Small.run(() -> {
                first++;
                numbers[0] = System.identityHashCode(one);
            }, () -> {
                second++;
                numbers[1] = System.identityHashCode(two);
            });
            if (numbers[0] > numbers[1]) {
                throw new IllegalStateException("the other was first");
            }
        }
    }

    /** A thread yields before it writes; it could do so before the other has read. */
    public static final class Yields implements Runnable {
        private volatile int value;

        @Override
        public void run() {
            Small.run(() -> {
                Thread.yield();
                value = 1;
            }, () -> {
                if (value == 1 && value == 1) {
                    throw new IllegalStateException("before");
                }
            });
        }
    }

    /** Five plain flags, each up for a moment; the next is looked at only where the one before was seen. */
    public static final class ManySwitches implements Runnable {
        private boolean first;
        private boolean second;
        private boolean third;
        private boolean fourth;
        private boolean fifth;

        @Override
        public void run() {
            Small.run(() -> {
                first = true;
                first = false;
                second = true;
                second = false;
                third = true;
                third = false;
                fourth = true;
                fourth = false;
                fifth = true;
                fifth = false;
            }, () -> {
                if (first && second && third && fourth && fifth) {
                    throw new IllegalStateException("all five");
                }
            });
        }
    }

    /** Two threads count in a plain field, but only where each has seen the other at three places: hardly any schedule comes there. */
    public static final class RareCount implements Runnable {
        private static final int PLACES = 3;

        private final AtomicIntegerArray asked = new AtomicIntegerArray(PLACES);
        private final AtomicIntegerArray answered = new AtomicIntegerArray(PLACES);
        private boolean one;
        private boolean other;
        private int count;

        @Override
        public void run() {
            Small.run(this::ask, this::answer);
            if (one && other && count != 2) {
                throw new IllegalStateException("counted " + count + " of 2");
            }
        }

        private void ask() {
            for (int place = 0; place < PLACES; place++) {
                asked.set(place, 1);
                asked.set(place, 0);
                if (answered.get(place) == 0) {
                    return;
                }
            }
            one = true;
            count++;
        }

        private void answer() {
            for (int place = 0; place < PLACES; place++) {
                if (asked.get(place) == 0) {
                    return;
                }
                answered.set(place, 1);
            }
            other = true;
            count++;
        }
    }
}
