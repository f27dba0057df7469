package org.smp4j.explore.shadow;

import java.util.stream.Stream;

/** Stands in for the JDK's internal class of that name: the threads of one executor. */
public abstract class ThreadContainer {
    protected ThreadContainer(boolean shared) {
    }

    public Thread owner() {
        return null;
    }

    public Stream<Thread> threads() {
        return Stream.empty();
    }

    public long threadCount() {
        return 0;
    }

    public void onStart(Thread thread) {
    }

    public void onExit(Thread thread) {
    }
}
