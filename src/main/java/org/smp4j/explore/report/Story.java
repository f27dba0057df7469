package org.smp4j.explore.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.smp4j.explore.model.PlainText;

/**
 * A recorded run as a story: an entry for each stretch of one strand, with the functions that it is in and what it
 * reads and writes there, and one for each forced switch. It tells only what the failure can depend on, and leaves the
 * machinery's steps out first if there is more than a screen of it.
 */
public final class Story {
    private static final int MANY_LINES = 14;
    private static final int MOST_LINES = 60;
    private static final int MOST_NAME = 24;
    private static final int MOST_OF_A_ROUND = 40;
    private static final int OFTEN = 4; // by how much what is done often may be rarer than what is done most often

    private final List<Step> steps;
    // What a run without an end makes again and again after these steps; empty for one that ends.
    private final List<Step> round;
    private final Map<Integer, String> necessity;
    private final int width;
    private final boolean older;

    /**
     * Makes the story of a recorded run.
     *
     * @param recording the run, in detail
     * @param necessity by departure, from 0: what becomes of the run without it, as half a sentence
     * @param width the number of columns of a line
     */
    public Story(Recording recording, Map<Integer, String> necessity, int width) {
        this(recording, recording.toldWithPlain(), List.of(), necessity, width);
    }

    private Story(Recording recording, List<Step> steps, List<Step> round, Map<Integer, String> necessity,
            int width) {
        this.steps = steps;
        this.round = round;
        older = recording.readsOlder();
        this.necessity = necessity;
        this.width = width;
    }

    /**
     * Makes the story of a recorded run that does not end: what leads to the endless loop, and one round of it.
     *
     * @param recording the run, in detail
     * @param limit the number of the step from which on all strands step in turn, if they don't before
     * @param necessity as for the other constructor
     * @param width the number of columns of a line
     * @return the story
     */
    public static Story endless(Recording recording, int limit, Map<Integer, String> necessity, int width) {
        List<Step> all = recording.toldWithPlain();
        Cycle cycle = Cycle.of(all);
        int end = 0;
        while (end < all.size() && all.get(end).number < limit) {
            end++;
        }
        if (cycle.length() > 0) {
            end = Math.min(end, cycle.begin());
        }
        int length = cycle.length() > 0 ? cycle.length() : Math.min(MOST_OF_A_ROUND, all.size() - end);
        return new Story(recording, all.subList(0, end), all.subList(all.size() - length, all.size()), necessity,
                width);
    }

    /** {@return the lines} */
    public List<String> lines() {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(round);
        Slice slice = round.isEmpty() ? new Slice(all)
                : new Slice(all, round.stream().map(step -> step.strand).collect(Collectors.toSet()));
        List<String> lines = List.of();
        for (int least = Slice.FAR; least <= Slice.OWN; least++) {
            lines = render(slice, least);
            if (lines.size() <= MANY_LINES) {
                break;
            }
        }
        List<String> told = new ArrayList<>();
        told.addAll(wrapped("step, where, function or line: what it sees (reads) and sets (=); > marks a forced switch"
                + (older ? ", interrupt or older value" : " or interrupt"), "    ", width));
        int skipped = Math.max(0, lines.size() - MOST_LINES);
        if (skipped > 0) {
            told.add(" ... " + skipped + " lines before");
        }
        told.addAll(lines.subList(skipped, lines.size()));
        if (!round.isEmpty()) {
            told.addAll(once());
        }
        return told;
    }

    /** One round of an endless loop: a line for each task, handler or thread that steps in it. */
    private List<String> once() {
        Map<String, List<Step>> byActor = new LinkedHashMap<>();
        boolean isLong = round.size() > MOST_OF_A_ROUND;
        (isLong ? mostFrequent(round) : round).forEach(step -> byActor
                .computeIfAbsent(step.column + " " + step.actor, _ -> new ArrayList<>()).add(step));
        List<String> lines = new ArrayList<>();
        long count = round.stream().filter(step -> !step.plain).count();
        lines.addAll(wrapped(" ... from here on the same again and again, " + count
                + (count == 1 ? " step" : " steps") + " each time; "
                + (isLong ? "what is done most often there:" : "once:"), "     ", width));
        lines.addAll(render(List.copyOf(byActor.values()), step -> true));
        return lines;
    }

