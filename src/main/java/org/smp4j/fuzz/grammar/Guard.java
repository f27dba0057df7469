package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.handover.HandOver;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * What a lock of a program protects: it tells when the lock does not exclude, or does not hand over what its last
 * holders wrote.
 */
public final class Guard {
    private final String name;
    private final AtomicInteger readers = new AtomicInteger();
    private final AtomicInteger writers = new AtomicInteger();
    private final List<HandOver> since = new ArrayList<>(); // guarded by itself; by holders since the last writer
    private HandOver last; // guarded by since; by the last writer

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
        if (!HandOver.isChecked()) {
            exclude();
            return;
        }
        Exploring.quietly(this::exclude);
        List<HandOver> before = new ArrayList<>();
        Exploring.quietly(() -> {
            synchronized (since) {
                before.addAll(since);
                since.clear();
            }
        });
        seesLast();
        before.forEach(each -> each.mustBeSeen("the writer that has ", name));
    }

    private void exclude() {
        if (writers.incrementAndGet() != 1 || readers.get() != 0) {
            broken();
        }
    }

    private void seesLast() {
        HandOver[] newest = new HandOver[1];
        Exploring.quietly(() -> {
            synchronized (since) {
                newest[0] = last;
            }
        });
        if (newest[0] != null) {
            newest[0].mustBeSeen("the next that has ", name);
        }
    }

    /** Ends it. */
    public void leave() {
        if (!HandOver.isChecked()) {
            writers.decrementAndGet();
            return;
        }
        HandOver effect = HandOver.written("the last writer that had ", name);
        Exploring.quietly(() -> {
            synchronized (since) {
                last = effect;
            }
            writers.decrementAndGet();
        });
    }

    /** Begins a section that excludes those of {@link #enter}. */
    public void enterShared() {
        if (!HandOver.isChecked()) {
            share();
            return;
        }
        Exploring.quietly(this::share);
        seesLast();
    }

    private void share() {
        readers.incrementAndGet();
        if (writers.get() != 0) {
            broken();
        }
    }

    /** Ends it. */
    public void leaveShared() {
        if (!HandOver.isChecked()) {
            readers.decrementAndGet();
            return;
        }
        HandOver effect = HandOver.written("a reader that had ", name);
        Exploring.quietly(() -> {
            synchronized (since) {
                since.add(effect);
            }
            readers.decrementAndGet();
        });
    }

    private void broken() {
        ProgramRule.broken("mutual exclusion", "two threads share " + name + " that excludes them");
    }
}
