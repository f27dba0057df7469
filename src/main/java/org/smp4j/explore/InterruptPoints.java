package org.smp4j.explore;

import java.util.function.Supplier;

/** Where the scenario's processors take interrupts: before any step of a strand that one is pending for. */
final class InterruptPoints {
    private final Execution x;
    private Interrupts source;
    private boolean offered;

    InterruptPoints(Execution x) {
        this.x = x;
    }

    void begin() {
        source = null;
        offered = false;
    }

    void install(Interrupts from) {
        source = from;
    }

    boolean installed() {
        return source != null && source.injected();
    }

    /** {@return whether an interrupt could have been taken in this run} */
    boolean offered() {
        return offered;
    }

    /** The strand is about to make a step, and may have to take an interrupt first. */
    void offer(Strand strand) {
        for (;;) {
            strand.quiet++;
            int pending = source.pending();
            strand.quiet--;
            if (pending == 0) {
                strand.deferUntil = 0;
                return;
            }
            offered = true;
            if (strand.deferUntil > strand.point) {
                x.strategy.deferring(x, strand);
                return;
            }
            if (strand.deferUntil == 0) {
                x.decisions++;
                int steps = x.fair || !x.stretch ? 0 : x.strategy.defer(x, strand);
                if (steps > 0) {
                    strand.deferUntil = strand.point + steps;
                    x.departures().add(strand.id, strand.point, Departures.DEFER - steps);
                    x.hash = x.hash * 31 + strand.point;
                    if (x.observer != null) {
                        x.observer.deferred(x, strand);
                    }
                    return;
                }
            }
            strand.deferUntil = 0;
            int site = strand.site;
            Location location = strand.location;
            int mode = strand.mode;
            if (x.observer != null) {
                x.observer.interrupted(x, strand);
            }
            boolean held = strand.held;
            source.take(pending);
            strand.site = site;
            strand.location = location;
            strand.mode = mode;
            if (held) {
                holdOn(strand);
            }
        }
    }

    /** A strand that was made to stop goes on for its interrupt only, if others can go on after that. */
    private void holdOn(Strand strand) {
        strand.held = false;
        x.preempted |= strand.bit;
        strand.point++;
        Strand pick = x.choose(strand, x.runnable);
        if (pick != strand) {
            x.next = pick;
            strand.coroutine.suspend();
        }
    }

    String column(Strand strand) {
        String column = ask(strand, () -> source.column(strand.thread));
        return column == null ? strand.name() : column;
    }

    /** {@return for whom a strand waits, or null} */
    String waits(Strand strand) {
        return ask(strand, () -> source.waits(strand.thread));
    }

    private String ask(Strand strand, Supplier<String> question) {
        if (source == null) {
            return null;
        }
        Strand before = Execution.running;
        Execution.running = strand;
        strand.quiet++;
        try {
            return question.get();
        } finally {
            strand.quiet--;
            Execution.running = before;
        }
    }
}
