package org.smp4j.cpu;

import java.util.Set;

/**
 * Where a machine's threads come from: the one thing that differs between running free and being explored. No kernel
 * counterpart.
 */
public interface ThreadSource {
    /**
     * Notes that somebody has started a task; its thread is asked for when it first gets a CPU.
     *
     * @param sitter the task
     */
    default void spawned(Sitter sitter) {
    }

    /**
     * Makes a thread; the caller starts it.
     *
     * @param name the kernel's name of the task
     * @param sitter whose thread it is
     * @param body what it runs
     * @return a thread that was not started
     */
    SeatThread newThread(String name, Sitter sitter, Runnable body);

    /**
     * Takes note that a thread is about to end.
     *
     * @param thread the thread
     */
    void ended(Thread thread);

    /** {@return the threads that live; weakly consistent} */
    Set<Thread> threads();

    /**
     * Lets every thread see that the machine has ended, and waits until they are gone.
     *
     * @param millis how long, in milliseconds
     * @return whether all are gone
     * @throws InterruptedException if the calling thread is interrupted
     */
    boolean join(long millis) throws InterruptedException;
}
