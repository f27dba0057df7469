package org.smp4j.explore;

import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Interrupts;
import org.smp4j.explore.run.Wait;

/** What a scenario can say to the explorer. Everything here does nothing, or the plain thing, where nobody explores. */
public final class Exploring {
    private static final int CHOICE = Sites.add("", 0, "", null, 0, "choose", "scenario", Access.HARDWARE);
    private static final int QUIESCENCE = Sites.add("", 0, "", null, 0, "await quiescence", "scenario", Access.HARDWARE);

    private Exploring() {
    }

    /**
     * Chooses: every alternative is tried in some schedule.
     *
     * @param alternatives how many
     * @return one of them, from 0, which is the default
     */
    public static int choose(int alternatives) {
        LiveStrand strand = Execution.running;
        checkAlternatives(alternatives);
        return strand == null || !strand.isHeard() ? 0 : strand.execution.plain.choose(strand, CHOICE, alternatives);
    }

    /**
     * As {@link #choose}, but at no step: nobody else comes in between. For what decides while others wait for its lock.
     *
     * @param alternatives how many
     * @param text what an alternative means, for the report
     * @return one of them, from 0, which is the default
     */
    public static int pick(int alternatives, IntFunction<String> text) {
        checkAlternatives(alternatives);
        LiveStrand strand = Execution.running;
        return strand == null || alternatives < 2 ? 0 : strand.execution.plain.pick(strand, alternatives, text);
    }

    private static void checkAlternatives(int alternatives) {
        if (alternatives < 1 || alternatives > Departures.MOST_CHOICES + 1) {
            throw new IllegalArgumentException(
                    "alternatives must be between 1 and " + (Departures.MOST_CHOICES + 1) + ", got " + alternatives);
        }
    }

    /**
     * Whether a thread parks or spins, and nobody has yet done anything for it.
     *
     * @param thread a thread that was started
     * @return whether
     */
    public static boolean waits(Thread thread) {
        LiveStrand strand = Execution.running;
        LiveStrand other = strand == null ? null : strand.execution.find(thread);
        return other != null && (other.wait == Wait.PARK || other.wait == Wait.SPIN);
    }

    /** Waits until no other thread can do anything unless time passes: what is still to come then never comes by itself. */
    public static void awaitQuiescence() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.blocking.awaitQuiescence(strand, QUIESCENCE);
        }
    }

    /**
     * By how much the scenario shall be smaller than it could be: 0, but where a failure is made as small as possible.
     *
     * @param most by how much it can be at most, for example how many CPUs it could do without
     * @return by how much it has to be
     */
    public static int reduce(int most) {
        LiveStrand strand = Execution.running;
        return strand == null ? 0 : strand.execution.surroundings.reduce(most);
    }

    /**
     * Says which part of the run is explored; outside of it every schedule goes the default way. Without a word all of it is.
     *
     * @param explored whether it is from here on
     * @return whether it was so far; true where nothing is explored
     */
    public static boolean stretch(boolean explored) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return true;
        }
        boolean before = strand.execution.stretch;
        if (before != explored) {
            strand.execution.stretch(explored);
        }
        return before;
    }

    /**
     * Runs something whose accesses are not part of what is explored: a look at the scenario's state by who watches it. It must not wait.
     *
     * @param look what is run
     */
    public static void quietly(Runnable look) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            look.run();
            return;
        }
        strand.execution.hold.happened();
        strand.quiet++;
        try {
            look.run();
        } finally {
            strand.quiet--;
        }
    }

    /**
     * Runs the handler of an interrupt on the thread that it interrupts: what both reach is something that two share. Its accesses count, also if who calls it
     * does so quietly.
     *
     * @param handler the handler
     */
    public static void interrupting(Runnable handler) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            handler.run();
            return;
        }
        boolean nested = strand.handling;
        int quiet = strand.quiet;
        strand.handling = true;
        strand.quiet = 0;
        try {
            handler.run();
        } finally {
            strand.handling = nested;
            strand.quiet = quiet;
        }
    }

    /**
     * Ends the run: a rule is broken. Where nobody explores it is thrown; a run that is explored is over at once, whatever its code would catch.
     *
     * @param rule the rule in a few words, the same whenever it is broken
     * @param message what happened, in one sentence
     * @param details more lines
     */
    public static void broken(String rule, String message, List<String> details) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.end(strand, new Failure(rule, message, List.copyOf(details), null));
        }
        throw new Failure.Broken(rule, message, List.copyOf(details));
    }

    /**
     * Says that an object has been given up: the run is over, and wrong, if anybody touches it from here on. What is said so is no access: a search that leaves
     * schedules out because their accesses come to the same does not see it.
     *
     * @param object the object
     */
    public static void freed(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.releases.free(strand, object);
        }
    }

    /**
     * Undoes {@link #freed}: the object has an owner again.
     *
     * @param object the object
     */
    public static void owned(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.releases.own(object);
        }
    }

    /**
     * Says that the calling thread has handed an object back to its owner: the run is over, and wrong, if it touches it before {@link #letGoNoMore}.
     *
     * @param object the object
     */
    public static void letGo(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.releases.letGo(strand, object);
        }
    }

    /** The calling thread is done with what it did for others: what it {@link #letGo let go of} may be its own next. */
    public static void letGoNoMore() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.releases.forget(strand);
        }
    }

    /**
     * Uses an object as a whole, as if it were touched here.
     *
     * @param object the object
     */
    public static void uses(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.releases.any) {
            strand.execution.hold.happened();
            strand.execution.plain.use(strand, object, strand.site);
        }
    }

    /**
     * Strategies hold this thread back more often than others: it is what the scenario is about, and not what it runs on.
     *
     * @param thread a thread that was started
     */
    public static void focus(Thread thread) {
        LiveStrand strand = Execution.running;
        LiveStrand watched = strand == null ? null : strand.execution.find(thread);
        if (watched != null) {
            watched.focused = true;
        }
    }

    /**
     * A line for the report, at the place of the calling thread's next step.
     *
     * @param text the line
     */
    public static void note(String text) {
        note(() -> text);
    }

    /**
     * As {@link #note(String)}, for a line that takes work.
     *
     * @param text asked for the line if somebody writes it down
     */
    public static void note(Supplier<String> text) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.observer != null) {
            strand.execution.observer.note(strand.execution.view, strand, text.get());
        }
    }

    /**
     * Tells where interrupts come from, for this run; in place of what was told before.
     *
     * @param source asked before every step of every thread
     */
    public static void interrupts(Interrupts source) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.hold.happened();
            strand.execution.interrupts.install(source);
        }
    }
}
