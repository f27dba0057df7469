package org.smp4j.fuzz;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.smp4j.explore.Report;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.model.Randomness;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * Draws programs, has them explored, keeps those that show something new, and shrinks those that fail. Programs come in
 * rounds: what a round has shown decides the next one, so the order in which its programs are explored does not matter.
 */
public final class Campaign {
    private static final int ROUND = 32;
    private static final int MUTATED = 45; // of a hundred, in the end
    private static final int GROWTH = 40; // programs for one of a hundred more
    private static final int MOST_SAME = 20;
    // Reasons to keep a program.
    private static final String PAIRS = "pairs";
    private static final String WARNINGS = "warnings";
    private static final String RESULTS = "results";

    /** Explores the programs of a round. */
    @FunctionalInterface
    public interface Workers {
        /**
         * Explores programs.
         *
         * @param programs the programs
         * @return the results, in their order; null for a program that was not explored to its end
         */
        List<ProgramResult> explore(List<Program> programs);
    }

    /** Is told about the progress. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports it.
         *
         * @param programs how many programs were explored
         * @param pairs how many pairs of conflicting sites were covered
         * @param failures how many failures were found
         * @return whether to go on
         */
        boolean at(long programs, int pairs, int failures);
    }

    private final FuzzOptions options;
    private final Catalog catalog;
    private final Workers workers;
    private final ProgramExplorer own;
    private final Progress progress;
    private final Generator generator;
    private final Mutations mutations;
    private final long deadline;
    private final boolean timed;

    private final List<Program> corpus = new ArrayList<>();
    private final Set<Long> covered = new HashSet<>();
    private final Set<String> results = new TreeSet<>();
    private final Set<String> warnings = new TreeSet<>();
    private final Map<String, Integer> reasons = new LinkedHashMap<>();
    private final Map<String, Suspect> suspects = new LinkedHashMap<>();
    private final Map<Long, Integer> curve = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();
    private long made;
    private long runs;
    private long steps;
    private long outcomes;
    private int unsettled;
    private String fault; // of the host

    /** Programs that fail in the same way, before shrinking. */
    private static final class Suspect {
        final long number;
        final Program program;
        final String rule;
        int again;

        Suspect(long number, Program program, String rule) {
            this.number = number;
            this.program = program;
            this.rule = rule;
        }
    }

    /**
     * A campaign.
     *
     * @param options the options
     * @param catalog the productions, without illegal uses
     * @param corpus programs to begin with
     * @param workers explore the programs
     * @param own explores candidates while failing programs are shrunk
     * @param progress is told about it
     */
    public Campaign(FuzzOptions options, Catalog catalog, List<Program> corpus, Workers workers, ProgramExplorer own,
            Progress progress) {
        this.options = options;
        this.catalog = options.misuse() ? catalog.withMisuses() : catalog;
        this.workers = workers;
        this.own = own;
        this.progress = progress;
        this.corpus.addAll(corpus);
        List.of(PAIRS, WARNINGS, RESULTS).forEach(reason -> reasons.put(reason, 0));
        generator = new Generator(this.catalog, options.focus());
        mutations = new Mutations(this.catalog);
        timed = options.budgetNanos() != Long.MAX_VALUE;
        deadline = timed ? System.nanoTime() + options.budgetNanos() : 0;
    }

    /** {@return the programs that showed something new} */
    public List<Program> corpus() {
        return List.copyOf(corpus);
    }

    private boolean isOver() {
        return timed && System.nanoTime() - deadline >= 0 || !progress.at(made, covered.size(), suspects.size());
    }

    /** {@return what came of it} */
    public FuzzReport run() {
        for (long round = 0; made < options.programs() && !isOver(); round++) {
            List<Program> programs = round(round, (int) Math.min(ROUND, options.programs() - made));
            List<ProgramResult> results;
            try {
                results = workers.explore(programs);
            } catch (HostException e) {
                fault = e.getMessage();
                break;
            }
            boolean whole = true;
            for (int i = 0; i < programs.size(); i++) {
                ProgramResult result = i < results.size() ? results.get(i) : null;
                if (result == null) {
                    whole = false;
                } else {
                    take(programs.get(i), result);
                }
            }
            if (!whole) {
                break;
            }
            if (Long.bitCount(made / ROUND) == 1 || made == options.programs()) {
                curve.put(made, covered.size());
            }
        }
        curve.put(made, covered.size());
        return report();
    }

    private List<Program> round(long round, int size) {
        List<Program> programs = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            long number = round * ROUND + i;
            Randomness draws = new Randomness(Randomness.draw(Randomness.mix(options.seed() + 1), number));
            Program program = null;
            if (!corpus.isEmpty() && draws.below(100) < Math.min(MUTATED, number / GROWTH)) {
                program = mutations.of(corpus.get(draws.below(corpus.size())), corpus.get(draws.below(corpus.size())),
                        draws);
            }
            programs.add(program == null ? generator.draw(options.seed(), number) : program);
        }
        return programs;
    }

    private void take(Program program, ProgramResult result) {
        made++;
        runs += result.runs();
        steps += result.steps();
        outcomes += result.outcomes();
        if (result.fault() != null) { // nothing is known of it
            unsettled++;
            notes.add("program " + made + " could not be explored: " + result.fault() + ": " + program);
        }
        result.notes().forEach(note -> notes.add("program " + made + ": " + note + ": " + program));
        List<String> isNew = new ArrayList<>();
        boolean newPair = false;
        for (long pair : result.pairs()) {
            newPair |= covered.add(pair);
        }
        if (newPair) {
            isNew.add(PAIRS);
        }
        if (warnings.addAll(result.warnings())) {
            isNew.add(WARNINGS);
        }
        if (results.addAll(result.results())) {
            isNew.add(RESULTS);
        }
        if (result.failed()) {
            Suspect known = suspects.get(kind(result));
            if (known != null) {
                known.again++;
            } else if (suspects.size() < MOST_SAME) {
                suspects.put(kind(result), new Suspect(made, program, result.rule()));
            }
        } else if (!isNew.isEmpty()) {
            corpus.add(program);
            isNew.forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        }
    }

    /** What is the same for failures that likely are the same: the rule and the message, without numbers. */
    private static String kind(ProgramResult result) {
        return result.rule() + ": " + result.message().replaceAll("\\[.*?\\]", "").replaceAll("[0-9]+", "#");
    }

    private FuzzReport report() {
        Map<String, FuzzReport.Failure> found = new LinkedHashMap<>();
        Map<String, Integer> again = new HashMap<>();
        for (Suspect suspect : suspects.values()) {
            FuzzReport.Failure failure;
            try {
                failure = shrunk(suspect);
            } catch (HostException e) {
                fault = e.getMessage();
                unsettled++;
                notes.add("program " + suspect.number + " broke the rule " + suspect.rule
                        + ", and could not be explored again: " + suspect.program);
                continue;
            }
            if (failure == null) {
                continue;
            }
            String story = story(failure);
            again.merge(story, suspect.again, (a, b) -> a + b + 1);
            found.putIfAbsent(story, failure);
        }
        List<FuzzReport.Failure> failures = new ArrayList<>();
        found.forEach((story, failure) -> failures.add(new FuzzReport.Failure(failure.number(), failure.drawn(),
                failure.program(), failure.report(), failure.java(), again.get(story))));
        Map<String, Integer> byFloor = new LinkedHashMap<>();
        for (String floor : Pairs.floors()) {
            byFloor.put(floor, 0);
        }
        covered.forEach(pair -> byFloor.merge(Pairs.floor(pair), 1, Integer::sum));
        String about = options.focus() + (options.misuse() ? " with misuse" : "")
                + (own.memory() == MemoryModel.SC ? "" : ", memory " + own.memory().name().toLowerCase(Locale.ROOT));
        return new FuzzReport(about, options.seed(), made, runs, steps, outcomes, byFloor, curve,
                List.copyOf(warnings), List.copyOf(results), corpus.size(), reasons, failures, unsettled, notes, fault);
    }

    /** {@return the failure, of a small program; null if it does not come again} */
    private FuzzReport.Failure shrunk(Suspect suspect) {
        ProgramShrinker shrinker = new ProgramShrinker(own, catalog, true, () -> !progress.at(made, covered.size(),
                suspects.size()));
        Program small = shrinker.shrink(suspect.program, suspect.rule);
        Report report = null;
        for (Program program : List.of(small, suspect.program)) {
            try {
                report = own.report(program, 4 * own.schedules(program), true);
            } catch (ExplorerException e) {
                notes.add(program + " can't be explored again: " + e.getMessage());
            }
            if (report != null && !report.passed()) {
                return new FuzzReport.Failure(suspect.number, suspect.program.text(), program.text(), report,
                        source(program, report.failure()), 0);
            }
        }
        unsettled++;
        boolean stopped = !progress.at(made, covered.size(), suspects.size());
        notes.add("program " + suspect.number + " broke the rule " + suspect.rule + (stopped
                ? ", and was not explored again to the end, as the campaign was stopped: "
                : ", and did not when it was explored again: ") + suspect.program);
        return null;
    }

    /** The operations, or the program with all that it checks between them, if they alone do not fail. */
    private String source(Program program, Failure failure) {
        long schedules = 10 * own.schedules(program);
        boolean plays = ProgramRule.isBrokenIn(failure) || own.memory() != MemoryModel.SC;
        return plays && Legality.fault(program, Standard.catalog().withMisuses()) == null
                ? JavaSource.played(program, failure.rule(), schedules, own.memory())
                : JavaSource.of(program, catalog, failure.rule(), schedules, own.memory());
    }

    /** Failures with the same rule and the same operations in the shrunk program are one. */
    private static String story(FuzzReport.Failure failure) {
        return failure.report().failure().rule() + ": " + failure.program().replaceAll("[0-9.]+", "");
    }
}
