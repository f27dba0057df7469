package org.smp4j.explore.classic;

import static org.smp4j.explore.classic.Together.check;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Races between waiters and wakers, each with its correct twin. */
public final class Order {
    private Order() {
    }

    /** Checks the condition before it takes the lock. */
    public static class LostWakeUp implements Runnable {
        final Object lock = new Object();
        volatile boolean ready;

        void await() throws InterruptedException {
            if (!ready) {
                synchronized (lock) {
                    lock.wait();
                }
            }
        }

        @Override
        public void run() {
            Together.run(() -> {
                try {
                    await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }, () -> {
                synchronized (lock) {
                    ready = true;
                    lock.notifyAll();
                }
            });
        }
    }

    /** Checks the condition while it holds the lock. */
    public static final class WakeUp extends LostWakeUp {
        @Override
        void await() throws InterruptedException {
            synchronized (lock) {
                while (!ready) {
                    lock.wait();
                }
            }
        }
    }

    /** Two locks, in either order. */
    public static class LockOrder implements Runnable {
        private final Object first = new Object();
        private final Object second = new Object();
        private int balance;

        final void transfer(Object from, Object to) {
            synchronized (from) {
                synchronized (to) {
                    balance++;
                }
            }
        }

        void forth() {
            transfer(first, second);
        }

        void back() {
            transfer(second, first);
        }

        @Override
        public void run() {
            Together.run(this::forth, this::back);
            check(balance == 2, "balance " + balance);
        }
    }

    /** Two locks, in one order. */
    public static final class OneOrder extends LockOrder {
        @Override
        void back() {
            forth();
        }
    }

    /** Registers as the waiter after it has checked whether it must sleep. */
    public static class MissedSignal implements Runnable {
        volatile Thread waiter;
        volatile boolean signalled;

        void await() {
            if (!signalled) {
                waiter = Thread.currentThread();
                LockSupport.park();
            }
        }

        private void signal() {
            signalled = true;
            if (waiter != null) {
                LockSupport.unpark(waiter);
            }
        }

        @Override
        public void run() {
            Together.run(this::await, this::signal);
        }
    }

    /** Registers before it checks. */
    public static final class Signal extends MissedSignal {
        @Override
        void await() {
            waiter = Thread.currentThread();
            while (!signalled) {
                LockSupport.park();
            }
        }
    }

    /** Each philosopher takes the left fork first. */
    public static class Philosophers implements Runnable {
        static final int SEATS = 3;
        private final Object[] forks = {new Object(), new Object(), new Object()};
        private int eaten;

        int firstOf(int seat) {
            return seat;
        }

        private void dine(int seat) {
            int first = firstOf(seat);
            int second = first == seat ? (seat + 1) % SEATS : seat;
            synchronized (forks[first]) {
                synchronized (forks[second]) {
                    synchronized (this) {
                        eaten++;
                    }
                }
            }
        }

        @Override
        public void run() {
            Together.run(() -> dine(0), () -> dine(1), () -> dine(2));
            check(eaten == SEATS, "eaten " + eaten);
        }
    }

    /** One philosopher takes the right fork first. */
    public static final class LeftHanded extends Philosophers {
        @Override
        int firstOf(int seat) {
            return seat == SEATS - 1 ? 0 : seat;
        }
    }

    /** Peterson's lock with the wrong order: a thread gives way first, and then raises its flag. */
    public static class Peterson implements Runnable {
        private volatile boolean wantsZero;
        private volatile boolean wantsOne;
        private volatile int turn;
        private final AtomicInteger inside = new AtomicInteger();

        final void want(int self, boolean value) {
            if (self == 0) {
                wantsZero = value;
            } else {
                wantsOne = value;
            }
        }

        final void giveWay(int self) {
            turn = 1 - self;
        }

        void ask(int self) {
            giveWay(self);
            want(self, true);
        }

        private void enter(int self) {
            ask(self);
            while ((self == 0 ? wantsOne : wantsZero) && turn == 1 - self) {
                Thread.onSpinWait();
            }
            check(inside.incrementAndGet() == 1, "two are inside");
            inside.decrementAndGet();
            want(self, false);
        }

        @Override
        public void run() {
            Together.run(() -> enter(0), () -> enter(1));
        }
    }

    /** A thread raises its flag, then gives way. */
    public static final class PetersonRight extends Peterson {
        @Override
        void ask(int self) {
            want(self, true);
            giveWay(self);
        }
    }

    /** Goes on after any wake-up, without a check of the condition. */
    public static class BoundedBuffer implements Runnable {
        private int items;

        boolean mustWait(boolean woken) {
            return !woken && items == 0;
        }

        final boolean empty() {
            return items == 0;
        }

        private synchronized void take() {
            boolean woken = false;
            while (mustWait(woken)) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                woken = true;
            }
            check(--items >= 0, "taken from an empty buffer");
        }

        private synchronized void put() {
            items++;
            notifyAll();
        }

        @Override
        public void run() {
            Together.run(this::take, this::take, () -> {
                put();
                put();
            });
        }
    }

    /** Checks the condition again after a wake-up. */
    public static final class BoundedBufferRight extends BoundedBuffer {
        @Override
        boolean mustWait(boolean woken) {
            return empty();
        }
    }
}
