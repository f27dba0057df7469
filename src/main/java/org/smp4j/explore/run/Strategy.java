package org.smp4j.explore.run;

import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;

/** Decides the course of one schedule after the other. Not shared between threads. */
public abstract class Strategy {
    /** {@return its name in reports} */
    public abstract String name();

    /**
     * Starts a schedule.
     *
     * @param x the execution, which has no strand yet
     * @param schedule its number in the exploration, from 0
     * @param seed of this schedule
     * @return the strategy that decides in this schedule
     */
    public abstract Strategy begin(Run x, long schedule, long seed);

    /**
     * Chooses the strand that steps next.
     *
     * @param x the execution
     * @param current the strand that made the last step, whether it can go on or not
     * @param menu the strands that can step; at least two, unless it {@link #everyStep asks for every step}
     * @return the number of one of them
     */
    public abstract int pick(Run x, Strand current, StrandSet menu);

    /**
     * An interrupt can be taken.
     *
     * @param x the execution
     * @param strand the strand that would take it @return the number of its steps after which it takes the interrupt; 0
     * for now, which is the default
     */
    public int defer(Run x, Strand strand) {
        return 0;
    }

    /**
     * A deferred interrupt could be taken here, but stays deferred.
     *
     * @param x the execution
     * @param strand the strand that would take it
     */
    public void deferring(Run x, Strand strand) {
    }

    /**
     * An interrupt may come from outside.
     *
     * @param x the execution
     * @param strand the strand that is about to step
     * @param possible the interrupts that may come, by bit
     * @return the number of one that comes; {@link Departures#NO_INTERRUPT} for none; -1 for the default, which mostly
     * is none
     */
    public int interrupt(Run x, Strand strand, int possible) {
        return -1;
    }

    /**
     * The timeout of a strand may fire although strands could step.
     *
     * @param x the execution
     * @param strand the strand that made the last step
     * @param waiting the strands whose timeouts may fire
     * @return the number of one of them; -1 for none, which is the default
     */
    public int expire(Run x, Strand strand, StrandSet waiting) {
        return -1;
    }

    /**
     * A strand reads the clock, and time may pass before.
     *
     * @param x the execution
     * @param strand the strand
     * @return whether time passes; not by default
     */
    public boolean passes(Run x, Strand strand) {
        return false;
    }

    /**
     * Makes a choice of the scenario's own.
     *
     * @param x the execution
     * @param strand the strand that chooses
     * @param alternatives the number of alternatives
     * @return one of them, from 0
     */
    public int choose(Run x, Strand strand, int alternatives) {
        return 0;
    }

    /**
     * The memory model leaves a step several outcomes: a read may return an older value, a write may land before newer
     * ones, a weak compare-and-set may fail without a cause.
     *
     * @param x the execution
     * @param strand the strand that makes the step
     * @param kind what another outcome than 0 is
     * @param outcomes their number, at least 2
     * @return one of them; 0 is the default
     */
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        return 0;
    }

    /**
     * {@return whether volatile accesses and full fences have one order in its next run, as by the memory model; else a
     * read has no fewer outcomes than in any order of them, and the strategy must not choose another one than 0}
     */
    public boolean ordersVolatile() {
        return true;
    }

    /** {@return whether it is informed of each step, by the two methods below} */
    public boolean wantsSteps() {
        return false;
    }

    /**
     * A strand has been made.
     *
     * @param x the execution
     * @param strand the strand
     */
    public void made(Run x, Strand strand) {
    }

    /**
     * A strand has reached its next step.
     *
     * @param x the execution
     * @param strand the strand
     */
    public void announced(Run x, Strand strand) {
    }

    /**
     * A strand is about to make its step.
     *
     * @param x the execution
     * @param strand the strand
     */
    public void performed(Run x, Strand strand) {
    }

    /**
     * A strand is about to make a further step of the atomic part that it is in: no other strand could step before.
     *
     * @param x the execution
     * @param strand the strand
     */
    public void accessed(Run x, Strand strand) {
    }

    /**
     * A run before the first schedule has ended. Strategies learn only from these runs, so that every schedule can be
     * repeated alone.
     *
     * @param x the execution
     */
    public void learn(Run x) {
    }

    /**
     * The default schedule was run, before the first schedule.
     *
     * @param conflicts the conflicting steps in it
     * @param seed of the exploration
     */
    public void learn(Conflicts conflicts, long seed) {
    }

    /**
     * {@return whether this schedule equals the default one up to its first departure, so that its beginning was
     * already checked for races}
     */
    public boolean beginsAsKnown() {
        return false;
    }

    /** {@return the maximum number of strands at a time in its runs} */
    public int mostStrands() {
        return Run.MAX_STRANDS;
    }

    /**
     * {@return whether a run with more strands is left, as if it came to the same as another; else the program is
     * refused}
     */
    public boolean leavesLarger() {
        return false;
    }

    /** {@return whether it is also asked if only one strand can step} */
    public boolean everyStep() {
        return false;
    }
}
