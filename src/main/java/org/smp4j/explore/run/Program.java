package org.smp4j.explore.run;

import java.util.List;

/** What is explored: a scenario whose classes were loaded so that the explorer has control of them. */
public interface Program {
    /** {@return its name, by which a token finds it again} */
    String name();

    /** Runs it once, from fresh state, on the calling strand. */
    void run() throws Throwable;

    /** Puts its mutable static fields back to what they were before its first run. */
    void restoreStatics();

    /** {@return how many places of its code the explorer controls} */
    int sites();

    /** {@return calls in it that change shared state behind the explorer's back, with their places} */
    List<String> unmodelled();

    /** {@return what it keeps from one run to the next, since that can't be put back} */
    List<String> kept();

    /** {@return the same program, loaded so that it tells the values that it reads and writes} */
    Program withValues();
}
