package org.smp4j.explore.run;

import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;

/**
 * One thread of the scenario, which always stands before its next step, as all but the engine see it.
 */
public abstract class Strand {
    /** The site at which a strand begins. */
    public static final int BEGIN = Sites.add("", 0, "", null, 0, "start", "strand", 0);
    /** The site at which a strand ends. */
    public static final int END = Sites.add("", 0, "", null, 0, "end", "strand", Access.WRITE | Access.RELEASE);
    /** A step reaches so many locations at most beside its own. */
    public static final int MOST_OTHERS = 4;

    /** Its number in the run, from 0. */
    public final int id;
    /** The bit that stands for it in sets of strands. */
    public final long bit;

    /**
     * A strand of a run.
     *
     * @param id its number
     */
    protected Strand(int id) {
        this.id = id;
        bit = 1L << id;
    }

    /** {@return the thread's name; one that the JDK made up is numbered by the exploration} */
    public abstract String name();

    /** {@return whether the run ends without waiting for it} */
    public abstract boolean isDaemon();

    /** {@return whether the scenario is about this strand} */
    public abstract boolean isFocused();

    /** {@return whether it has ended} */
    public abstract boolean isFinished();

    /** {@return the site of its next step} */
    public abstract int site();

    /** {@return the location that its next step reaches; null for none} */
    public abstract Location location();

    /** {@return what its next step does there: bits of {@link Access}} */
    public abstract int mode();

    /** {@return how many steps it has come to} */
    public abstract int point();

    /** {@return why it cannot step} */
    public abstract Wait waitsFor();

    /** {@return whether its next step is an access and nothing else, so that it cannot come to wait where it stands} */
    public abstract boolean isAccess();

    /** {@return how many locations its next step reaches beside its own; known only where a search reasons about it} */
    public abstract int otherCount();

    /** {@return one of these} */
    public abstract Location other(int index);

    /** {@return which of these its next step changes, by bit} */
    public abstract int otherWrites();

    /** {@return whether what its next step does depends on all that others do} */
    public abstract boolean dependsOnAll();

    /** {@return what it has read since it last spun} */
    public abstract Location[] spinsOn();

    /** {@return its frames, the innermost first; none if it has ended} */
    public abstract StackTraceElement[] stack();
}
