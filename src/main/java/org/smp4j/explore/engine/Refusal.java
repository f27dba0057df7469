package org.smp4j.explore.engine;

import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Sites;

/** Why nothing can be said of a program: in some run it came to something that is not modelled. The exploration ends with that, whatever the program catches. */
public final class Refusal {
    private final Execution x;
    private String why;

    Refusal(Execution x) {
        this.x = x;
    }

    void begin() {
        why = null;
    }

    /**
     * Whoever is asked by the program for something that can't be had under control. The run that is being made, if there is one, counts for nothing.
     *
     * @param reason one line
     * @return what to throw
     */
    public static ExplorerException met(String reason) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.refusal.later(reason);
        }
        return new ExplorerException(reason);
    }

    /** {@return what it came to in this run; null if to nothing} */
    public String why() {
        return why;
    }

    /** What a strand is about to do can't be controlled: the run ends here and now. */
    public void of(LiveStrand strand, String what, int site) {
        later(what + " at " + Sites.get(site).place() + " can't be controlled, so nothing would be proven: use what the explorer knows, or keep it out of the scenario");
        x.leave(strand);
    }

    /** As {@link #of}, where the run can't be ended: nothing is said of it, however it ends. */
    private void later(String reason) {
        why = why == null ? reason : why;
    }
}
