package org.smp4j.explore.run;

import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;

/** One thread of the scenario, always before its next step, as all rooms but the engine see it. */
public abstract class Strand {
    /** The site at which a strand begins. */
    public static final int BEGIN = Sites.add("", 0, "", null, 0, "start", "strand", 0);
    /** The site at which a strand ends. */
    public static final int END = Sites.add("", 0, "", null, 0, "end", "strand", Access.WRITE | Access.RELEASE);
    /** The maximum number of locations that a step reaches beside its own. */
    public static final int MOST_OTHERS = 4;

    /** Its number in the run, from 0. */
    public final int id;
    /** The bit that stands for it in sets of strands, if it is one of the first {@link StrandSet#FEW}; else 0. */
    public final long bit;

    /**
     * A strand of a run.
     *
     * @param id its number
     */
    protected Strand(int id) {
        this.id = id;
        bit = id < StrandSet.FEW ? 1L << id : 0;
    }

    /** {@return the thread's name; the exploration numbers threads that the JDK would number} */
    public abstract String name();

    /** {@return its thread} */
    public abstract Thread thread();

    /** {@return whether the run ends without waiting for it} */
    public abstract boolean isDaemon();

    /** {@return whether the scenario focuses on this strand} */
    public abstract boolean isFocused();

    /** {@return whether it has ended} */
    public abstract boolean isFinished();

    /** {@return the site of its next step} */
    public abstract int site();

    /** {@return the location of its next step; null for none} */
    public abstract Location location();

    /** {@return the mode of its next step: bits of {@link Access}} */
    public abstract int mode();

    /** {@return the number of steps that it has reached} */
    public abstract int point();

    /** {@return why it cannot step} */
    public abstract Wait waitsFor();

    /** {@return whether its next step is a mere access, which can't block} */
    public abstract boolean isAccess();

    /**
     * {@return the number of locations that its next step reaches beside its own; known only to searches that reason
     * about steps}
     */
    public abstract int otherCount();

    /** {@return one of these} */
    public abstract Location other(int index);

    /** {@return which of these its next step changes, by bit} */
    public abstract int otherWrites();

    /** {@return whether its next step depends on every step of other strands} */
    public abstract boolean dependsOnAll();

    /** {@return whether a strategy that draws has its next step read the oldest value that the memory model allows} */
    public abstract boolean seeksOldest();

    /** {@return the locations that it has read since it last spun} */
    public abstract Location[] spinsOn();

    /** {@return its frames, the innermost first; none if it has ended} */
    public abstract StackTraceElement[] stack();
}
