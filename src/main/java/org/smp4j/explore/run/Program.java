package org.smp4j.explore.run;

import java.util.List;
import java.util.Set;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.weave.Weave;

/** A program to explore: a scenario whose classes were loaded so that the explorer controls them. */
public interface Program {
    /** {@return its name, which a token contains} */
    String name();

    /**
     * The same program, loaded with edits that let it give events away.
     *
     * @param weave the edits, which make no step
     * @return the program, which makes the same runs
     * @throws ExplorerException if it can't be loaded like that
     */
    default Program traced(Weave weave) {
        throw new ExplorerException(name() + " can't be traced");
    }

    /** Runs it once, from fresh state, on the calling strand. */
    void run() throws Throwable;

    /** {@return the scenario object of the latest run, or the class with its main method; null if it is not known} */
    default Object root() {
        return null;
    }

    /**
     * Judges a run that has completed or failed, after its end: for a program that checks an outcome against something
     * outside of the run. The verdict must depend on the run alone.
     *
     * @param failure the failure of the run; null if it completed
     * @return the failure that counts; null for none
     */
    default Failure judge(Failure failure) {
        return failure;
    }

    /** Restores its mutable static fields to their values before the first run. */
    void restoreStatics();

    /** {@return the number of its sites} */
    int sites();

    /** {@return calls in it that may change shared state unseen by the explorer, with their places} */
    List<String> unmodelled();

    /** {@return static state that it keeps from one run to the next, because it can't be restored} */
    List<String> kept();

    /** {@return the packages and classes of the JDK within whose calls strands can switch, by name} */
    default Set<String> inside() {
        return Set.of();
    }

    /** {@return the libraries that are rewritten although they are left as they are by default, by name} */
    default Set<String> libraries() {
        return Set.of();
    }

    /** {@return the same program, loaded so that it reports the values that it reads and writes} */
    Program withValues();
}
