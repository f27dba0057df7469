package org.smp4j.explore.protocol;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.smp4j.explore.Exploring;

/**
 * Programs of two threads, each wrong in a different way, most of them only if one thread is preempted at the right
 * place.
 */
public final class Faults {
    private Faults() {
    }

    /** Two threads of which each may see the other halfway. */
    public abstract static class Pair implements Runnable {
        /** Whether the other is halfway. */
        protected volatile boolean halfway;
        /** How often a thread was inside. */
        protected final AtomicInteger count = new AtomicInteger();

        @Override
        public final void run() {
            Thread other = new Thread(this::other, "other");
            other.start();
            mine();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The action of the other thread. */
        protected void other() {
            halfway = true;
            count.incrementAndGet();
            halfway = false;
        }

        /** The action of the first thread. */
        protected abstract void mine();
    }

    /** Throws in the first thread. */
    public static final class ThrowsInMain extends Pair {
        /** Makes a fresh one. */
        public ThrowsInMain() {
        }

        @Override
        protected void mine() {
            if (halfway) {
                throw new IllegalStateException("seen halfway");
            }
        }
    }

    /** Throws in the second thread. */
    public static final class ThrowsInOther extends Pair {
        /** Makes a fresh one. */
        public ThrowsInOther() {
        }

        @Override
        protected void mine() {
            halfway = true;
            halfway = false;
        }

        @Override
        protected void other() {
            if (halfway) {
                throw new IllegalStateException("seen halfway");
            }
        }
    }

    /** Makes an assertion that does not hold. */
    public static final class Asserts extends Pair {
        /** Makes a fresh one. */
        public Asserts() {
        }

        @Override
        protected void mine() {
            if (halfway) {
                throw new AssertionError("seen halfway");
            }
        }
    }

    /** Parks for good. */
    public static final class Deadlock extends Pair {
        /** Makes a fresh one. */
        public Deadlock() {
        }

        @Override
        protected void mine() {
            while (halfway) {
                LockSupport.park();
            }
        }
    }

    /** Loops for ever, and writes a field in each round. */
    public static final class Livelock extends Pair {
        /** Makes a fresh one. */
        public Livelock() {
        }

        @Override
        protected void mine() {
            boolean seen = halfway;
            while (seen) {
                goRound();
            }
        }

        private void goRound() {
            count.incrementAndGet();
        }
    }

    /** Loops for ever, reading a field that no thread will change. */
    public static final class Spins extends Pair {
        /** Makes a fresh one. */
        public Spins() {
        }

        @Override
        protected void mine() {
            boolean seen = halfway;
            while (seen & count.get() >= 0) {
                Thread.onSpinWait();
            }
        }
    }

    /** Loops for ever without any access. */
    public static final class Computes extends Pair {
        /** Makes a fresh one. */
        public Computes() {
        }

        @Override
        protected void mine() {
            boolean seen = halfway;
            int turns = 0;
            while (seen) {
                turns++;
            }
            if (turns > 0) {
                throw new IllegalStateException();
            }
        }
    }

    /** Walks along a list that leads back to its beginning. */
    public static final class WalksInACircle extends Pair {
        private static final class Node {
            private Node next;
        }

        /** Makes a fresh one. */
        public WalksInACircle() {
        }

        @Override
        protected void mine() {
            Node first = new Node();
            Node second = new Node();
            first.next = second;
            second.next = halfway ? first : null;
            for (Node node = first; node != null; node = node.next) {
                continue;
            }
        }
    }

    /** Two threads that give way to each other for ever, if they begin in step. */
    public static final class AfterYou implements Runnable {
        private volatile boolean first;
        private volatile boolean second;

        /** Makes a fresh one. */
        public AfterYou() {
        }

        @Override
        public void run() {
            Thread one = new Thread(() -> {
                first = true;
                while (second) {
                    first = false;
                    Thread.yield();
                    first = true;
                }
                first = false;
            }, "one");
            Thread two = new Thread(() -> {
                second = true;
                while (first) {
                    second = false;
                    Thread.yield();
                    second = true;
                }
                second = false;
            }, "two");
            one.start();
            two.start();
            try {
                one.join();
                two.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Reads a plain field that another thread writes, in one order of two. */
    public static final class Races extends Pair {
        private int plain;

        /** Makes a fresh one. */
        public Races() {
        }

        @Override
        protected void other() {
            plain = 1;
            halfway = true;
        }

        @Override
        protected void mine() {
            if (!halfway && count.getAndAdd(plain) > 1) {
                throw new IllegalStateException();
            }
        }
    }

    /** Uses an object after its release. */
    public static final class UsesAfterRelease extends Pair {
        /** Makes a fresh one. */
        public UsesAfterRelease() {
        }

        @Override
        protected void mine() {
            if (halfway) {
                Exploring.freed(count);
            }
        }
    }

    /** Reports the breach of a rule of its own. */
    public static final class BreaksARule extends Pair {
        /** Makes a fresh one. */
        public BreaksARule() {
        }

        @Override
        protected void mine() {
            if (halfway) {
                Exploring.broken("halfway", "seen halfway", List.of("by the first thread"));
            }
        }
    }

    /** Unlocks a lock that it does not hold. */
    public static final class UnlocksTwice extends Pair {
        /** Makes a fresh one. */
        public UnlocksTwice() {
        }

        @Override
        protected void mine() {
            if (halfway) {
                count.notifyAll();
            }
        }
    }

    /** A clean-up that hides the first exception, and never ends if the run is abandoned in its middle. */
    public static final class ThrowsWhileUnwinding extends Pair {
        /** Makes a fresh one. */
        public ThrowsWhileUnwinding() {
        }

        @Override
        protected void mine() {
            try {
                if (halfway) {
                    throw new IllegalStateException("seen halfway");
                }
            } finally {
                count.incrementAndGet();
                if (halfway) {
                    throw new UnsupportedOperationException("on the way out");
                }
            }
        }
    }

    /** Loops for ever in its only thread. */
    public static final class ComputesAlone implements Runnable {
        /** Makes a fresh one. */
        public ComputesAlone() {
        }

        @Override
        public void run() {
            for (int turns = 1; turns != 0; turns |= 1) {
                continue;
            }
        }
    }

    /** Counts for long, but not for ever. */
    public static final class ComputesForLong extends Pair {
        private static final int LONG = 3_000_000;

        /** Makes a fresh one. */
        public ComputesForLong() {
        }

        @Override
        protected void mine() {
            int sum = halfway ? 1 : 0;
            for (int i = 0; i < LONG; i++) {
                sum += i & sum;
            }
            count.addAndGet(sum & 1);
        }
    }

    /** Loops in the JDK, where the explorer can't stop it, until a property is set. */
    public static final class BlocksForReal extends Pair {
        /** The property. */
        public static final String GO = "smp4j.test.go";

        /** Makes a fresh one. */
        public BlocksForReal() {
        }

        @Override
        protected void mine() {
            Stream.iterate(1, one -> one).filter(_ -> System.getProperty(GO) != null).findFirst();
        }
    }
}
