package org.smp4j.explore.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.smp4j.explore.model.Describer;

/**
 * A recorded run for a picture: its columns, its steps in order, and the state after each.
 *
 * @param columns the columns, in order
 * @param rows the steps
 * @param bands the aspects of the state that are phases, with the values that have no band
 * @param shades the aspects of the state that are worth a shade, with the value that has none
 */
public record RunRecord(List<String> columns, List<Row> rows, Map<String, Set<String>> bands,
        Map<String, String> shades) {
    /**
     * A step.
     *
     * @param number the number of steps of the run so far
     * @param column the column
     * @param actor the task, thread or handler that makes it
     * @param handler whether an interrupt handler makes it
     * @param text what it does
     * @param function the function, with its class
     * @param place the place of the access as a stack trace prints it; empty for none
     * @param user the innermost place in the user's code; empty for none
     * @param departure for a step where the run departs from the default: what is forced there; else empty
     * @param rank how telling it is, from 0 to 4; below 0 if it is no part of the story
     * @param arrow the kind of arrow that leads to it; empty for none
     * @param from the index of the row that the arrow comes from
     * @param changes what differs in the state after it from the state before: by column and aspect the new value
     */
    public record Row(int number, String column, String actor, boolean handler, String text, String function,
            String place, String user, String departure, int rank, String arrow, int from,
            Map<String, Map<String, String>> changes) {
    }

    private static final String LOCKS = "holds";
    private static final String OWNER = ".exclusiveOwnerThread";

    /**
     * Makes the record of a run.
     *
     * @param recording the run, recorded with its state
     * @param necessity by departure, from 0: what becomes of the run without it, as half a sentence
     * @return the record
     */
    public static RunRecord of(Recording recording, Map<Integer, String> necessity) {
        List<Step> steps = recording.toldWithPlain();
        Slice slice = new Slice(steps);
        Builder builder = new Builder();
        for (Step step : steps) {
            if (!builder.isPoll(step) || slice.rankOf(step) >= 0 || step.forced) {
                builder.add(step, slice.rankOf(step), step.departure < 0 ? "" : Objects.requireNonNullElse(
                        necessity.get(step.departure), ""));
            }
        }
        List<String> columns = new ArrayList<>(builder.columns);
        columns.sort(Columns.BY_NUMBER);
        return new RunRecord(columns, unnumbered(builder.rows), recording.bands(), recording.shades());
    }

    /** The rows, in which the only object of a class has no number. */
    private static List<Row> unnumbered(List<Row> rows) {
        List<String> texts = new ArrayList<>(rows.stream().map(Row::text).toList());
        int count = texts.size();
        texts.addAll(rows.stream().map(Row::departure).toList());
        Numbers.drop(texts);
        List<Row> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Row row = rows.get(i);
            all.add(new Row(row.number, row.column, row.actor, row.handler, texts.get(i), row.function, row.place,
                    row.user, texts.get(count + i), row.rank, row.arrow, row.from, row.changes));
        }
        return all;
    }

    /** Follows what the steps themselves tell: locks and fields. */
    private static final class Builder {
        final List<Row> rows = new ArrayList<>();
        final Set<String> columns = new LinkedHashSet<>();
        private final Map<String, Map<String, String>> state = new HashMap<>();
        private final Arrows arrows = new Arrows();
        private final Map<String, String> polled = new HashMap<>();
        private final Map<String, Set<String>> held = new HashMap<>();
        private final Phrases phrases = new Phrases();

        /** {@return whether a strand only does again what it has just done: it spins} */
        boolean isPoll(Step step) {
            if (step.location == null) {
                return step.note == null && step.operation().equals("onSpinWait");
            }
            boolean again = !step.writes && step.value != null
                    && step.value.equals(polled.put(step.strand + " " + step.site + " " + step.location.id(),
                    step.value));
            return again && step.note == null;
        }

        void add(Step step, int rank, String need) {
            columns.add(step.column);
            String text = phrases.full(step);
            String departure = step.forced
                    ? (step.note == null ? "the switch to " + step.actor + " is forced here" : step.note)
                    + (need.isEmpty() ? "" : "; " + need) : "";
            Arrows.End end = arrows.at(step, rank, rows.size());
            rows.add(new Row(step.number, step.column, step.actor, step.handler, text, step.function, step.place(),
                    Objects.requireNonNullElse(step.user, ""), departure, rank, end.kind(), end.from(),
                    changes(step, rank)));
        }

        private Map<String, Map<String, String>> changes(Step step, int rank) {
            Map<String, Map<String, String>> changes = new LinkedHashMap<>();
            if (step.state != null) {
                step.state.forEach((column, aspects) -> aspects.forEach((aspect, value) ->
                        change(changes, column, aspect, value)));
            }
            String lock = lockOf(step);
            if (lock != null) {
                boolean takes = isOwner(step) ? !"null".equals(step.value) : step.reads;
                Set<String> own = held.computeIfAbsent(step.column, _ -> new LinkedHashSet<>());
                if (takes && !step.failed) {
                    own.add(lock);
                } else if (!takes) {
                    held.values().forEach(locks -> locks.remove(lock));
                }
                held.forEach((column, locks) -> change(changes, column, LOCKS,
                        locks.isEmpty() ? "nothing" : String.join(", ", locks)));
            } else if (rank >= Slice.NEAR && step.value != null && step.name != null && !step.isFetch()) {
                change(changes, "", step.name, step.value);
            }
            return changes;
        }

        private static String lockOf(Step step) {
            if (step.name == null || step.note != null) {
                return null;
            }
            return step.role == Describer.Role.LOCK ? step.lockName()
                    : isOwner(step) ? step.name.substring(0, step.name.length() - OWNER.length()) : null;
        }

        /** {@return whether the JDK's own code of a lock says so which strand holds it} */
        private static boolean isOwner(Step step) {
            return step.name.endsWith(OWNER) && step.writes && step.value != null;
        }

        private void change(Map<String, Map<String, String>> changes, String column, String aspect, String value) {
            if (!value.equals(state.computeIfAbsent(column, _ -> new HashMap<>()).put(aspect, value))) {
                changes.computeIfAbsent(column, _ -> new LinkedHashMap<>()).put(aspect, value);
            }
        }
    }
}
