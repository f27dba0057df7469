package org.smp4j.cpu;

import java.util.Set;

/**
 * Creates a machine's threads: the only difference between a machine that runs free and one that is explored. No kernel
 * counterpart.
 */
public interface ThreadSource {
    /**
     * Notes that a task was started; {@link #newThread} is called when it first gets a CPU.
     *
     * @param sitter the task
     */
    default void spawned(Sitter sitter) {
    }

    /**
     * Makes a thread; the caller starts it.
     *
     * @param name the kernel's name of the task
     * @param sitter the sitter whose thread it is
     * @param body what it runs
     * @return a thread that was not started
     */
    SeatThread newThread(String name, Sitter sitter, Runnable body);

    /**
     * Notes that a thread is about to end.
     *
     * @param thread the thread
     */
    void ended(Thread thread);

    /** {@return the live threads; weakly consistent} */
    Set<Thread> threads();

    /**
     * Wakes every thread, so that it sees that the machine has ended, and waits until all threads have ended.
     *
     * @param millis the timeout in milliseconds
     * @return whether all have ended
     * @throws InterruptedException if the calling thread is interrupted
     */
    boolean join(long millis) throws InterruptedException;
}
