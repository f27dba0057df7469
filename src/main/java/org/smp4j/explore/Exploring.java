package org.smp4j.explore;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Interrupts;
import org.smp4j.explore.run.Wait;

/** The calls of a scenario to the explorer. Outside of an exploration they do nothing, or only the plain operation. */
public final class Exploring {
    private static final int CHOICE = Sites.add("", 0, "", null, 0, "choose", "scenario", Access.HARDWARE);
    private static final int QUIESCENCE = Sites.add("", 0, "", null, 0, "await quiescence", "scenario",
            Access.HARDWARE);
    private static final int OWN = Sites.field("own");
    private static final int PUBLISHED = Sites.field("published");
    private static final int BEGIN = Sites.add("", 0, "", null, 0, "begin", "scenario", Access.READ);
    private static final int END = Sites.add("", 0, "", null, 0, "end", "scenario", Access.WRITE);

    private Exploring() {
    }

    /**
     * Makes a choice: every alternative is tried in some schedule.
     *
     * @param alternatives how many
     * @return one of them, from 0, which is the default
     */
    public static int choose(int alternatives) {
        LiveStrand strand = Execution.running;
        checkAlternatives(alternatives);
        return strand == null || !strand.isHeard() ? 0
                : strand.execution.plainSteps.choose(strand, CHOICE, alternatives);
    }

    /**
     * As {@link #choose}, but without a step: no other thread comes in between. For decisions while other threads wait
     * for a lock of the caller.
     *
     * @param alternatives how many
     * @param text the meaning of an alternative, for the report
     * @return one of them, from 0, which is the default
     */
    public static int pick(int alternatives, IntFunction<String> text) {
        checkAlternatives(alternatives);
        LiveStrand strand = Execution.running;
        return strand == null || alternatives < 2 ? 0 : strand.execution.plainSteps.pick(strand, alternatives, text);
    }

    private static void checkAlternatives(int alternatives) {
        if (alternatives < 1 || alternatives > Departures.MOST_CHOICES + 1) {
            throw new IllegalArgumentException(
                    "alternatives must be between 1 and " + (Departures.MOST_CHOICES + 1) + ", got " + alternatives);
        }
    }

    /**
     * Whether a thread parks or spins, and no other thread has made progress for it.
     *
     * @param thread a thread that was started
     * @return whether
     */
    public static boolean waits(Thread thread) {
        LiveStrand strand = Execution.running;
        LiveStrand other = strand == null ? null : strand.execution.find(thread);
        return other != null && (other.wait == Wait.PARK || other.wait == Wait.SPIN);
    }

