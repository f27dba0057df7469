package org.smp4j.explore;

import java.util.List;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.PlainText;

/**
 * What came of an exploration. Two explorations with the same scenario, strategy, seed and number of schedules make the same one.
 *
 * @param scenario what was explored
 * @param strategy how
 * @param seed what the strategy drew from
 * @param strands what strands ran on: {@code continuations} or {@code threads}
 * @param surveyed how many runs were made before the first schedule, to get to know the scenario; they are not counted below
 * @param schedules how many were run to their end
 * @param distinct how many of them differ; a lower bound if there are many
 * @param distinctExact whether it is the number and not only a lower bound
 * @param steps how many steps they had together
 * @param longest how many steps the longest had
 * @param cut how many were cut at the limit of steps and say nothing
 * @param complete whether an exhaustive search came to its end
 * @param claim what is known now, in one sentence
 * @param failure what is wrong, or null
 * @param failedSchedule the number of the schedule that failed, from 1; 0 if none did, or a run before the first
 * @param switches how many forced switches and interrupts the failure needs, after shrinking
 * @param token replays the failure, or null
 * @param lines the failing run in columns, or empty
 * @param notes what a reader must know: unmodelled calls, races
 */
public record Report(String scenario, String strategy, long seed, String strands, long surveyed, long schedules, long distinct, boolean distinctExact, long steps, int longest,
        long cut, boolean complete, String claim, Failure failure, long failedSchedule, int switches, String token, List<String> lines, List<String> notes) {
    /** Names and messages of the program are made fit for lines. */
    public Report {
        scenario = PlainText.of(scenario);
        lines = lines.stream().map(PlainText::of).toList();
        notes = notes.stream().map(PlainText::of).toList();
    }

    /** {@return whether nothing was found} */
    public boolean passed() {
        return failure == null;
    }

    /** {@return how many runs it took to find the failure, those before the first schedule counted in where it was found there; without one, all schedules} */
    public long runs() {
        return failure != null && failedSchedule == 0 ? surveyed : schedules;
    }

    /** {@return what was done and what is claimed, in one line} */
    public String summary() {
        return scenario + ": " + schedules + (schedules == 1 ? " schedule" : " schedules") + " of " + strategy + " with seed " + seed + ", "
                + (distinctExact ? "" : "at least ") + distinct + " distinct" + (cut > 0 ? ", " + cut + " cut" : "") + "; " + claim
                + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")");
    }

    /** {@return the report as text, without times} */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (failure != null) {
            text.append("FAILED ").append(scenario).append(": ").append(failure.message()).append('\n');
            text.append("rule broken: ").append(failure.rule()).append('\n');
            failure.details().forEach(line -> text.append("    ").append(line).append('\n'));
            text.append(failedSchedule == 0 ? "in run " + surveyed + " of those before the first schedule" : "in schedule " + failedSchedule + " of seed " + seed)
                    .append("; ").append(switches).append(switches == 1 ? " forced switch or interrupt is" : " forced switches or interrupts are").append(" left after shrinking\n");
            lines.forEach(line -> text.append(line).append('\n'));
            text.append("replay with: ").append(token).append('\n');
        } else {
            text.append("passed ").append(scenario).append('\n');
        }
        text.append("strategy ").append(strategy).append(", seed ").append(seed).append(", strands on ").append(strands).append(", assertions on: ")
                .append(schedules).append(" schedules, ").append(distinctExact ? "" : "at least ").append(distinct).append(" distinct, ").append(steps)
                .append(" steps, the longest ").append(longest);
        if (cut > 0) {
            text.append("; ").append(cut).append(" cut at the limit of steps, which say nothing");
        }
        text.append('\n').append(claim).append('\n');
        notes.forEach(line -> text.append("note: ").append(line).append('\n'));
        return text.toString();
    }
}
