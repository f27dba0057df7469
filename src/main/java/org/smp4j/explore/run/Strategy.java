package org.smp4j.explore.run;

import org.smp4j.explore.model.Departures;

/** Decides how one schedule after the other goes. Not shared between threads. */
public abstract class Strategy {
    /** {@return what reports call it} */
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
     * Chooses who steps.
     *
     * @param x the execution
     * @param current who made the last step, whether it can go on or not
     * @param menu the strands that can, by bit; at least two
     * @return the number of one of them
     */
    public abstract int pick(Run x, Strand current, long menu);

    /**
     * An interrupt can be taken.
     *
     * @param x the execution
     * @param strand who would take it
     * @return after how many more of its steps it does; 0 for now, which is the default
     */
    public int defer(Run x, Strand strand) {
        return 0;
    }

    /**
     * An interrupt could be taken that was deferred, and the time for it is not yet.
     *
     * @param x the execution
     * @param strand who would take it
     */
    public void deferring(Run x, Strand strand) {
    }

    /**
     * An interrupt may come from outside.
     *
     * @param x the execution
     * @param strand who stands there
     * @param possible which may, by bit
     * @return the number of one that comes; {@link Departures#NONE} for none; -1 for what comes by default, which mostly is none
     */
    public int interrupt(Run x, Strand strand, int possible) {
        return -1;
    }

    /**
     * The timeout of a strand may fire though others could step.
     *
     * @param x the execution
     * @param strand the strand that made the last step
     * @param waiting the strands whose timeouts may, by bit
     * @return the number of one of them; -1 for none, which is the default
     */
    public int expire(Run x, Strand strand, long waiting) {
        return -1;
    }

    /**
     * A strand looks at the clock, and a while may have passed.
     *
     * @param x the execution
     * @param strand the strand
     * @return whether it has; by default it has not
     */
    public boolean passes(Run x, Strand strand) {
        return false;
    }

    /**
     * Makes a choice of the scenario's own.
     *
     * @param x the execution
     * @param strand who asks
     * @param alternatives how many there are
     * @return one of them, from 0
     */
    public int choose(Run x, Strand strand, int alternatives) {
        return 0;
    }

    /** {@return whether it is to be told of each step, by the two methods below} */
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
     * A strand has come to its next step.
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
     * A schedule has ended that was run to get to know the scenario; later ones teach nothing, so that every schedule can be made by itself.
     *
     * @param x the execution
     */
    public void learn(Run x) {
    }

    /**
     * The default schedule was run to get to know the scenario.
     *
     * @param conflicts where in it the order may matter
     * @param seed of the exploration
     */
    public void learn(Conflicts conflicts, long seed) {
    }

    /** {@return whether this schedule is the default one up to its first departure, and that was made already with an eye on what is ordered before what} */
    public boolean beginsAsKnown() {
        return false;
    }

    /** {@return whether it wants to be asked also where only one strand can step} */
    public boolean everyStep() {
        return false;
    }
}
