package org.smp4j.explore;

import java.util.List;
import java.util.Locale;
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

    /** {@return the report as text, without times} */
    public String text() {
        return text(ReportForm.DEFAULT.width());
    }

    /**
     * The report as text, without times.
     *
     * @param width the number of columns of a line; the lines of the run have the width that was asked for then
     * @return the text
     */
    public String text(int width) {
        StringBuilder text = new StringBuilder();
        if (failure != null) {
            text.append("FAILED ").append(scenario).append(": ").append(failure.message()).append('\n');
            text.append("rule broken: ").append(failure.rule()).append('\n');
            failure.details().forEach(line -> Story.wrapped("    " + line, "        ", width)
                    .forEach(part -> text.append(part).append('\n')));
            text.append(failedSchedule == 0 ? "in run " + surveyed + " of those before the first schedule"
                    : "in schedule " + failedSchedule + " of seed " + seed)
                    .append("; ").append(switches).append(departures()).append(" left after shrinking\n");
            lines.forEach(line -> text.append(line).append('\n'));
            text.append("replay with: ").append(token).append('\n');
        } else {
            text.append("passed ").append(scenario).append('\n');
        }
        text.append("strategy ").append(strategy).append(", seed ").append(seed).append(", strands on ").append(strands)
                .append(memory == MemoryModel.SC ? "" : ", memory model " + memory.name().toLowerCase(Locale.ROOT))
                .append(", assertions on: ")
                .append(schedules).append(" schedules, ").append(distinctExact ? "" : "at least ").append(distinct)
                .append(" distinct, ").append(steps)
                .append(" steps, the longest ").append(longest);
        if (cut > 0) {
            text.append("; ").append(cut).append(" cut at the step limit, about which nothing is claimed");
        }
        text.append('\n');
        if (failure == null || !claim.equals("found: " + failure.rule())) {
            text.append(claim).append('\n');
        }
        notes.forEach(line -> text.append("note: ").append(line).append('\n'));
        return text.toString();
    }
}
