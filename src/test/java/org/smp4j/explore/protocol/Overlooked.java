package org.smp4j.explore.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.explore.Exploring;

/** Programs with faults that steps do not show, and programs with plain fields that strands share in few schedules. */
public final class Overlooked {
    private Overlooked() {
    }

    private static void waitOn(Object monitor) {
        try {
            monitor.wait();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An object is used after another thread has released it; the release is no step. */
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

    /** A read that is no step sees that a thread has not yet written. */
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

    /** The order in which two objects are asked for their identity hash codes. */
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

    /** A thread yields before it writes; it could write before the other has read. */
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

    /** The same with a pause that is in no loop. */
    public static final class Pauses implements Runnable {
        private volatile int value;

        @Override
        public void run() {
            Small.run(() -> {
                Thread.onSpinWait();
                value = 1;
            }, () -> {
                if (value == 1) {
                    throw new IllegalStateException("before");
                }
            });
        }
    }

    /** The same with a thread that yields twice at one place: that could be a loop that waits for the other. */
    public static final class YieldsAgain implements Runnable {
        private volatile int value;

        @Override
        public void run() {
            Small.run(() -> {
                for (int i = 0; i < 2; i++) {
                    Thread.yield();
                }
                value = 1;
            }, () -> {
                if (value == 1) {
                    throw new IllegalStateException("before");
                }
            });
        }
    }

    /** A thread notifies another, yields, and has the lock again before the other. */
    public static final class YieldsWhileNotified implements Runnable {
        private boolean waits;
        private boolean wokenUp;
        private boolean done;

        @Override
        public void run() {
            Small.run(() -> {
                synchronized (this) {
                    if (!done) {
                        waits = true;
                        waitOn(this);
                        wokenUp = true;
                    }
                }
            }, () -> {
                boolean notified;
                synchronized (this) {
                    notified = waits;
                    notifyAll();
                }
                Thread.yield();
                synchronized (this) {
                    if (notified && !wokenUp) {
                        throw new IllegalStateException("not woken up yet");
                    }
                    done = true;
                    notifyAll();
                }
            });
        }
    }

    /** Another thread asks for a thread's state between its last write and its wait for a lock. */
    public static final class AboutToWait implements Runnable {
        private volatile boolean there;

        @Override
        public void run() {
            Thread other = new Thread(() -> {
                there = true;
                synchronized (this) {
                    there = false;
                }
            });
            synchronized (this) {
                other.start();
                if (there && other.getState() == Thread.State.RUNNABLE) {
                    throw new IllegalStateException("not there yet");
                }
            }
        }
    }

    /** Of two waiters, the later one is woken. */
    public static final class WokenFirst implements Runnable {
        private final List<String> waiting = new ArrayList<>();
        private final List<String> woken = new ArrayList<>();
        private boolean given;

        @Override
        public void run() {
            Small.run(() -> await("one"), () -> await("other"), this::give);
        }

        private synchronized void await(String name) {
            waiting.add(name);
            while (!given) {
                waitOn(this);
            }
            woken.add(name);
            notifyAll();
            if (waiting.size() == 2 && woken.size() == 1 && !waiting.getFirst().equals(name)) {
                throw new IllegalStateException(name + " was woken, and came later");
            }
        }

        private synchronized void give() {
            given = waiting.size() == 2;
            if (given) {
                notify();
            } else {
                given = true;
                woken.add("all");
                notifyAll();
            }
        }
    }

    /** A thread waits once, and assumes that its condition then holds. */
    public static final class WaitsOnce implements Runnable {
        private boolean given;

        @Override
        public void run() {
            Small.run(() -> {
                synchronized (this) {
                    if (!given) {
                        waitOn(this);
                    }
                    if (!given) {
                        throw new IllegalStateException("woken by none");
                    }
                }
            }, () -> {
                synchronized (this) {
                    given = true;
                    notifyAll();
                }
            });
        }
    }

    /** A thread parks once, and assumes that its condition then holds. */
    public static final class ParksOnce implements Runnable {
        private volatile boolean given;

        @Override
        public void run() {
            Thread other = new Thread(() -> {
                LockSupport.park();
                if (!given) {
                    throw new IllegalStateException("woken by none");
                }
            });
            other.start();
            given = true;
            LockSupport.unpark(other);
        }
    }

    /** An array is filled one element after the other, and another thread reads it meanwhile. */
    public abstract static class Filled implements Runnable {
        private final int[] array = new int[2];

        abstract void fill(int[] filled);

        @Override
        public void run() {
            Small.run(() -> fill(array), () -> {
                if (array[1] == 0 && array[0] != 0) {
                    throw new IllegalStateException("half");
                }
            });
        }
    }

    /** By a call that is not modelled. */
    public static final class FilledUnseen extends Filled {
        @Override
        void fill(int[] filled) {
            Arrays.setAll(filled, i -> 1);
        }
    }

    /** With a loop, as such a call does it. */
    public static final class FilledByHand extends Filled {
        @Override
        void fill(int[] filled) {
            for (int i = 0; i < filled.length; i++) {
                filled[i] = 1;
            }
        }
    }

    /** Five plain flags, each set for a moment; the reader goes on to the next flag only if it saw the one before. */
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

    /**
     * Two threads increment a plain field, but only if each has seen the other at three places: hardly any schedule
     * gets there.
     */
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
