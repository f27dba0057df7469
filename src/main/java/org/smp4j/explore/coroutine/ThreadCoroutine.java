package org.smp4j.explore.coroutine;

import java.util.concurrent.locks.LockSupport;

/** A coroutine on a thread that waits for its turn: far slower, but debuggers show it. */
public final class ThreadCoroutine extends Coroutine {
    /** Ends an abandoned body. If the body catches it, its next hook throws it again. */
    public static final class Abandoned extends Error {
        private static final long serialVersionUID = 1L;

        public Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    private static final long PATIENCE_MILLIS = 2000;

    private static int made;

    // Written by: resume(), suspend() and the thread's end, each by the side that has the turn. Read by: both.
    // Ordering: volatile: all writes of one side are visible to the other when it gets the turn.
    private volatile boolean bodysTurn;

    // Written by: abandon(). Read by: the thread when it wakes. Ordering: volatile.
    private volatile boolean abandoned;

    private final Thread thread;
    private Thread explorer;
    private Throwable escaped;

    ThreadCoroutine() {
        thread = new Thread(this::loop, "strand-" + made++);
        thread.setDaemon(true);
        thread.start();
    }

    private void loop() {
        while (!abandoned) {
            try {
                awaitTurn();
                body.run();
            } catch (Abandoned e) {
                if (abandoned) {
                    return;
                }
                escaped = e;
            } catch (Throwable e) {
                escaped = e;
            }
            finished = true;
            passTurn();
        }
    }

    private void awaitTurn() {
        while (!bodysTurn) {
            LockSupport.park(this);
        }
        if (abandoned) {
            throw new Abandoned();
        }
    }

    private void passTurn() {
        bodysTurn = false;
        LockSupport.unpark(explorer);
    }

    @Override
    public void resume() {
        finished = false;
        explorer = Thread.currentThread();
        bodysTurn = true;
        LockSupport.unpark(thread);
        while (bodysTurn) {
            LockSupport.park(this);
        }
        Throwable e = escaped;
        escaped = null;
        if (e instanceof Error error) {
            throw error;
        } else if (e != null) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void suspend() {
        if (abandoned) {
            throw new Abandoned();
        }
        passTurn();
        awaitTurn();
    }

    /** Returns when the thread has ended, or after a while if the body catches every throwable and never ends. */
    @Override
    public void abandon() {
        abandoned = true;
        bodysTurn = true;
        LockSupport.unpark(thread);
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public StackTraceElement[] stack() {
        return thread.getStackTrace();
    }

    @Override
    public boolean reusable() {
        return finished && !abandoned;
    }
}
