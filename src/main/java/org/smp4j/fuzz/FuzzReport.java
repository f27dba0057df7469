package org.smp4j.fuzz;

import java.util.List;
import java.util.Map;
import org.smp4j.explore.Report;

/**
 * What came of a campaign. Campaigns with the same options, the same number of programs and the same corpus make equal
 * reports, whatever the number of jobs.
 *
 * @param floor what programs were about
 * @param seed the seed of the programs
 * @param programs how many programs were explored
 * @param runs how many runs they had together
 * @param steps how many steps these had
 * @param outcomes how many different outcomes the programs had together
 * @param pairs how many pairs of conflicting sites were covered, by floor
 * @param curve how many pairs were covered after so many programs
 * @param warnings the names of the warnings that programs brought about, as they had to
 * @param results the kinds of operations, each with each result that one of them had; for example {@code down -16}
 * @param kept how many programs are in the corpus
 * @param reasons how many of these were kept for something new, by what it is; a program may have several reasons
 * @param failures what was found
 * @param unsettled how many failures did not come again, and programs could not be explored; notes tell which
 * @param notes facts that a reader must know
 * @param fault what ended the campaign before its time, so that nothing more is known; null if nothing did
 */
public record FuzzReport(String floor, long seed, long programs, long runs, long steps, long outcomes,
        Map<String, Integer> pairs, Map<Long, Integer> curve, List<String> warnings, List<String> results, int kept,
        Map<String, Integer> reasons, List<Failure> failures, int unsettled, List<String> notes, String fault) {
    /**
     * A failure.
     *
     * @param number the number of the program that showed it, from 1
     * @param drawn that program
     * @param program the program after shrinking
     * @param report what exploring the small program reports, with the token
     * @param java the small program as the source of a test
     * @param again how many more programs failed in the same way
     */
    public record Failure(long number, String drawn, String program, Report report, String java, int again) {
    }

    /** {@return whether nothing was found, and the campaign was whole} */
    public boolean passed() {
        return failures.isEmpty() && unsettled == 0 && fault == null;
    }

    private String verdict() {
        return passed() ? "passed" : failures.isEmpty() && unsettled == 0 ? "ENDED EARLY" : "FAILED";
    }

    /** {@return the report as text, without times} */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Failure failure : failures) {
            text.append(failure.report.text());
            text.append("program: ").append(failure.program).append('\n');
            text.append("found in program ").append(failure.number).append(": ").append(failure.drawn).append('\n');
            if (failure.again > 0) {
                text.append(failure.again).append(failure.again == 1 ? " more program" : " more programs")
                        .append(" failed in the same way\n");
            }
            if (!failure.java.isEmpty()) {
                text.append("as a test:\n").append(failure.java);
            }
            text.append('\n');
        }
        text.append(verdict()).append(" fuzz: floor ").append(floor).append(", seed ")
                .append(seed).append(": ").append(programs).append(programs == 1 ? " program, " : " programs, ")
                .append(runs).append(" runs, ").append(steps).append(" steps, ").append(outcomes)
                .append(" different outcomes; ").append(failures.size())
                .append(failures.size() == 1 ? " failure\n" : " failures\n");
        text.append("pairs of conflicting sites:");
        pairs.forEach((floor, count) -> text.append(' ').append(floor).append(' ').append(count));
        text.append("\npairs after programs:");
        curve.forEach((count, covered) -> text.append(' ').append(count).append(": ").append(covered));
        text.append("\nresults of operations: ").append(results.size()).append(" different\nwarnings: ")
                .append(warnings.isEmpty() ? "none" : String.join(", ", warnings));
        text.append("\ncorpus: ").append(kept).append(kept == 1 ? " program; new" : " programs; new");
        String separator = " ";
        for (Map.Entry<String, Integer> reason : reasons.entrySet()) {
            text.append(separator).append(reason.getKey()).append(" in ").append(reason.getValue());
            separator = ", ";
        }
        text.append('\n');
        if (fault != null) {
            text.append("ended early: ").append(fault).append('\n');
        }
        notes.forEach(note -> text.append("note: ").append(note).append('\n'));
        return text.toString();
    }
}
