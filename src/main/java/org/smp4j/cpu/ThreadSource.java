package org.smp4j.cpu;

/** Where a machine's threads come from: the one thing that differs between running free and being explored. No kernel counterpart. */
public interface ThreadSource {
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
}
