package org.smp4j.explore.report;

import java.util.List;
import java.util.Map;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** One step of a recorded run. */
final class Step {
    final int number;
    final int index;
    final int strand;
    // How many strands there were: those of these numbers and above were started later.
    final int strands;
    final String column;
    final int site;
    final Location location;
    // Facts of the location as they were then: the next run makes another location of the same object.
    private final boolean ofLock;
    final boolean ofThread;
    final String name;
    boolean writes;
    boolean reads;
    boolean explored;
    boolean forced;
    // The id of the strand that was preempted for this step; -1 for none.
    int stopped = -1;
    // Why that one could be preempted, in a few words; null if that is not known.
    String stoppedAs;
    // Which departure of the run it is or follows, from 0; -1 for none.
    int departure = -1;
    boolean failed;
    // Whether the run fails in it, and not for want of another.
    boolean breaks;
    // Whether it is a plain access that is no step.
    boolean plain;
    // Whether it stands for what the next one reads: an older value than the newest.
    boolean older;
    String value;
    // What a step that fetches the value before it has made of that; null if it is not known.
    String becomes;
    String note;

    // Of a detailed recording:
    /** The task, handler or thread that makes it. */
    String actor;
    /** The number of the scenario's functions on the stack. */
    int depth;
    /** Whether an interrupt handler makes it. */
    boolean handler;
    /** The innermost function that is more than a wrapper around an access. */
    String function = "";
    /** The innermost place in code that is not the machinery's; null for none. */
    String user;
    /** Whether the access itself stands in such code. */
    boolean own;
    Describer.Role role = Describer.Role.STATE;
    /** The arrow that leads from this write to the next read elsewhere; null for none. */
    Describer.Arrow arrow;
    /** What its note sends or receives; null for nothing. */
    Describer.Link link;
    /** The state after it, by column and aspect; null where it was not recorded. */
    Map<String, Map<String, String>> state;
    /** What an interrupt or a switch ends: the functions on the stack, the innermost first. */
    List<String> frames = List.of();

    Step(Run x, int index, Strand strand, String name) {
        this.number = x.steps();
        this.strands = x.strandCount();
        this.index = index;
        this.strand = strand.id;
        this.column = x.column(strand);
        this.site = strand.site();
        this.location = strand.location();
        this.ofLock = location != null && location.isLock();
        this.ofThread = location != null && location.isThreads();
        this.name = name;
        this.actor = strand.name();
        int mode = strand.mode();
        this.reads = (mode & Access.READ) != 0;
        this.writes = (mode & (Access.WRITE | Access.CONDITIONAL)) == Access.WRITE;
    }

    /** {@return whether another strand, or a handler on the same one, could be surprised by this step's effect} */
    boolean isOfOther(Step step) {
        return strand != step.strand || handler != step.handler;
    }

    /** {@return whether it takes or releases a monitor or a lock that the explorer models} */
    boolean isOfLock() {
        return ofLock;
    }

    /** {@return the name of the lock that it takes or releases} */
    String lockName() {
        return name.replaceAll("\\.lock(ed)?$", "");
    }

    String operation() {
        return Sites.get(site).operation();
    }

    /** {@return whether the value is the one before the change, as of {@code getAndAdd}} */
    boolean isFetch() {
        return operation().startsWith("getAnd");
    }

    /** {@return the place of the access as a stack trace prints it; empty for none} */
    String place() {
        return note == null && !Sites.get(site).owner().isEmpty() ? Sites.get(site).place() : "";
    }
}
