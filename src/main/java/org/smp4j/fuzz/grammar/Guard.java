package org.smp4j.fuzz.grammar;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;

/** What a lock of a program protects: it tells when the lock does not exclude. */
public final class Guard {
    private final String name;
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();

    /**
     * Something to protect.
     *
     * @param name the name of the lock
     */
    public Guard(String name) {
        this.name = name;
    }

    /** Begins a section that excludes all others. */
    public void enter() {
        if (writers.incrementAndGet() != 1 || readers.get() != 0) {
            broken();
        }
    }

    /** Ends it. */
    public void leave() {
        writers.decrementAndGet();
    }

    /** Begins a section that excludes those of {@link #enter}. */
    public void enterShared() {
        readers.incrementAndGet();
        if (writers.get() != 0) {
            broken();
        }
    }

    /** Ends it. */
    public void leaveShared() {
        readers.decrementAndGet();
    }

    private void broken() {
        Exploring.broken("mutual exclusion", "two threads share " + name + " that excludes them", List.of());
    }
}
