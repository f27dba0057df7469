package org.smp4j.explore.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private final List<Step> steps;
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
        steps = recording.told();
        older = recording.readsOlder();
        this.necessity = necessity;
        this.width = width;
    }

    /** {@return the lines} */
    public List<String> lines() {
        Slice slice = new Slice(steps);
        List<String> lines = List.of();
        for (int least = Slice.FAR; least <= Slice.OWN; least++) {
            lines = render(slice, least);
            if (lines.size() <= MANY_LINES) {
                break;
            }
        }
        List<String> told = new ArrayList<>();
        told.add("step, where, function or line: what it sees (reads) and sets (=); > marks a forced switch"
                + (older ? ", interrupt or older value" : " or interrupt"));
        int skipped = Math.max(0, lines.size() - MOST_LINES);
        if (skipped > 0) {
            told.add(" ... " + skipped + " lines before");
        }
        told.addAll(lines.subList(skipped, lines.size()));
        return told;
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
        List<List<Step>> stretches = stretches(steps.stream()
                .filter(step -> slice.rankOf(step) >= least || step.forced).toList());
        Phrases phrases = new Phrases();
        List<String> where = new ArrayList<>();
        List<String> what = new ArrayList<>();
        List<String> forced = new ArrayList<>();
        for (List<Step> stretch : stretches) {
            Step step = stretch.getFirst();
            where.add(step.column.equals(step.actor) ? step.column : step.column + " " + step.actor);
            what.add(phrases.of(stretch.stream().filter(each -> slice.rankOf(each) >= least).toList()));
        }
        stretches.forEach(stretch -> forced.add(stretch.getFirst().forced ? forced(stretch.getFirst()) : ""));
        List<String> texts = new ArrayList<>(what);
        texts.addAll(forced);
        Numbers.drop(texts);
        int numbers = Integer.toString(steps.isEmpty() ? 0 : steps.getLast().number).length();
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
                        .filter(each -> slice.rankOf(each) >= least && (each.note == null || !each.forced)).findFirst()
                        .orElse(step);
                lines.addAll(wrapped(" " + pad(Integer.toString(first.number), numbers) + " "
                        + pad(where.get(i), names) + "  " + texts.get(i), indent, width));
            }
        }
        return lines;
    }

    private String forced(Step step) {
        String need = necessity.get(step.departure);
        return (step.stopped < 0 ? at(step) + ": " + step.note : stopped(step) + " stops, " + step.actor + " goes on")
                + (need == null ? "" : "; " + need);
    }

    /** {@return the strand that stops before a step, with where it is} */
    private String stopped(Step before) {
        Step last = null;
        for (Step step : steps) {
            if (step.index >= before.index) {
                break;
            }
            last = step.strand == before.stopped ? step : last;
        }
        return last == null ? "another" : at(last);
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
