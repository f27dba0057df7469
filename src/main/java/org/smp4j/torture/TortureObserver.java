package org.smp4j.torture;

/** Is told what a torture run does while it does it. Without one nothing is timed. */
public interface TortureObserver {
    /** Is told what one worker does. */
    interface Worker {
        /**
         * The worker has performed an operation. Context: the worker, with preemption off or under
         * {@code cpus_read_lock}; must neither sleep nor take long.
         *
         * @param primitive what it called, for example {@code smp_call_function_single, wait}
         * @param nanos how long the call took
         */
        void performed(String primitive, long nanos);
    }

    /**
     * A worker will begin. Context: the thread that starts the test.
     *
     * @param worker its number, from 0
     * @return what is told of it
     */
    Worker worker(int worker);

    /**
     * A CPU has gone on- or offline. Context: the task that does that.
     *
     * @param cpu the CPU
     * @param online the direction
     * @param nanos how long it took
     */
    void onoff(int cpu, boolean online, long nanos);
}
