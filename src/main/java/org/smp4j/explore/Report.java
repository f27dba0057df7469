package org.smp4j.explore;

import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.PlainText;
import org.smp4j.explore.report.ReportForm;
import org.smp4j.explore.report.Story;

/**
 * The result of an exploration. Explorations with the same scenario, strategy, seed and number of schedules make equal
 * reports.
 *
 * @param scenario the name of the scenario
 * @param strategy the name of the strategy
 * @param seed the seed of the strategy's draws
 * @param strands the kind of coroutine: {@code continuations} or {@code threads}
 * @param memory the memory model of the runs
 * @param surveyed the number of runs before the first schedule, which get to know the scenario; not counted below
 * @param schedules the number of schedules that were run to their end
 * @param distinct the number of distinct schedules among them; a lower bound if there are many
 * @param distinctExact whether that number is exact and not a lower bound
 * @param steps the number of steps of all schedules together
 * @param longest the number of steps of the longest schedule
 * @param cut the number of schedules that were cut at the step limit, about which nothing is claimed
 * @param complete whether an exhaustive search was completed
 * @param claim what the exploration has shown, in one sentence
 * @param failure the failure, or null
 * @param failedSchedule the number of the schedule that failed, from 1; 0 if none did, or a run before the first
 * @param switches how many forced switches, interrupts and reads of older values the failure needs, after shrinking
 * @param token replays the failure, or null
 * @param unshrunk replays the failing run as it was before shrinking, or null
 * @param lines the failing run in columns, or empty
 * @param notes facts that a reader must know: unmodelled calls, races
 */
public record Report(String scenario, String strategy, long seed, String strands, MemoryModel memory, long surveyed,
        long schedules, long distinct, boolean distinctExact, long steps, int longest,
        long cut, boolean complete, String claim, Failure failure, long failedSchedule, int switches, String token,
        String unshrunk, List<String> lines, List<String> notes) {
    private static final String MORE = "    "; // what details and further parts of a line begin with

    /** Escapes characters in names and messages of the program that would break a line. */
    public Report {
        scenario = PlainText.of(scenario);
        lines = lines.stream().map(PlainText::of).toList();
        notes = notes.stream().map(PlainText::of).toList();
    }

    /** {@return whether no failure was found} */
    public boolean passed() {
        return failure == null;
    }

    /**
     * {@return the number of runs up to the failure, including those before the first schedule if it was found there;
     * without a failure, of all schedules}
     */
    public long runs() {
        return failure != null && failedSchedule == 0 ? surveyed : schedules;
    }

    /** {@return what was done and what is claimed, in one line} */
    public String summary() {
        return scenario + ": " + schedules + (schedules == 1 ? " schedule" : " schedules") + " of " + strategy
                + " with seed " + seed + ", "
                + (distinctExact ? "" : "at least ") + distinct + " distinct" + (cut > 0 ? ", " + cut + " cut" : "")
                + "; " + claim
                + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")");
    }

    private String departures() {
        boolean one = switches == 1;
        if (memory != MemoryModel.SC) {
            return one ? " forced switch, interrupt or older value is"
                    : " forced switches, interrupts or older values are";
        }
        return one ? " forced switch or interrupt is" : " forced switches or interrupts are";
    }

    /** {@return the report as text, without times; messages and counts stand on one line each} */
    public String text() {
        StringBuilder text = new StringBuilder();
        print(false, (line, indent) -> text.append(line).append('\n'));
        return text.toString();
    }

    /**
     * The report as text for a terminal, without times.
     *
     * @param width the number of columns of a line; the lines of the run have the width that was asked for then, and
     *     the token stands on one line
     * @return the text
     */
    public String text(int width) {
        StringBuilder text = new StringBuilder();
        print(true, (line, indent) -> (indent == null ? List.of(line) : Story.wrapped(line, indent, width))
                .forEach(part -> text.append(part).append('\n')));
        return text.toString();
    }

    /** Gives each line, with what begins the next ones if it is broken; null for one that is not. */
    private void print(boolean isNarrow, BiConsumer<String, String> lineTo) {
        if (failure != null) {
            lineTo.accept("FAILED " + scenario + ": " + failure.message(), MORE);
            lineTo.accept("rule broken: " + failure.rule(), MORE);
            for (String detail : failure.details()) {
                if (isNarrow) {
                    lineTo.accept(MORE + detail, MORE + MORE);
                } else {
                    Story.wrapped(MORE + detail, MORE + MORE, ReportForm.DEFAULT.width())
                            .forEach(part -> lineTo.accept(part, null));
                }
            }
            lineTo.accept((failedSchedule == 0 ? "in run " + surveyed + " of those before the first schedule"
                    : "in schedule " + failedSchedule + " of seed " + seed)
                    + "; " + switches + departures() + " left after shrinking", MORE);
            lines.forEach(line -> lineTo.accept(line, null));
            lineTo.accept("replay with: " + token, null);
        } else {
            lineTo.accept("passed " + scenario, MORE);
        }
        lineTo.accept("strategy " + strategy + ", seed " + seed + ", strands on " + strands
                + (memory == MemoryModel.SC ? "" : ", memory model " + memory.name().toLowerCase(Locale.ROOT))
                + ", assertions on: " + schedules + " schedules, " + (distinctExact ? "" : "at least ") + distinct
                + " distinct, " + steps + " steps, the longest " + longest
                + (cut > 0 ? "; " + cut + " cut at the step limit, about which nothing is claimed" : ""), MORE);
        if (failure == null || !claim.equals("found: " + failure.rule())) {
            lineTo.accept(claim, MORE);
        }
        notes.forEach(line -> lineTo.accept("note: " + line, MORE));
    }
}
