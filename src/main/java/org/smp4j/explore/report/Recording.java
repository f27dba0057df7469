package org.smp4j.explore.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** Records the steps of all strands in one run, in order; of a very long run the beginning and the end. */
public final class Recording implements Observer {
    /** One step. */
    static final class Step {
        final int number;
        final int index;
        final int strand;
        final String column;
        final int site;
        final Location location;
        final String name;
        final int mode;
        boolean writes;
        boolean reads;
        boolean explored;
        boolean forced;
        // The id of the strand that was preempted for this step; -1 for none.
        int stopped = -1;
        boolean failed;
        // Whether it stands for what the next one reads: an older value than the newest.
        boolean older;
        String value;
        String note;

        Step(int number, int index, Strand strand, String column, String name) {
            this.number = number;
            this.index = index;
            this.strand = strand.id;
            this.column = column;
            this.site = strand.site();
            this.location = strand.location();
            this.name = name;
            this.mode = strand.mode();
            this.reads = (mode & Access.READ) != 0;
            this.writes = (mode & (Access.WRITE | Access.CONDITIONAL)) == Access.WRITE;
        }
    }

    private static final int MOST = 200_000;

    private final List<Step> steps = new ArrayList<>();
    private final Deque<Step> latest = new ArrayDeque<>(); // the latest steps after the first list is full
    private int count;
    private final Map<Integer, Step> last = new HashMap<>();
    private final List<Integer> labels = new ArrayList<>();
    // The id of the strand that was preempted or passed over before the next step; -1 for none.
    private int departed = -1;
    // The step whose value comes next; null if the next value is of an access that is no step.
    private Step expecting;
    private boolean readsOlder;

    private final BiConsumer<Run, Object> events;

    /** A recording of steps alone. */
    public Recording() {
        this((_, _) -> { });
    }

    /** A recording that also passes on each event that the program gives away. */
    public Recording(BiConsumer<Run, Object> events) {
        this.events = events;
    }

    @Override
    public void event(Run x, Strand strand, Object event) {
        events.accept(x, event);
    }

    List<Step> steps() {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(latest);
        return all;
    }

    /** {@return the labels of the sites where the run departed from the default, in order} */
    public int[] labels() {
        return labels.stream().mapToInt(Integer::intValue).toArray();
    }

    private Step add(Run x, Strand strand) {
        Step step = new Step(x.steps(), count++, strand, x.column(strand),
                strand.location() == null ? null : x.name(strand.location()));
        step.explored = x.inStretch();
        step.forced = departed >= 0;
        step.stopped = departed;
        departed = -1;
        if (steps.size() < MOST) {
            steps.add(step);
        } else {
            if (latest.size() == MOST) {
                latest.removeFirst();
            }
            latest.add(step);
        }
        last.put(strand.id, step);
        return step;
    }

    @Override
    public void performed(Run x, Strand strand) {
        Step step = add(x, strand);
        expecting = strand.location() != null && !strand.location().isThreads() ? step : null;
    }

    @Override
    public void exchanged(Run x, Strand strand, boolean success) {
        Step step = last.get(strand.id);
        step.writes = success;
        step.failed = !success;
    }

    @Override
    public void interrupted(Run x, Strand strand) {
        mark(x, strand, "takes an interrupt");
    }

    @Override
    public void readsOlder(Run x, Strand strand, String text) {
        departed(x, strand, text);
        last.get(strand.id).older = true;
        readsOlder = true;
    }

    /** {@return whether a read has returned an older value than the newest} */
    boolean readsOlder() {
        return readsOlder;
    }

    @Override
    public void departed(Run x, Strand strand, String text) {
        labels.add(Sites.label(strand.site()));
        mark(x, strand, text).forced = true;
    }

    private Step mark(Run x, Strand strand, String text) {
        Step step = add(x, strand);
        step.note = text;
        step.reads = false;
        step.writes = false;
        return step;
    }

    @Override
    public void departed(Run x, Strand from, Strand to) {
        labels.add(Sites.label(to.site()));
        departed = from.id;
    }

    @Override
    public void chose(Run x, Strand strand, int choice) {
        Step step = last.get(strand.id);
        step.note = "chooses " + choice;
        if (choice != 0) {
            labels.add(Sites.label(strand.site()));
        }
    }

    @Override
    public void value(Run x, Strand strand, Object value) {
        if (expecting != null && expecting.strand == strand.id) {
            expecting.value = text(x, value);
            expecting = null;
        }
    }

    private static String text(Run x, Object value) {
        return switch (value) {
            case null -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Character character -> "'" + character + "'";
            case String string -> '"' + string + '"';
            default -> Names.simple(value.getClass()) + "#" + x.idOf(value);
        };
    }

    @Override
    public void named(Run x, Strand strand, Supplier<String> text) {
        last.get(strand.id).note = text.get();
    }

    @Override
    public void note(Run x, Strand strand, String text) {
        mark(x, strand, text);
    }
}
