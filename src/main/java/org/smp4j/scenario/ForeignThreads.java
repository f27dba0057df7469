package org.smp4j.scenario;

import org.smp4j.explore.Exploring;

/** Threads made of callbacks, for callers outside the exploring loader: they can't make threads that are explored. */
public final class ForeignThreads {
    /** Lets threads take turns: one of them goes on, all others wait. */
    private static final class Turns {
        private final int[] order;
        private int next;

        Turns(int[] order) {
            this.order = order;
        }

        synchronized void await(int thread) {
            boolean interrupted = false; // by its last call, which the next one may ask for
            while (order[next] != thread) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        synchronized void over() {
            next++;
            notifyAll();
        }
    }

    private ForeignThreads() {
    }

    /**
     * Runs each body on a thread of its own, and waits for their ends. Schedules differ from the moment on in which all
     * threads have been started.
     *
     * @param names the names of the threads
     * @param bodies what each of them runs
     */
    public static void together(String[] names, Runnable[] bodies) {
        Thread[] threads = new Thread[bodies.length];
        for (int i = 0; i < bodies.length; i++) {
            threads[i] = new Thread(bodies[i], names[i]);
        }
        Exploring.stretch(false);
        for (Thread thread : threads) {
            thread.start();
        }
        Exploring.stretch(true);
        join(threads);
    }

    /**
     * Runs calls on several threads, one call at a time. A call that never returns leaves all threads waiting.
     *
     * @param names the names of the threads
     * @param calls by thread, runs its next call
     * @param order the thread of each call
     */
    public static void inTurn(String[] names, Runnable[] calls, int[] order) {
        Turns turns = new Turns(order);
        Thread[] threads = new Thread[calls.length];
        for (int i = 0; i < calls.length; i++) {
            int number = i;
            threads[i] = new Thread(() -> {
                for (int thread : order) {
                    if (thread == number) {
                        turns.await(number);
                        calls[number].run();
                        turns.over();
                    }
                }
            }, names[i]);
        }
        for (Thread thread : threads) {
            thread.start();
        }
        join(threads);
    }

    private static void join(Thread[] threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException("the main thread was interrupted", e);
            }
        }
    }
}