    /**
     * Waits until no other thread can step unless time passes. An event that is still missing then never comes by
     * itself.
     */
    public static void awaitQuiescence() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.blocking.awaitQuiescence(strand, QUIESCENCE);
        }
    }

    /**
     * By how much the scenario should be smaller than its full size: 0, except while a failure is shrunk.
     *
     * @param most the largest reduction, for example the number of CPUs that it could do without
     * @return the reduction
     */
    public static int reduce(int most) {
        LiveStrand strand = Execution.running;
        return strand == null ? 0 : strand.execution.environment.reduce(most);
    }

    /**
     * Sets the explored stretch of the run; outside of it every schedule is the default one. Without a call the whole
     * run is explored.
     *
     * @param explored whether the run is explored from here on
     * @return whether it was explored so far; true outside of an exploration
     */
    public static boolean stretch(boolean explored) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return true;
        }
        boolean before = strand.execution.stretch;
        if (before != explored && strand.execution.weak != null) {
            strand.execution.weak.stretch(explored, strand.execution.count == 1);
        }
        if (before != explored) {
            strand.execution.stretch(explored);
        }
        return before;
    }

    /**
     * Runs code whose accesses are no steps, for example an observer's read of the scenario's state. It must not wait.
     *
     * @param look the code
     */
    public static void quietly(Runnable look) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            look.run();
            return;
        }
        if (strand.execution.weak != null) {
            strand.execution.weak.settle();
        }
        strand.execution.hold.happened();
        strand.execution.assumptions.add(Assumptions.Rule.LOOK);
        strand.quiet++;
        try {
            look.run();
        } finally {
            strand.quiet--;
        }
    }

    /**
     * Runs the handler of an interrupt on the thread that it interrupts: a location that both reach counts as shared.
     * Its accesses are steps, even if the caller runs quietly.
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
        boolean oldest = strand.oldest;
        int quiet = strand.quiet;
        strand.handling = true;
        strand.oldest = false;
        strand.quiet = 0;
        try {
            handler.run();
        } finally {
            strand.handling = nested;
            strand.oldest = oldest;
            strand.quiet = quiet;
        }
    }

    /**
     * What the calling thread has done so far happens before what a thread does once it {@link #sees} the object. No
     * step: for what stands for hardware.
     *
     * @param object the object
     */
    public static void publish(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.plainSteps.publish(strand, strand.execution.locations.find(object, PUBLISHED));
        }
    }

    /**
     * What threads had done before they have {@link #publish published} the object happens before what the calling
     * thread does from here on. No step.
     *
     * @param object the object
     */
    public static void sees(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.plainSteps.sees(strand, strand.execution.locations.find(object, PUBLISHED));
        }
    }

    /**
     * {@return whether time has passed although threads could have gone on, as the run is over its step limit: what was
     * to happen within a time may come late then}
     */
    public static boolean timeHasLeapt() {
        LiveStrand strand = Execution.running;
        return strand != null && strand.execution.livelocks.leapt();
    }

    /** {@return whether a read may return an older value than the newest, as by the memory model of this run} */
    public static boolean readsMayBeOld() {
        LiveStrand strand = Execution.running;
        return strand != null && strand.execution.weak != null;
    }

    /**
     * Reads something that other threads have written, to check that the calling thread sees it: where the memory model
     * lets the read return older values, schedules that are drawn have it return the oldest one.
     *
     * @param read the read; if it makes several, each of them
     * @return what it returns
     */
    public static boolean oldest(BooleanSupplier read) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return read.getAsBoolean();
        }
        strand.oldest = true;
        try {
            return read.getAsBoolean();
        } finally {
            strand.oldest = false;
        }
    }

    /**
     * Ends the run with a broken rule. An explored run is over at once, whatever its code would catch; outside of an
     * exploration an error is thrown.
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
     * Declares that an object has been released: the run fails if any thread uses it from here on. The declaration is
     * no access: a search that omits schedules with equivalent accesses does not see it.
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
     * Declares that the calling thread has handed an object back to its owner: the run fails if the thread uses it
     * before {@link #letGoNoMore}.
     *
     * @param object the object
     */
    public static void letGo(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.releases.letGo(strand, object);
        }
    }

    /** Ends the effect of {@link #letGo} for the calling thread, which may own the objects again. */
    public static void letGoNoMore() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.releases.forget(strand);
        }
    }

    /**
     * Counts as a use of an object, for {@link #freed} and {@link #letGo}.
     *
     * @param object the object
     */
    public static void uses(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.releases.any) {
            strand.execution.hold.happened();
            strand.execution.plainSteps.use(strand, object, strand.site);
        }
    }

    /**
     * Focuses on a thread: strategies preempt it more often than others. For threads that the scenario is about, as
     * opposed to its infrastructure.
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
     * Makes a step of the scenario's own, which stands for no access and orders no memory: other threads may come in
     * before it. For a search that omits equivalent schedules such a step depends on those that end something, and one
     * that ends something on all of them.
     *
     * @param ends whether it ends something; otherwise it begins something
     * @param text makes the step's line in the report
     */
    public static void step(boolean ends, Supplier<String> text) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.isHeard()) {
            strand.execution.plainSteps.own(strand, OWN, ends ? END : BEGIN);
            if (strand.execution.observer != null) {
                strand.execution.observer.named(strand.execution.view, strand, text);
            }
        }
    }

    /**
     * Gives an event to the observer of the run, if there is one; no step.
     *
     * @param event the event, of a type that is not rewritten
     */
    public static void event(Object event) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.observer != null) {
            strand.execution.observer.event(strand.execution.view, strand, event);
        }
    }

    /**
     * Adds a line to the report, at the calling thread's next step.
     *
     * @param text the line
     */
    public static void note(String text) {
        note(() -> text);
    }

    /**
     * As {@link #note(String)}, for a line that is expensive to make.
     *
     * @param text makes the line if the run is recorded
     */
    public static void note(Supplier<String> text) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.observer != null) {
            strand.execution.observer.note(strand.execution.view, strand, text.get());
        }
    }

    /**
     * Sets the source of interrupts for this run, in place of an earlier one.
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

    /**
     * Sets what names the objects of this run in reports, in place of an earlier one.
     *
     * @param describer makes what is asked between steps, when it is asked for the first time
     */
    public static void describe(Supplier<Describer> describer) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.view.describe(describer);
        }
    }
}
