package org.smp4j.explore;

import java.util.concurrent.locks.ReentrantLock;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.Refusal;
import org.smp4j.explore.run.Heartbeat;
import org.smp4j.explore.hooks.HandleNames;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.run.Stop;

/**
 * Runs an exploration on a thread of its own, one at a time in a JVM. If that thread blocks for real, or loops in code
 * that is not rewritten, it can't be stopped from within: then it is left behind, and the caller gets an exception that
 * says where it hangs. The JVM goes on.
 */
final class ExplorationThread {
    /** The work of the thread, which gets this watchdog. */
    @FunctionalInterface
    interface Work {
        Report run(ExplorationThread watch);
    }

    private static final int LOOK_MILLIS = 100;
    /** The number of checks without progress before the thread counts as hanging. */
    private static final int PATIENCE = 1200;
    /** The same after the exploration was asked to end. */
    private static final int SHORT_PATIENCE = 100;
    private static final int MOST_BEGINNINGS = 1000;
    private static final ReentrantLock ONE_AT_A_TIME = new ReentrantLock();

    /** The exploring thread and the threads of strands. */
    private static final ThreadGroup GROUP = new ThreadGroup("explorer");

    // Written and read under ONE_AT_A_TIME.
    private static Thread leftBehind;

    private final Stop stop;
    private final Thread thread;

    // Written by: the exploring thread, once. Read by: the caller's. Ordering: volatile.
    private volatile boolean watched;

    // Written by: the exploring thread. Read by: the caller's, after the other has ended. Ordering: join.
    private Report report;
    private Throwable thrown;

    private ExplorationThread(Stop stop, Work work) {
        this.stop = stop;
        thread = new Thread(GROUP, () -> {
            try {
                report = untilKnown(work);
            } catch (Throwable e) {
                thrown = e;
            } finally {
                HandleNames.forgetAll();
            }
        }, "explorer");
        thread.setDaemon(true);
    }

    /**
     * Runs the work, and waits for it. An interrupt of the waiting thread is a request to end soon.
     *
     * @param what the name of the scenario, for messages
     * @param stop ends the work early
     * @param work the work
     * @return its result; its exceptions are thrown here
     * @throws ExplorerException if it hangs and can't be stopped
     */
    static Report run(String what, Stop stop, Work work) {
        ONE_AT_A_TIME.lock();
        try (MutedOutput _ = new MutedOutput(GROUP)) {
            if (leftBehind != null && leftBehind.isAlive()) {
                throw new ExplorerException("an earlier exploration in this JVM still hangs, " + place(leftBehind)
                        + "; nothing else can be explored beside it");
            }
            leftBehind = null;
            Execution.running = null;
            ExplorationThread apart = new ExplorationThread(stop, work);
            apart.thread.start();
            apart.await(what);
            return apart.result();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /** Begins the work anew whenever a run has met a class that changes how others are rewritten. */
    private Report untilKnown(Work work) {
        for (int left = MOST_BEGINNINGS; left > 0; left--) {
            try {
                return work.run(this);
            } catch (Refusal.Again e) {
                Execution.running = null;
            }
        }
        throw new ExplorerException("the class loaders of the program define further classes in each schedule: there "
                + "is no end of new names");
    }

    /** {@return whether an exploration was left behind and still hangs} */
    static boolean hangs() {
        ONE_AT_A_TIME.lock();
        try {
            return leftBehind != null && leftBehind.isAlive();
        } finally {
            ONE_AT_A_TIME.unlock();
        }
    }

    /** Begins to watch; not if strands run on threads, since a user may inspect these with a debugger. */
    void over(Coroutine.Kind kind) {
        watched = kind == Coroutine.Kind.CONTINUATION;
    }

    private void await(String what) {
        boolean interrupted = false;
        long last = 0;
        int still = 0;
        int stillAfterEnd = 0;
        while (thread.isAlive()) {
            try {
                thread.join(LOOK_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
                stop.request();
            }
            long beat = Heartbeat.last();
            boolean moves = beat != last || !watched;
            last = beat;
            // checks are counted, not time: while a computer is suspended no check is made
            still = moves || beat < 0 ? 0 : still + 1; // between runs the program can't be what takes long
            stillAfterEnd = moves || beat < 0 || !stop.now() ? 0 : stillAfterEnd + 1;
            if (still > PATIENCE || stillAfterEnd > SHORT_PATIENCE) {
                leave(what);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void leave(String what) {
        String place = place(thread);
        if (!thread.isAlive()) {
            return;
        }
        leftBehind = thread;
        throw new ExplorerException("a schedule of " + what + " does not end, and can't be stopped: " + place
                + ". It blocks for real there, or loops in code that is not "
                + "rewritten; keep that out of the scenario");
    }

    /** The place of a thread: its innermost call, and the scenario's frame that led to it. */
    private static String place(Thread thread) {
        StackTraceElement[] stack = thread.getStackTrace();
        if (stack.length == 0) {
            return "it has just ended";
        }
        for (StackTraceElement frame : stack) {
            if (Failures.isScenarios(frame)) {
                return "in " + stack[0].getClassName() + "." + stack[0].getMethodName() + ", called "
                        + Failures.line(frame);
            }
        }
        return "in " + stack[0].getClassName() + "." + stack[0].getMethodName();
    }

    private Report result() {
        switch (thrown) {
            case null -> {
                return report;
            }
            case RuntimeException e -> throw e;
            case VirtualMachineError e -> throw HostException.of(e);
            case Error e -> throw e;
            default -> throw new IllegalStateException(thrown);
        }
    }
}
