package org.smp4j.explore.juc;

import org.smp4j.explore.verdict.Threads;

/** What the programs share. */
final class Parts {
    /** Two threads run the same body; afterwards a condition must hold. */
    abstract static class Pair implements Runnable {
        int count;
        volatile int seen;

        @Override
        public final void run() {
            Threads.join(Threads.start("a", () -> body(0)), Threads.start("b", () -> body(1)));
            after();
        }

        abstract void body(int number) throws Exception;

        void after() {
            Threads.require(count == 2, "count is " + count);
        }
    }

    /** One thread that may throw whatever it likes. */
    abstract static class Single implements Runnable {
        int count;

        @Override
        public final void run() {
            try {
                body();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        abstract void body() throws Exception;
    }

    private Parts() {
    }
}
