package org.smp4j.explore.engine;

import java.util.function.IntFunction;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.memory.WeakMemory;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.HeldStrand;
import org.smp4j.explore.run.Wait;

/** The steps that never block: accesses, fences, turns of a spin loop, thread starts, choices. */
public final class Steps {
    /** One less than the number of plain accesses without a step between two checks. */
    public static final int UNSHARED_MASK = (1 << 20) - 1;

    /** More plain accesses than this without a step count as an endless loop. */
    private static final int MOST_UNSHARED = 5_000_000;

    private final Execution x;
    /** How many steps of the run had several outcomes by the memory model, and were not to read the oldest value. */
    int weakChances;

    Steps(Execution x) {
        this.x = x;
    }

    /** An access of a strand: a decision, then the step. */
    public void access(LiveStrand strand, Object object, int field, int site, int mode) {
        if (x.count == 1 && x.unwatched) {
            strand.unshared = 0;
            strand.point++; // there is no other strand yet
            strand.location = LiveLocation.NONE;
            if (++x.steps >= x.stepLimit) {
                x.livelocks.limit();
            }
            return;
        }
        x.announce(strand, site, x.locations.find(object, field, site), mode);
        x.decide(strand);
        if (x.releases.any) {
            use(strand, object, site);
        }
        x.perform(strand);
    }

    /**
     * Records the step of the strand under a weak memory model, where it may read an older value than the newest. Then
     * it does not see what the newest has published.
     */
    void weakly(LiveStrand strand) {
        LiveLocation location = strand.location;
        int mode = strand.mode;
        if (location == null || location == LiveLocation.NONE) {
            x.record(strand, mode, false);
            return;
        }
        mode = x.weak.ordering(strand.id, strand.site, mode);
        WeakMemory weak = x.weak;
        int newer = 0;
        int places = weak.places(strand.id, location, mode, strand.expected);
        if (places > 1 && strand.spunSince && strand.missedAt == location && !WeakMemory.lands(mode)) {
            x.assumptions.add(Assumptions.Rule.SPIN); // else it could spin for ever
            places = 1;
        }
        if (places > 1) {
            boolean writes = WeakMemory.lands(mode);
            int place = outcome(strand, writes ? DepartureKind.EARLIER_WRITE : DepartureKind.OLDER_VALUE, places);
            newer = place == 0 ? 0 : weak.newer(strand.id, location, mode, strand.expected, place);
            if (newer > 0 && x.observer != null) {
                x.observer.readsOlder(x.view, strand, weak.text(strand.id, location, newer, writes));
            }
        }
        if (newer > 0) {
            strand.missed = true;
            strand.missedAt = location;
            strand.spunSince = false;
            strand.unshared = -1; // the next plain access without a step puts the newest value back before
        }
        x.record(strand, mode, newer > 0);
        strand.expected = Access.UNKNOWN;
        weak.access(strand.id, location, mode, strand.site, newer); // last: observers look at the newest values
    }

    /** {@return the outcome of the strand's step, by the memory model; 0 by default} */
    private int outcome(LiveStrand strand, DepartureKind kind, int outcomes) {
        x.hold.happened();
        x.livelocks.mayBeAnother();
        if (x.fair || !x.stretch) {
            return 0;
        }
        boolean fails = kind == DepartureKind.SPURIOUS_FAILURE;
        if ((fails ? strand.failsAt : strand.placedAt) == strand.point) {
            strand.point++; // an interrupt before this step has asked there, too
        }
        if (fails) {
            strand.failsAt = strand.point;
        } else {
            strand.placedAt = strand.point;
        }
        weakChances += strand.oldest && kind == DepartureKind.OLDER_VALUE ? 0 : 1;
        x.decisions++;
        int outcome = x.strategy.outcome(x.view, strand, kind, outcomes);
        if (outcome != 0) {
            x.departures().add(strand.id, strand.point, kind, outcome);
        }
        x.hash = x.hash * 31 + outcome;
        return outcome;
    }

