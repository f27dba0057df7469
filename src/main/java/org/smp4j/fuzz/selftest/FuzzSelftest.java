package org.smp4j.fuzz.selftest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.Campaign;
import org.smp4j.fuzz.FuzzOptions;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.ProgramExplorer;
import org.smp4j.fuzz.ProgramResult;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.weave.Weave;

/** Tests whether generated programs find bugs, without a scenario for any of them. */
public final class FuzzSelftest {
    private static final int CONTROLS = 100;

    /**
     * The verdict on a bug.
     *
     * @param bug its name
     * @param what what is wrong
     * @param found whether a program found it
     * @param rule the rule that was broken, or null
     * @param programs after how many programs; if it was not found, how many there were
     * @param runs how many runs these had
     * @param seconds how long that took
     * @param cpuSeconds the processor time of this process meanwhile
     * @param program the program that found it, or null
     */
    public record Verdict(String bug, String what, boolean found, String rule, int programs, long runs, double seconds,
            double cpuSeconds, String program) {
    }

    /**
     * All verdicts.
     *
     * @param bugs how many bugs there are
     * @param verdicts one for each bug that was tried: fewer if the test was stopped
     * @param faults what programs have found with nothing changed
     */
    public record Result(int bugs, List<Verdict> verdicts, List<String> faults) {
        /** {@return how many bugs were found} */
        public long found() {
            return verdicts.stream().filter(Verdict::found).count();
        }

        /** {@return the median of the seconds that it took to find a bug, those not found included} */
        public double median() {
            List<Double> all = verdicts.stream().map(each -> each.found() ? each.seconds() : Double.MAX_VALUE).sorted()
                    .toList();
            return all.isEmpty() ? 0 : all.get((all.size() - 1) / 2);
        }

        /** {@return whether at least nine of ten bugs were found, and nothing with nothing changed} */
        public boolean passed() {
            return faults.isEmpty() && 10 * found() >= 9L * bugs;
        }
    }

    /** Listens to the progress of the test. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports progress.
         *
         * @param done how many bugs are done
         * @param of the total
         * @param what the bug that is looked for now
         * @return whether to continue
         */
        boolean at(int done, int of, String what);
    }

    private final Focus focus;
    private final long seed;
    private final long budgetNanos;
    private final Progress progress;
    private int done;
    private int of;
    private String current = "nothing changed";

    private FuzzSelftest(Focus focus, long seed, long budgetNanos, Progress progress) {
        this.focus = focus;
        this.seed = seed;
        this.budgetNanos = budgetNanos;
        this.progress = progress;
    }

    /**
     * Looks for every bug.
     *
     * @param bugs the bugs
     * @param focus what programs are about
     * @param seed the seed of the programs
     * @param budgetNanos the most time for each bug, in nanoseconds
     * @param progress the listener
     * @return the verdicts
     */
    public static Result run(List<Bug> bugs, Focus focus, long seed, long budgetNanos, Progress progress) {
        return new FuzzSelftest(focus, seed, budgetNanos, progress).run(bugs);
    }

    private boolean goesOn() {
        return progress.at(done, of, current);
    }

    private static LoadedTower tower(Weave... weaves) {
        return new LoadedTower(List.of(), FuzzSelftest.class.getClassLoader(), weaves);
    }

    private ProgramExplorer explorer(LoadedTower tower, MemoryModel memory) {
        return new ProgramExplorer(tower, 0, new Explorer.Progress() {
            @Override
            public boolean at(long schedules, long distinct, long steps) {
                return goesOn();
            }
        }, memory);
    }

    private Result run(List<Bug> bugs) {
        of = bugs.size();
        List<String> faults = new ArrayList<>();
        ProgramExplorer unchanged = explorer(tower(), MemoryModel.SC);
        Generator generator = new Generator(Standard.catalog(), focus);
        for (int i = 0; i < CONTROLS && goesOn(); i++) {
            ProgramResult result = unchanged.explore(generator.draw(seed, i));
            if (result.failed() || result.fault() != null) {
                faults.add(result.program() + ": " + (result.failed() ? result.message() : result.fault()));
            }
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (Bug bug : bugs) {
            current = bug.name();
            if (!goesOn()) {
                break;
            }
            Verdict verdict = look(bug, explorer(tower(bug.premise()), bug.memory()));
            if (verdict.found() || goesOn()) { // a bug that was stopped has not escaped
                verdicts.add(verdict);
            }
            done++;
        }
        return new Result(bugs.size(), verdicts, faults);
    }

    /** Has a campaign look for a bug, until its first find. */
    private Verdict look(Bug bug, ProgramExplorer unchanged) {
        Search search = new Search(bug, unchanged);
        FuzzOptions options = new FuzzOptions(focus, seed, Long.MAX_VALUE, budgetNanos, 0, List.of(), false);
        new Campaign(options, Standard.catalog(), List.of(), search::explore, search.explorer,
                (_, _, _) -> search.verdict == null && goesOn()).run();
        return search.verdict != null ? search.verdict : search.verdict(null);
    }

    /** Explores the programs of a campaign with a bug. */
    private final class Search {
        private final Bug bug;
        private final ProgramExplorer unchanged;
        private final ProgramExplorer explorer;
        private final long start = System.nanoTime();
        private final long cpuStart = cpuNanos();
        private int programs;
        private long runs;
        private Verdict verdict;

        Search(Bug bug, ProgramExplorer unchanged) {
            this.bug = bug;
            this.unchanged = unchanged;
            explorer = explorer(tower(bug.premise(), bug.weave()), bug.memory());
        }

        /** A program that fails with nothing changed as well has not found the bug. */
        List<ProgramResult> explore(List<Program> round) {
            List<ProgramResult> results = new ArrayList<>();
            for (Program program : round) {
                if (System.nanoTime() - start >= budgetNanos || !goesOn()) {
                    break;
                }
                ProgramResult result = explorer.explore(program);
                programs++;
                runs += result.runs();
                if (result.failed() && !unchanged.explore(program).failed()) {
                    verdict = verdict(result);
                    break;
                }
                results.add(result);
            }
            return results;
        }

        Verdict verdict(ProgramResult found) {
            return new Verdict(bug.name(), bug.what(), found != null, found == null ? null : found.rule(), programs,
                    runs, (System.nanoTime() - start) / 1e9, (cpuNanos() - cpuStart) / 1e9,
                    found == null ? null : found.program());
        }
    }

    /** {@return the processor time of this process, with that of the compiler and the collector} */
    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
}
