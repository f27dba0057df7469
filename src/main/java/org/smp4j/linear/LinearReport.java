package org.smp4j.linear;

import java.util.List;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.PlainText;

/**
 * The result of a check. Checks of the same class, with the same options and without a limit of time, have equal
 * reports.
 *
 * @param subject the class under test
 * @param strategy the strategy that chose the schedules
 * @param seed the seed of programs and schedules
 * @param programs the number of programs that were explored
 * @param size the size of these programs
 * @param schedules the number of schedules of all programs together
 * @param steps the number of their steps
 * @param cut the number of schedules that were cut at the step limit, about which nothing is claimed
 * @param claim what the check has shown, in one sentence
 * @param failure the failure, or null
 * @param shrinking where the failure was found, and how it was made smaller
 * @param token replays the failure, or null
 * @param unshrunk replays the failing run before shrinking, of the program as it was drawn if possible; or null
 * @param lines the failing run in columns, or empty
 * @param notes facts that a reader must know
 */
public record LinearReport(String subject, String strategy, long seed, long programs, String size, long schedules,
        long steps, long cut, String claim, Failure failure, String shrinking, String token, String unshrunk,
        List<String> lines, List<String> notes) {
    /** Escapes characters that would break a line. */
    public LinearReport {
        subject = PlainText.of(subject);
        lines = lines.stream().map(PlainText::of).toList();
        notes = notes.stream().map(PlainText::of).toList();
    }

    /** {@return whether no failure was found} */
    public boolean passed() {
        return failure == null;
    }

    /** {@return what was done and what is claimed, in one line} */
    public String summary() {
        return subject + ": " + made() + "; " + claim + (notes.isEmpty() ? "" : " (" + String.join("; ", notes) + ")");
    }

    private String made() {
        return programs + (programs == 1 ? " program" : " programs") + size + ", " + schedules
                + (schedules == 1 ? " schedule" : " schedules") + " of " + strategy + " with seed " + seed
                + (cut > 0 ? ", " + cut + " cut at the step limit, about which nothing is claimed" : "");
    }

    /** {@return the report as text, without times} */
    public String text() {
        StringBuilder text = new StringBuilder();
        if (failure != null) {
            text.append("FAILED ").append(subject).append(": ").append(failure.message()).append('\n');
            text.append("rule broken: ").append(failure.rule()).append('\n');
            failure.details().forEach(line -> text.append("    ").append(line).append('\n'));
            text.append(shrinking).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
            text.append("replay with: ").append(token).append('\n');
        } else {
            text.append("passed ").append(subject).append('\n');
        }
        text.append(made()).append(", ").append(steps).append(" steps\n").append(claim).append('\n');
        notes.forEach(line -> text.append("note: ").append(line).append('\n'));
        return text.toString();
    }
}
