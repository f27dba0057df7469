package org.smp4j.explore.shadow;

/** Stands in for the JDK's internal class of that name: the threads of a pool. */
public final class SharedThreadContainer extends ThreadContainer implements AutoCloseable {
    private SharedThreadContainer() {
        super(true);
    }

    public static SharedThreadContainer create(String name) {
        return new SharedThreadContainer();
    }

    public void start(Thread thread) {
        thread.start();
    }

    @Override
    public void close() {
    }
}