    /** {@return whether a weak compare-and-set, whose step was made, fails without a cause} */
    public boolean failsWithoutCause(LiveStrand strand) {
        if (!x.time.leeway.spurious()) {
            x.assumptions.add(Assumptions.Rule.WEAK);
            return false;
        }
        if (outcome(strand, DepartureKind.SPURIOUS_FAILURE, 2) == 0) {
            return false;
        }
        if (x.observer != null) {
            x.observer.departed(x.view, strand, "fails without a cause");
        }
        return true;
    }

    /** A plain access that is not known to race, and so needs no decision. */
    public void unshared(LiveStrand strand, Object object, int field, int site, int mode) {
        if (x.count == 1) {
            return; // happens before all steps of strands that start later
        }
        boolean told = x.observer != null && x.observer.seesPlain();
        if (x.looking == null && !x.hold.isOn() && !told) {
            return;
        }
        LiveLocation location = x.locations.find(object, field, site);
        if (told) {
            tell(strand, location, mode, site);
        }
        if (x.hold.isOn()) {
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

    private void tell(LiveStrand strand, LiveLocation location, int mode, int site) {
        LiveLocation locationOfStep = strand.location;
        int modeOfStep = strand.mode;
        int siteOfStep = strand.site;
        strand.location = location;
        strand.mode = mode;
        strand.site = site;
        x.observer.plain(x.view, strand);
        strand.location = locationOfStep;
        strand.mode = modeOfStep;
        strand.site = siteOfStep;
    }

    /** A quiet access. */
    public void looked(LiveStrand strand, Object object, int field, int mode) {
        if (x.weak != null) {
            x.weak.settle();
        }
        if (strand.quiet < HeldStrand.ASKING) {
            x.hold.happened();
            x.assumptions.add(Assumptions.Rule.LOOK);
            if (x.hold.isOn()) {
                x.hold.accessed(strand, x.locations.find(object, field), mode);
            }
        }
    }

    /** Ends the run if the strand must not use this object. */
    public void use(LiveStrand strand, Object object, int site) {
        Failure misuse = x.releases.misuse(strand, object, site);
        if (misuse != null) {
            if (x.observer != null) {
                x.observer.note(x.view, strand, x.releases.use(strand, object, site)); // the use itself is no step
            }
            x.end(strand, misuse);
        }
    }

    /** The strand has made many plain accesses without a step: too many count as an endless loop. */
    public void manyUnshared(LiveStrand strand, int site) {
        if (x.weak != null) {
            x.weak.settle();
        }
        if (strand.unshared == 0) {
            return; // not many: the step before has read an older value
        }
        x.livelocks.beat(strand);
        if (strand.unshared > MOST_UNSHARED) {
            x.end(strand, Failures.endless(strand, site));
        }
    }

    /** Notes whether the strand's conditional write has written. */
    public void exchanged(LiveStrand strand, boolean success) {
        if (strand.location == LiveLocation.NONE) {
            return;
        }
        if (x.weak != null && !x.weak.exchanged(strand.id, strand.location, strand.mode, success)) {
            x.outcome = Outcome.PRUNED;
            x.leave(strand);
        }
        if (success) {
            x.written(strand, strand.location);
        }
        if (x.looking != null) {
            x.looking.exchanged(strand, strand.location, strand.mode, success);
        }
        if (x.observer != null) {
            x.observer.exchanged(x.view, strand, success);
        }
    }

    /** A fence of a strand. */
    public void fence(LiveStrand strand, int site) {
        int mode = Sites.modeOf(site);
        x.announce(strand, site, null, mode & Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        if (x.weak != null) {
            x.weak.fence(strand.id, mode);
        }
        if (x.looking != null) {
            x.looking.fence(strand, mode);
        }
    }

    /** A strand yields: for the first time at this site as a step that does nothing, then as a turn of a spin loop. */
    public void yield(LiveStrand strand, int site) {
        if (strand.yields.goesOn(site)) {
            x.announce(strand, site, null, 0);
            x.decide(strand);
            strand.stopSpinning();
            x.perform(strand);
        } else {
            spin(strand, site);
        }
    }

    /** A turn of a spin loop: the strand waits until a location changes that it has read. */
    public void spin(LiveStrand strand, int site) {
        x.announce(strand, site, null, Sites.modeOf(site) & Access.HARDWARE);
        if (x.hold.isOn()) {
            x.hold.spins(strand);
        }
        boolean news = strand.sawChange();
        if (!news) {
            x.assumptions.add(Assumptions.Rule.SPIN);
            x.spinning.add(strand);
            x.disable(strand, Wait.SPIN, Long.MAX_VALUE);
        }
        x.decide(strand);
        strand.stopSpinning();
        x.perform(strand);
    }

    /** Starts a thread as a new strand. */
    public void start(LiveStrand strand, int site, Thread thread) {
        x.announce(strand, site, null, Access.HARDWARE);
        x.blocking.starts(strand, thread);
        x.decide(strand);
        x.perform(strand);
        if (x.find(thread) != null || x.environment.isRetired(thread)) {
            throw new IllegalThreadStateException();
        }
        if (thread.isVirtual() && x.environment.taskOf(thread) == null) {
            x.refusal.of(strand, "a virtual thread that no code of the program has made in this run,", site);
        }
        LiveStrand started = x.strandTable.add(thread, null, x.environment.isDaemon(thread, strand));
        started.interrupted = x.environment.isInterruptedBeforeStart(thread);
        x.blocking.started(started);
    }

    /** A step of the scenario's own, which orders no memory. */
    public void own(LiveStrand strand, int field, int site) {
        x.announce(strand, site, x.locations.find(null, field, site), Sites.modeOf(site));
        x.decide(strand);
        HappensBefore looking = x.looking;
        x.looking = null;
        x.perform(strand);
        x.looking = looking;
    }

    /** {@return whether anything needs to know what is ordered} */
    public boolean orders() {
        return x.looking != null || x.weak != null;
    }

    /** All steps of a strand so far happen before the steps of a strand that {@link #sees} the location later. */
    public void publish(LiveStrand strand, LiveLocation location) {
        if (x.looking != null) {
            x.looking.publish(strand, location);
        }
        if (x.weak != null) {
            x.weak.publish(strand.id, location);
        }
    }

    /** What was published at a location happens before the next steps of the strand. */
    public void sees(LiveStrand strand, LiveLocation location) {
        if (x.looking != null) {
            x.looking.sees(strand, location);
        }
        if (x.weak != null) {
            x.weak.sees(strand.id, location);
        }
    }

    /** All steps of all strands so far happen before the next steps of the strand. */
    void joinAll(LiveStrand strand) {
        if (x.looking != null) {
            x.looking.joinAll(strand);
        }
        for (int other = 0; x.weak != null && other < x.count; other++) {
            x.weak.sees(strand.id, other);
        }
    }

    /** {@return the alternative, by a choice of the scenario} */
    public int choose(LiveStrand strand, int site, int alternatives) {
        x.announce(strand, site, null, Access.HARDWARE);
        x.decide(strand);
        x.perform(strand);
        x.decisions++;
        int choice = choice(strand, alternatives);
        if (x.observer != null) {
            x.observer.chose(x.view, strand, choice);
        }
        return choice;
    }

    /** As {@link #choose}, but without a step: no other strand comes in between. */
    public int pick(LiveStrand strand, int alternatives, IntFunction<String> text) {
        x.decisions++;
        int choice = choice(strand, alternatives);
        if (choice != 0 && x.observer != null) {
            x.observer.departed(x.view, strand, text.apply(choice));
        }
        return choice;
    }

    private int choice(LiveStrand strand, int alternatives) {
        x.hold.happened();
        x.livelocks.mayBeAnother();
        int choice = x.fair || !x.stretch ? 0 : x.strategy.choose(x.view, strand, alternatives);
        if (choice != 0) {
            x.departures().add(strand.id, strand.point, DepartureKind.CHOICE, choice);
        }
        x.hash = x.hash * 31 + choice;
        return choice;
    }
}
