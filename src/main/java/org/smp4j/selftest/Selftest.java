package org.smp4j.selftest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** Tests whether the explorer, its rules and its scenarios detect mutants of the tower. */
public final class Selftest {
    /**
     * The verdict on a mutant.
     *
     * @param mutant its name
     * @param what the change to the tower
     * @param scenario the scenario that should kill it
     * @param killed whether it did
     * @param schedules after how many schedules; if it did not, how many there were
     * @param rule the rule that it broke, or null
     * @param switches how many forced switches that took, after shrinking
     * @param token replays it, or null
     */
    public record Verdict(String mutant, String what, String scenario, boolean killed, long schedules, String rule,
            int switches, String token) {
    }

    /**
     * All verdicts.
     *
     * @param mutants how many mutants there are
     * @param verdicts one for each mutant tried: fewer if the test was stopped
     * @param faults scenarios that fail on the unchanged tower, with their messages
     */
    public record Result(int mutants, List<Verdict> verdicts, Map<String, String> faults) {
        /** {@return how many mutants were killed} */
        public long killed() {
            return verdicts.stream().filter(Verdict::killed).count();
        }

        /** {@return the median of the schedules that it took to kill a mutant; 0 if none was} */
        public long median() {
            List<Long> all = verdicts.stream().filter(Verdict::killed).map(Verdict::schedules).sorted().toList();
            return all.isEmpty() ? 0 : all.get((all.size() - 1) / 2);
        }

        /** {@return whether every mutant was killed, and every scenario passes on the unchanged tower} */
        public boolean passed() {
            return faults.isEmpty() && killed() == mutants;
        }
    }

    /** Listens to the progress of the test. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports progress.
         *
         * @param done how many scenarios and mutants are done
         * @param of the total
         * @param what the scenario or mutant explored now
         * @return whether to continue
         */
        boolean at(int done, int of, String what);
    }

    private Selftest() {
    }

    /**
     * Runs mutants, and their scenarios on the unchanged tower.
     *
     * @param mutants the mutants
     * @param options the options for each of them
     * @param controls how many schedules each scenario must pass on the unchanged tower
     * @param progress the listener
     * @return the verdicts
     */
    public static Result run(List<Mutant> mutants, ExploreOptions options, long controls, Progress progress) {
        Map<Class<?>, Mutant> scenarios = new LinkedHashMap<>();
        mutants.forEach(mutant -> scenarios.putIfAbsent(mutant.scenario(), mutant));
        int of = mutants.size() + scenarios.size();
        int done = 0;
        Map<String, String> faults = new LinkedHashMap<>();
        for (Mutant one : scenarios.values()) {
            String name = one.scenario().getSimpleName();
            Explorer.Progress each = progress(progress, done++, of, name);
            Report report = Explorer.explore(program(one, false), options.withSchedules(controls)
                    .withShrink(false).withMemory(one.memory()), each);
            if (!report.passed()) {
                faults.put(name, report.failure().message());
            } else if (report.notes().stream().anyMatch(note -> note.startsWith("data race"))) {
                faults.put(name, String.join("; ", report.notes()));
            } else if (report.cut() > 0) {
                faults.put(name, report.cut() + " schedules did not end");
            }
            if (!each.at(0, 0, 0)) {
                return new Result(mutants.size(), List.of(), faults);
            }
        }
        List<Verdict> verdicts = new ArrayList<>();
        for (Mutant mutant : mutants) {
            Explorer.Progress each = progress(progress, done++, of, mutant.name());
            Report report = Explorer.explore(program(mutant, true), options.withMemory(mutant.memory()), each);
            boolean goOn = each.at(0, 0, 0);
            if (goOn || !report.passed()) { // a mutant whose exploration was stopped has not survived
                verdicts.add(verdict(mutant, report));
            }
            if (!goOn) {
                break;
            }
        }
        return new Result(mutants.size(), verdicts, faults);
    }

    private static Explorer.Progress progress(Progress progress, int done, int of, String what) {
        return (_, _, _) -> progress.at(done, of, what);
    }

    private static Verdict verdict(Mutant mutant, Report report) {
        return new Verdict(mutant.name(), mutant.what(), mutant.scenario().getSimpleName(), !report.passed(),
                report.runs(), report.passed() ? null : report.failure().rule(), report.switches(), report.token());
    }

    /**
     * A mutant to explore or to replay.
     *
     * @param mutant the mutant
     * @param mutated whether it is one, or its scenario on the tower as it is
     * @return the program
     */
    public static LoadedProgram program(Mutant mutant, boolean mutated) {
        Weave mutation = mutated ? mutant.mutation() : Weave.nothing();
        return new LoadedProgram(mutant.program(), mutant.scenario().getName(), Programs.unwatched()
                .withWeaves(mutant.premise(), mutant.frame(), mutation), Selftest.class.getClassLoader());
    }
}
