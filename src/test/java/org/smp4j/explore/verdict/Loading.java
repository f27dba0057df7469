package org.smp4j.explore.verdict;

/** How classes are loaded and rewritten must not show. */
final class Loading {
    private Loading() {
    }

    /** A thread's class overrides what starts it and what it runs, and calls the latter itself. */
    @Gives(Verdict.PASS)
    public static class OwnThreadClass implements Runnable {
        private volatile int starts;
        private volatile int runs;

        private final class Worker extends Thread {
            @Override
            public synchronized void start() {
                starts++;
                super.start();
            }

            @Override
            public void run() {
                runs++;
            }
        }

        @Override
        public void run() {
            Worker started = new Worker();
            started.start();
            Threads.join(started);
            new Worker().run();
            Threads.require(starts == 1 && runs == 2, starts + " started, " + runs + " ran");
        }
    }
}
