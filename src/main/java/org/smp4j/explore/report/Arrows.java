package org.smp4j.explore.report;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.run.Location;

/** Where what a step sees comes from: the arrows of a picture. */
final class Arrows {
    /**
     * The arrow that ends at a row.
     *
     * @param kind its kind; empty for no arrow
     * @param from the row that it comes from; below 0 for no arrow
     */
    record End(String kind, int from) {
        static final End NONE = new End("", -1);
    }

    /** A write, with the row that shows it. */
    private record Source(int row, Step step) {
    }

    // What is on its way, by the location through which it goes: the write that sent it.
    private final Map<Location, Source> sent = new HashMap<>();
    private final Map<Location, Source> written = new HashMap<>();
    private final Map<Location, String> values = new HashMap<>();
    private final Map<String, Source> seen = new HashMap<>();
    private final Map<String, Source> seenInStory = new HashMap<>(); // where only the story's steps are shown
    private final Map<String, Deque<Source>> notes = new HashMap<>(); // those sent and not received

    /** {@return the arrow that ends at the next row, which shows a step} */
    End at(Step step, int rank, int row) {
        if (step.link != null) {
            return ofNote(step, row);
        }
        if (step.location == null || step.note != null) {
            return End.NONE;
        }
        End end = step.reads || step.failed ? ofRead(step, rank) : End.NONE;
        if (step.writes) {
            write(step, new Source(row, step));
        }
        return end;
    }

    private End ofNote(Step step, int row) {
        Deque<Source> open = notes.computeIfAbsent(step.link.kind() + " " + step.link.key(), _ -> new ArrayDeque<>());
        if (step.link.sends()) {
            open.add(new Source(row, step));
            return End.NONE;
        }
        Source source = open.poll();
        return source == null || source.step.column.equals(step.column) ? End.NONE
                : new End(step.link.kind(), source.row);
    }

    private End ofRead(Step step, int rank) {
        Source message = sent.get(step.location);
        boolean received = message != null && isFor(message.step.arrow, step);
        Source source = received ? message : written.get(step.location);
        if (source == null || source.step.column.equals(step.column)) {
            return End.NONE;
        }
        String reader = step.column + " " + step.location.id() + (received ? " " + step.actor : "");
        boolean news = seen.put(reader, source) != source
                | rank >= Slice.FAR && seenInStory.put(reader, source) != source;
        return !news ? End.NONE : received ? new End(source.step.arrow.kind(), source.row)
                : rank >= Slice.OWN ? new End("value", source.row) : End.NONE;
    }

    private void write(Step step, Source source) {
        boolean silent = !step.isFetch() && step.value != null && step.value.equals(values.get(step.location));
        if (step.isFetch() || step.value == null) {
            values.remove(step.location);
        } else {
            values.put(step.location, step.value);
        }
        if (!silent) {
            written.put(step.location, source);
        }
        Source before = sent.get(step.location);
        if (step.arrow != null && !(silent && before != null)) {
            sent.put(step.location, source); // writing the same again sends nothing
        } else if (step.arrow == null && before != null && isFor(before.step.arrow, step)) {
            sent.remove(step.location); // it has arrived
        }
    }

    private static boolean isFor(Describer.Arrow arrow, Step step) {
        return arrow.reader() == null || Objects.equals(arrow.reader(), step.column)
                || Objects.equals(arrow.reader(), step.actor);
    }
}