    /** Of each place from which steps are made about as often as from any other, the last one: where strands spin. */
    private static Collection<Step> mostFrequent(List<Step> round) {
        Map<List<Object>, Integer> counts = new HashMap<>();
        Map<List<Object>, Step> last = new LinkedHashMap<>();
        for (Step step : round) {
            List<Object> place = List.of(step.strand, step.handler, step.site);
            counts.merge(place, 1, Integer::sum);
            last.put(place, step);
        }
        int most = Collections.max(counts.values());
        last.keySet().removeIf(place -> counts.get(place) * OFTEN < most);
        return last.values();
    }

    private static List<List<Step>> stretches(List<Step> told) {
        List<List<Step>> stretches = new ArrayList<>();
        for (Step step : told) {
            Step last = stretches.isEmpty() ? null : stretches.getLast().getLast();
            if (last == null || last.isOfOther(step) || !last.actor.equals(step.actor) || step.forced) {
                stretches.add(new ArrayList<>());
            }
            stretches.getLast().add(step);
        }
        return stretches;
    }

    private List<String> render(Slice slice, int least) {
        return render(stretches(steps.stream()
                .filter(step -> slice.rankOf(step) >= least || step.forced).toList()),
                step -> slice.rankOf(step) >= least);
    }

    private List<String> render(List<List<Step>> stretches, Predicate<Step> isTold) {
        Phrases phrases = new Phrases();
        List<String> where = new ArrayList<>();
        List<String> what = new ArrayList<>();
        List<String> forced = new ArrayList<>();
        for (List<Step> stretch : stretches) {
            Step step = stretch.getFirst();
            where.add(step.column.equals(step.actor) ? step.column : step.column + " " + step.actor);
            what.add(phrases.of(stretch.stream().filter(isTold).toList()));
        }
        stretches.forEach(stretch -> forced.add(stretch.getFirst().forced ? forced(stretch.getFirst()) : ""));
        List<String> texts = new ArrayList<>(what);
        texts.addAll(forced);
        Numbers.drop(texts);
        int numbers = Integer.toString(stretches.isEmpty() ? 0 : stretches.getLast().getLast().number).length();
        int names = where.stream().mapToInt(String::length).filter(length -> length <= MOST_NAME).max().orElse(0);
        String indent = " ".repeat(numbers + names + 4);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < stretches.size(); i++) {
            Step step = stretches.get(i).getFirst();
            if (step.forced) {
                lines.addAll(wrapped(">" + pad(Integer.toString(step.number), numbers) + " "
                        + texts.get(stretches.size() + i), " ".repeat(numbers + 2), width));
            }
            if (!texts.get(i).isEmpty()) {
                Step first = stretches.get(i).stream()
                        .filter(each -> isTold.test(each) && (each.note == null || !each.forced)).findFirst()
                        .orElse(step);
                lines.addAll(wrapped(" " + pad(Integer.toString(first.number), numbers) + " "
                        + pad(where.get(i), names) + "  " + texts.get(i), indent, width));
            }
        }
        return lines;
    }

    private String forced(Step step) {
        String need = necessity.get(step.departure);
        return (step.stopped < 0 ? at(step) + ": " + step.note : stopped(step) + " stops"
                + (step.stoppedAs == null ? "" : " (" + step.stoppedAs + ")") + ", " + step.actor + " goes on")
                + (need == null ? "" : "; " + need);
    }

    /** {@return the strand that stops before a step, with where it is} */
    private String stopped(Step before) {
        Step last = null;
        Step next = null;
        for (Step step : steps) {
            if (step.strand == before.stopped && step.index < before.index) {
                last = step;
            } else if (step.strand == before.stopped && next == null && step.user != null) {
                next = step;
            }
        }
        if (last == null) {
            return "another";
        }
        if (last.user == null && next != null) {
            return last.actor + " before " + next.user; // what the user's own code is called from tells nothing
        }
        return at(last);
    }

    private static String at(Step step) {
        String function = step.own ? step.user : step.function.substring(step.function.indexOf('.') + 1);
        return step.actor + (function.isEmpty() ? "" : " in " + function);
    }

    /**
     * Breaks a line between words.
     *
     * @param text the line
     * @param indent what its further lines begin with
     * @param width the most columns
     * @return the lines
     */
    public static List<String> wrapped(String text, String indent, int width) {
        List<String> lines = new ArrayList<>();
        String left = PlainText.of(text);
        int most = Math.max(width, indent.length() + ReportForm.LEAST_WIDTH / 2);
        while (left.length() > most) {
            int cut = left.lastIndexOf(' ', most);
            cut = cut <= indent.length() ? most : cut;
            lines.add(left.substring(0, cut).stripTrailing());
            left = indent + left.substring(cut).stripLeading();
        }
        lines.add(left.stripTrailing());
        return lines;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
