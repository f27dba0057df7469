package org.smp4j.explore;

import java.util.function.IntFunction;

/** The steps at which a strand has nothing to wait for but its turn: accesses, fences, turns of a spin loop, the start of a thread, choices. */
final class Steps {
    /** After this many plain accesses without a step, and one, there is a look at them. */
    static final int UNSHARED_MASK = (1 << 20) - 1;

    /** More plain accesses than this without a step are a loop without an end. */
    private static final int MOST_UNSHARED = 5_000_000;

    private final Execution x;

    Steps(Execution x) {
        this.x = x;
    }

    void access(Strand strand, Object object, int field, int site, int mode) {
        if (x.count == 1 && x.unwatched) {
            strand.unshared = 0;
            strand.point++; // nobody else is there yet
            strand.location = Location.NONE;
            if (++x.steps >= x.stepLimit) {
                x.endless.limit();
            }
            return;
        }
        x.announce(strand, site, x.locations.find(object, field, site), mode);
        x.decide(strand);
        if (x.releases.any) {
            x.releases.check(strand, object, site);
        }
        x.perform(strand);
    }

    /** A plain access that need not be decided on, as far as is known. */
    void unshared(Strand strand, Object object, int field, int site, int mode) {
        if (x.count == 1) {
            return; // comes before all that others do, because they are started after it
        }
        Location location = x.locations.find(object, field, site);
        if (x.hold.on) {
            x.hold.accessed(strand, location, mode);
        }
        if (x.looking == null) {
            return;
        }
        x.looking.access(strand, location, mode, site);
        if (x.interrupts.installed() && (mode & Access.HARDWARE) == 0) {
            x.interrupts.reached(strand, location, mode, site);
        }
    }

    /** The strand has made many plain accesses, and many more without a step would have no end. */
    void manyUnshared(Strand strand, int site) {
        x.endless.beat(strand);
        if (strand.unshared > MOST_UNSHARED) {
            x.end(strand, Failure.endless(strand, site));
        }
    }

    void exchanged(Strand strand, boolean success) {
        if (strand.location == Location.NONE) {
            return;
        }
        if (success) {
            x.written(strand, strand.location);
        }
        if (x.looking != null) {
            x.looking.exchanged(strand, strand.location, strand.mode, success);
        }
        if (x.observer != null) {
            x.observer.exchanged(x, strand, success);
        }
    }

    void fence(Strand strand, int site) {
        int mode = Sites.modeOf(site);
        x.announce(strand, site, null, mode & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        if (x.looking != null) {
            x.looking.fence(strand, mode);
        }
    }

    void spin(Strand strand, int site) {
        x.announce(strand, site, null, Sites.modeOf(site) & Access.HARDWARE);
        if (x.hold.on) {
            x.hold.spins(strand);
        }
        boolean news = strand.sawChange();
        if (!news) {
            x.unseen.add(Unseen.Rule.SPIN);
            x.spinning |= strand.bit;
            x.disable(strand, Strand.Wait.SPIN, Long.MAX_VALUE);
        }
        x.decide(strand);
        strand.stopSpinning();
        x.perform(strand);
    }

    void start(Strand strand, int site, Thread thread) {
        x.announce(strand, site, null, Access.HARDWARE);
        x.blocking.starts(strand, thread);
        x.decide(strand);
        x.perform(strand);
        if (x.find(thread) != null || x.surroundings.isRetired(thread)) {
            throw new IllegalThreadStateException();
        }
        Strand started = x.lives.add(thread, null, x.surroundings.isDaemon(thread, strand));
        started.interrupted = x.surroundings.isInterruptedBeforeStart(thread);
        x.blocking.started(started);
    }

    int choose(Strand strand, int site, int alternatives) {
        x.announce(strand, site, null, Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        x.decisions++;
        int choice = choice(strand, alternatives);
        if (x.observer != null) {
            x.observer.chose(x, strand, choice);
        }
        return choice;
    }

    /** As {@link #choose}, but at no step of its own: nobody else comes in between. */
    int pick(Strand strand, int alternatives, IntFunction<String> text) {
        x.decisions++;
        int choice = choice(strand, alternatives);
        if (choice != 0 && x.observer != null) {
            x.observer.departed(x, strand, text.apply(choice));
        }
        return choice;
    }

    private int choice(Strand strand, int alternatives) {
        x.hold.events++;
        x.endless.mayBeAnother();
        int choice = x.fair || !x.stretch ? 0 : x.strategy.choose(x, strand, alternatives);
        if (choice != 0) {
            x.departures().add(strand.id, strand.point, Departures.CHOICE - choice);
        }
        x.hash = x.hash * 31 + choice;
        return choice;
    }
}
