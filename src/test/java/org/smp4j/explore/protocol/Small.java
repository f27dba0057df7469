package org.smp4j.explore.protocol;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.explore.Exploring;

/** Small scenarios, each for one duty of the explorer. */
public final class Small {
    private Small() {
    }

    static void run(Runnable... bodies) {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            threads[i] = new Thread(bodies[i], "T" + i);
            threads[i].start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Meets a class that was changed so that the JVM rejects it: the error is the JVM's. */
    public static class Unverifiable implements Runnable {
        @Override
        public void run() {
            Small.run(() -> {
                throw new VerifyError("Bad type on operand stack");
            }, () -> { });
        }
    }

    /**
     * A thread releases an object while another still reads it by plain accesses; then it takes the object again, after
     * which the other may read it.
     */
    public static class GivenUp implements Runnable {
        private static final class Thing {
            int plain;
        }

        private final boolean waits;
        private volatile boolean looked;
        private volatile boolean again;

        public GivenUp() {
            this(false);
        }

        GivenUp(boolean waits) {
            this.waits = waits;
        }

        @Override
        public void run() {
            Thing thing = new Thing();
            Thread other = new Thread(() -> {
                if (!again) {
                    looked = thing.plain == 0;
                }
                while (!again) {
                    Thread.onSpinWait();
                }
                Exploring.letGo(new Thing());
                looked = thing.plain == 0;
                Exploring.letGo(thing);
                Exploring.letGoNoMore();
                looked = thing.plain == 0;
            }, "T1");
            other.start();
            while (waits && !looked) {
                Thread.onSpinWait();
            }
            Exploring.freed(thing);
            Exploring.owned(thing);
            again = waits;
            if (!waits) {
                Exploring.freed(thing);
                again = true;
            }
        }
    }

    /** The same, but the thread waits for the other before the release. */
    public static class NotGivenUp extends GivenUp {
        public NotGivenUp() {
            super(true);
        }
    }

    /**
     * A thread releases an object as soon as another has begun: that is wrong only if the other is preempted before one
     * certain step.
     */
    public static final class GivenUpMeanwhile implements Runnable {
        private static final class Thing {
            volatile int used;
        }

        private volatile boolean begun;
        private volatile boolean ended;

        @Override
        public void run() {
            Thing thing = new Thing();
            Small.run(() -> {
                begun = true;
                thing.used++;
                ended = true;
            }, () -> {
                while (!begun) {
                    Thread.onSpinWait();
                }
                Exploring.freed(thing);
            });
        }
    }

    /**
     * A plain field is written before the explored stretch and read in it. The accesses are unordered only if a thread
     * is preempted in the middle.
     */
    public static final class RaceWithBefore implements Runnable {
        private int plain;
        private volatile int turn;

        @Override
        public void run() {
            Exploring.stretch(false);
            Small.run(() -> plain = 1, () -> {
                Exploring.stretch(true);
                turn = 1;
                turn = 2;
                Exploring.stretch(false);
            }, () -> {
                if (turn == 1 && plain == 2) {
                    throw new AssertionError("no thread writes this value");
                }
            });
        }
    }

    /** A thread touches an object that it has let go of. */
    public static class LetGo implements Runnable {
        private int plain;

        @Override
        public void run() {
            new Thread(() -> {
                Exploring.letGo(this);
                plain++;
            }, "T1").start();
            new Thread(() -> plain++, "T2").start();
        }
    }

    /** Volatile fields, read and written crosswise. */
    public static final class Crosswise implements Runnable {
        private volatile int x;
        private volatile int y;
        private volatile int z;
        private int sum;

        /** Makes a fresh one. */
        public Crosswise() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                x = 1;
                sum += y;
                z = 1;
            }, () -> {
                y = 1;
                sum += x + z;
            }, () -> {
                sum += x + y;
                z = 2;
            });
        }
    }

    /** Accesses with and without a lock. */
    public static final class Locks implements Runnable {
        private final Object lock = new Object();
        private volatile int x;

        /** Makes a fresh one. */
        public Locks() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                synchronized (lock) {
                    x = 1;
                }
                x = 2;
            }, () -> {
                synchronized (lock) {
                    x = 3;
                }
            }, () -> {
                int before = x;
                synchronized (lock) {
                    x = before + 1;
                }
            });
        }
    }

    /** Park and unpark. */
    public static final class Parks implements Runnable {
        private volatile int x;
        private volatile Thread parked;

        /** Makes a fresh one. */
        public Parks() {
        }

        @Override
        public void run() {
            Thread waiter = new Thread(() -> {
                while (x == 0) {
                    LockSupport.park(this);
                }
                x = 5;
            }, "waiter");
            parked = waiter;
            waiter.start();
            Small.run(() -> {
                x = 1;
                LockSupport.unpark(parked);
                x = 2;
            }, () -> {
                LockSupport.unpark(parked);
                x++;
            });
        }
    }

    /** Two locks in two orders. */
    public static final class LockOrder implements Runnable {
        private final Object a = new Object();
        private final Object b = new Object();

        /** Makes a fresh one. */
        public LockOrder() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                synchronized (a) {
                    synchronized (b) {
                        a.hashCode();
                    }
                }
            }, () -> {
                synchronized (b) {
                    synchronized (a) {
                        b.hashCode();
                    }
                }
            });
        }
    }

    /** Two threads make six steps each on one counter: there are as many orders as ways to choose 6 of 12. */
    public static final class Counter implements Runnable {
        private final AtomicInteger count = new AtomicInteger();

        /** Makes a fresh one. */
        public Counter() {
        }

        @Override
        public void run() {
            Runnable six = () -> {
                for (int i = 0; i < 6; i++) {
                    count.incrementAndGet();
                }
            };
            Small.run(six, six);
        }
    }

    /** Each thread hands over to the other for ever. */
    public static final class Livelock implements Runnable {
        private volatile boolean turn;

        /** Makes a fresh one. */
        public Livelock() {
        }

        private void pass(boolean own) {
            for (;;) {
                if (turn == own) {
                    turn = !own;
                }
                Thread.onSpinWait();
            }
        }

        @Override
        public void run() {
            Small.run(() -> pass(true), () -> pass(false));
        }
    }

    /** Spins for ever on a flag that no thread sets. */
    public static final class SpinsForEver implements Runnable {
        private volatile boolean flag;

        /** Makes a fresh one. */
        public SpinsForEver() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                while (!flag) {
                    Thread.onSpinWait();
                }
            }, () -> Exploring.choose(2));
        }
    }

    /** Two spinning locks, taken in opposite order. */
    public static class SpinLockOrder implements Runnable {
        private final AtomicInteger a = new AtomicInteger();
        private final AtomicInteger b = new AtomicInteger();

        /** Makes a fresh one. */
        public SpinLockOrder() {
        }

        void lock(AtomicInteger lock) {
            while (!lock.compareAndSet(0, 1)) {
                Thread.onSpinWait();
            }
        }

        private void both(AtomicInteger outer, AtomicInteger inner) {
            lock(outer);
            lock(inner);
            inner.set(0);
            outer.set(0);
        }

        @Override
        public void run() {
            Small.run(() -> both(a, b), () -> both(b, a));
        }
    }

    /** The same, but a thread that has tried for long takes the lock all the same. */
    public static final class CountedSpins extends SpinLockOrder {
        /** Makes a fresh one. */
        public CountedSpins() {
        }

        @Override
        void lock(AtomicInteger lock) {
            for (int turn = 0; !lock.compareAndSet(0, 1) && turn < 400; turn++) {
                Thread.onSpinWait();
            }
        }
    }

    /** The same, but a thread that has tried for an hour takes the lock. */
    public static final class TimedSpins extends SpinLockOrder {
        /** Makes a fresh one. */
        public TimedSpins() {
        }

        @Override
        void lock(AtomicInteger lock) {
            long deadline = System.nanoTime() + 3_600_000_000_000L;
            while (!lock.compareAndSet(0, 1) && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Ends, but only after more steps than a test allows. */
    public static final class Long implements Runnable {
        private final AtomicInteger count = new AtomicInteger();

        /** Makes a fresh one. */
        public Long() {
        }

        @Override
        public void run() {
            Runnable many = () -> {
                for (int i = 0; i < 90; i++) {
                    count.incrementAndGet();
                }
            };
            Small.run(many, many);
        }
    }

    /** A timeout of a minute, and a thread that spins until it is over. */
    public static final class Timeouts implements Runnable {
        private volatile long slept;

        /** Makes a fresh one. */
        public Timeouts() {
        }

        @Override
        public void run() {
            long start = System.nanoTime();
            Small.run(() -> {
                LockSupport.parkNanos(this, 60_000_000_000L);
                slept = System.nanoTime() - start;
            }, () -> {
                while (System.nanoTime() - start < 5_000_000_000L) {
                    Thread.onSpinWait();
                }
                if (slept != 0) {
                    throw new AssertionError("the later deadline came first");
                }
            });
            if (slept < 60_000_000_000L) {
                throw new AssertionError("woken after " + slept);
            }
        }
    }

    /** More threads than share a stack; one of them throws. */
    public static final class Throws implements Runnable {
        private volatile int shared;

        private void works() {
            for (int i = 0; i < 3; i++) {
                shared = i;
            }
        }

        private void fails() {
            shared = 3;
            throw new IllegalStateException("on purpose, after " + shared);
        }

        @Override
        public void run() {
            Small.run(this::works, this::works, this::fails, this::works, this::works, this::works);
        }
    }

    /** Has nothing to decide. */
    public static final class Alone implements Runnable {
        /** Makes a fresh one. */
        public Alone() {
        }

        @Override
        public void run() {
            new AtomicInteger().incrementAndGet();
        }
    }

    /** Is wrong only with the last of three alternatives. */
    public static final class Choice implements Runnable {
        private final AtomicInteger count = new AtomicInteger();

        /** Makes a fresh one. */
        public Choice() {
        }

        @Override
        public void run() {
            Small.run(count::incrementAndGet, () -> {
                if (Exploring.choose(3) == 2 && count.get() == 1) {
                    throw new AssertionError("the third");
                }
            });
        }
    }

    /** A daemon makes its last step before the run ends, or does not. */
    public static final class LastStepOfDaemon implements Runnable {
        private volatile boolean begun;
        private volatile int steps;

        /** Makes a fresh one. */
        public LastStepOfDaemon() {
        }

        @Override
        public void run() {
            Thread daemon = new Thread(() -> {
                begun = true;
                steps++;
            }, "daemon");
            daemon.setDaemon(true);
            daemon.start();
            while (!begun) {
                Thread.onSpinWait();
            }
        }
    }

    /** Remembers runs, hidden from the explorer. */
    public static final class Remembers implements Runnable {
        private static final String RUNS = "runs.of." + Remembers.class.getName();
        private final AtomicInteger count = new AtomicInteger();

        /** Makes a fresh one. */
        public Remembers() {
        }

        @Override
        public void run() {
            int steps = Integer.getInteger(RUNS, 0) + 1;
            System.setProperty(RUNS, Integer.toString(steps));
            Small.run(() -> {
                for (int i = 0; i < steps; i++) {
                    count.incrementAndGet();
                }
            }, count::incrementAndGet);
        }
    }

    /**
     * Static fields that every run changes, also in a class that no field's type leads to; each run starts with their
     * initial values.
     */
    public static final class Statics implements Runnable {
        private static final class Late {
            private static int runs = 5;
        }

        private static int runs;
        private final AtomicInteger count = new AtomicInteger();

        /** Makes a fresh one. */
        public Statics() {
        }

        @Override
        public void run() {
            if (++runs != 1 || ++Late.runs != 6) {
                throw new AssertionError("run " + runs + ", " + Late.runs);
            }
            Small.run(count::incrementAndGet, count::incrementAndGet);
        }
    }

    /** Two unordered plain writes without any consequence. */
    public static final class DataRace implements Runnable {
        private int plain;

        /** Makes a fresh one. */
        public DataRace() {
        }

        @Override
        public void run() {
            Small.run(() -> plain = 1, () -> plain = 2);
        }
    }

    /**
     * Two flags, read before they are set. They guard a plain field, whose accesses are unordered only if both threads
     * get in.
     */
    public static final class BrokenFlags implements Runnable {
        private volatile boolean first;
        private volatile boolean second;
        private volatile int turns;
        private int inside;

        /** Makes a fresh one. */
        public BrokenFlags() {
        }

        private void enter() {
            inside++;
            if (inside != 1) {
                throw new AssertionError("both are inside");
            }
            inside--;
        }

        @Override
        public void run() {
            Small.run(() -> {
                turns = 1;
                turns = 2;
                if (!second) {
                    first = true;
                    enter();
                    first = false;
                }
            }, () -> {
                turns = 3;
                if (!first) {
                    second = true;
                    enter();
                    second = false;
                }
            });
        }
    }

    /** A list that has become a ring, of plain fields that only one thread reaches. */
    public static final class Ring implements Runnable {
        /** One node. */
        private static final class Node {
            private Node next;
        }

        private volatile Node entry;

        /** Makes a fresh one. */
        public Ring() {
        }

        @Override
        public void run() {
            Node node = new Node();
            node.next = node;
            Small.run(() -> entry = node, () -> {
                for (Node at = entry; at != null; at = at.next) {
                    Thread.currentThread();
                }
            });
        }
    }

    /** A field that one thread writes with release, or by compare-and-set, and that another reads plainly, twice. */
    public static final class PlainReader implements Runnable {
        private static final VarHandle X = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "x",
                VarHandle.class, PlainReader.class, int.class);
        private int x;

        /** Makes a fresh one. */
        public PlainReader() {
        }

        @Override
        public void run() {
            Small.run(() -> X.setRelease(this, 1), () -> X.compareAndSet(this, 1, 2), () -> {
                int first = x;
                int second = x;
                if (first != second) {
                    throw new AssertionError("it changed in between");
                }
            });
        }
    }
}
