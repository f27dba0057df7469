package org.smp4j.page;

import java.util.concurrent.locks.ReentrantLock;

/** Ordinary programs that fail; they stand apart, as what a program's class leads to decides how locks are modelled. */
public final class PagePrograms {
    private PagePrograms() {
    }

    /** An audit between the two halves of a transfer, each of which has its lock: no field races. */
    public static final class Bank implements Runnable {
        private static final class Account {
            final ReentrantLock lock = new ReentrantLock();
            int balance = 100;
        }

        private final Account left = new Account();
        private final Account right = new Account();
        private final Object books = new Object();
        private int sum;

        private static void add(Account account, int amount) {
            account.lock.lock();
            try {
                account.balance += amount;
            } finally {
                account.lock.unlock();
            }
        }

        private void audit() {
            synchronized (books) {
                left.lock.lock();
                right.lock.lock();
                sum = left.balance + right.balance;
                right.lock.unlock();
                left.lock.unlock();
            }
        }

        @Override
        public void run() {
            inTwoThreads("payer", () -> {
                add(left, -10);
                add(right, 10);
            }, "auditor", this::audit);
            assert sum == 200 : "the audit sees " + sum + " of 200";
        }
    }

    /** Each method has the lock; the caller's question and what it does upon the answer have it in turn only. */
    public static final class CheckThenAct implements Runnable {
        private final int[] elements = new int[2];
        private int size = 1;

        private synchronized boolean isEmpty() {
            return size == 0;
        }

        private synchronized int pop() {
            return elements[--size];
        }

        private void take() {
            if (!isEmpty()) {
                pop();
            }
        }

        @Override
        public void run() {
            inTwoThreads("a", this::take, "b", this::take);
        }
    }

    /** A thread that does not want to wait for a lock: it meets the other nowhere else. */
    public static final class InUse implements Runnable {
        private final ReentrantLock lock = new ReentrantLock();

        private void use() {
            lock.lock();
            lock.unlock();
        }

        private void tryToUse() {
            if (!lock.tryLock()) {
                throw new IllegalStateException("in use");
            }
            lock.unlock();
        }

        @Override
        public void run() {
            inTwoThreads("a", this::use, "b", this::tryToUse);
        }
    }

    /** Counts without a lock. */
    private abstract static class Count implements Runnable {
        private volatile int count;

        abstract int rounds();

        private void count() {
            synchronized (new Object()) { // held up to the end
                for (int i = 0; i < rounds(); i++) {
                    count = count + 1;
                }
            }
        }

        @Override
        public void run() {
            inTwoThreads("a", this::count, "b", this::count);
            assert count == 2 * rounds() : "an increment is lost";
        }
    }

    public static final class Few extends Count {
        @Override
        int rounds() {
            return 7;
        }
    }

    public static final class Many extends Count {
        @Override
        int rounds() {
            return 1000;
        }
    }

    public static final class TooMany extends Count {
        @Override
        int rounds() {
            return 2600;
        }
    }

    private static void inTwoThreads(String first, Runnable one, String second, Runnable other) {
        Thread a = new Thread(one, first);
        Thread b = new Thread(other, second);
        a.start();
        b.start();
        try {
            a.join();
            b.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
