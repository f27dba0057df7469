package org.smp4j.explore.verdict;

import java.util.ArrayDeque;
import java.util.Deque;

/** Bugs that object and connection pools had, each with its correction. */
final class Pools {
    private Pools() {
    }

    /** A pool of one object, which two threads borrow and return. */
    abstract static class Shared implements Runnable {
        final Deque<String> idle = new ArrayDeque<>(); // guarded by this
        int made; // guarded by this
        private volatile int users;

        abstract String borrow() throws InterruptedException;

        abstract void giveBack(String object) throws InterruptedException;

        @Override
        public void run() {
            Threads.join(Threads.start("one", this::use), Threads.start("other", this::use));
        }

        private void use() throws InterruptedException {
            String object = borrow();
            Threads.require(++users == 1, "two users of " + object);
            users--;
            giveBack(object);
        }

        final synchronized String waitForOne() throws InterruptedException {
            while (idle.isEmpty() && made > 0) {
                wait();
            }
            return take();
        }

        final synchronized String take() {
            if (idle.isEmpty()) {
                made++;
                return "object " + made;
            }
            return idle.pop();
        }

        final synchronized void put(String object) {
            idle.push(object);
            notify();
        }
    }

    /** Returns the object, but notifies only if another is idle already: the borrower that waits is never told. */
    @Gives(value = Verdict.DEADLOCK, by = {"portfolio", "bound1", "dpor"})
    public static class LostNotify extends Shared {
        @Override
        String borrow() throws InterruptedException {
            return waitForOne();
        }

        @Override
        synchronized void giveBack(String object) {
            boolean wasEmpty = idle.isEmpty();
            idle.push(object);
            if (!wasEmpty) {
                notify();
            }
        }
    }

    /** Notifies each time. */
    @Gives(Verdict.PASS)
    public static class Notifies extends LostNotify {
        @Override
        void giveBack(String object) {
            put(object);
        }
    }

    /** Looks whether there is room, and makes an object later, in another synchronized method. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1", "dpor"}, saying = "two users")
    public static class GrowsBeyondItsLimit extends Notifies {
        private synchronized boolean isFull() {
            return made > 0 && idle.isEmpty();
        }

        @Override
        String borrow() throws InterruptedException {
            return isFull() ? waitForOne() : take();
        }
    }

    /** Looks and makes at once. */
    @Gives(Verdict.PASS)
    public static class KeepsItsLimit extends GrowsBeyondItsLimit {
        @Override
        synchronized String borrow() throws InterruptedException {
            return super.borrow();
        }
    }

    /** A pool that is closed while an object is out. */
    abstract static class Closing implements Runnable {
        final Deque<String> idle = new ArrayDeque<>(); // guarded by this
        int open = 1; // guarded by this
        volatile boolean closed;

        abstract void giveBack(String object);

        final synchronized void keep(String object) {
            idle.push(object);
        }

        final synchronized void destroy(String object) {
            Threads.require(object != null, "nothing to destroy");
            open--;
        }

        final synchronized void close() {
            closed = true;
            while (!idle.isEmpty()) {
                destroy(idle.pop());
            }
        }

        @Override
        public void run() {
            Thread user = Threads.start("user", () -> giveBack("object"));
            close();
            Threads.join(user);
            synchronized (this) {
                Threads.require(open == 0, "an object is left open in a closed pool");
            }
        }
    }

    /** Looks whether the pool is closed before it has the lock. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1", "dpor"}, saying = "is left open")
    public static class ReturnsToClosed extends Closing {
        @Override
        void giveBack(String object) {
            if (closed) {
                destroy(object);
            } else {
                keep(object);
            }
        }
    }

    /** Looks under the lock. */
    @Gives(Verdict.PASS)
    public static class DestroysAfterClose extends ReturnsToClosed {
        @Override
        synchronized void giveBack(String object) {
            super.giveBack(object);
        }
    }

    /** The pool's lock and a connection's: a borrower validates while it has the first, a user returns. */
    abstract static class Validating implements Runnable {
        final Object connection = new Object();
        private int idle = 1; // guarded by this
        private int uses; // guarded by connection

        abstract void evict();

        final void use() {
            synchronized (connection) {
                uses++;
                synchronized (this) {
                    idle++;
                }
            }
        }

        final void validate() {
            synchronized (connection) {
                Threads.require(uses <= 1, "uses");
            }
        }

        final synchronized int idle() {
            return idle;
        }

        @Override
        public void run() {
            Threads.join(Threads.start("user", this::use), Threads.start("evictor", this::evict));
            Threads.require(idle() == 2, "lost");
        }
    }

    /** The evictor validates under the pool's lock. */
    @Gives(value = Verdict.DEADLOCK, by = {"portfolio", "bound1", "dpor"})
    public static class EvictorDeadlock extends Validating {
        @Override
        synchronized void evict() {
            validate();
        }
    }

    /** It validates without it. */
    @Gives(Verdict.PASS)
    public static class EvictorWithoutLock extends Validating {
        @Override
        void evict() {
            if (idle() > 0) {
                validate();
            }
        }
    }

    /** A borrower gives up after a timeout, when the object has been handed to it. */
    abstract static class HandsOver implements Runnable {
        private String handed; // guarded by this
        private boolean waits; // guarded by this
        int free; // guarded by this

        /** What happens to an object that came too late. */
        abstract void tooLate();

        private synchronized boolean borrow() throws InterruptedException {
            waits = true;
            wait(10);
            waits = false;
            return handed != null && isInTime();
        }

        abstract boolean isInTime();

        private synchronized void giveBack() {
            if (waits) {
                handed = "object";
                notify();
            } else {
                free++;
            }
        }

        @Override
        public void run() {
            Thread user = Threads.start("user", this::giveBack);
            boolean got;
            try {
                got = borrow();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Threads.join(user);
            synchronized (this) {
                if (!got && handed != null) {
                    tooLate();
                }
                Threads.require(got || free == 1, "the object is lost");
            }
        }
    }

    /** Decides by the clock that the object came too late, and forgets it. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, saying = "the object is lost")
    public static class ForgetsWhatCameLate extends HandsOver {
        private final long end = System.nanoTime() + 10_000_000;

        @Override
        boolean isInTime() {
            return System.nanoTime() < end;
        }

        @Override
        void tooLate() {
            // it stays where it is
        }
    }

    /** Returns it. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"})
    public static class ReturnsWhatCameLate extends ForgetsWhatCameLate {
        @Override
        void tooLate() {
            free++;
        }
    }
}
