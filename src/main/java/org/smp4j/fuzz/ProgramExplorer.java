package org.smp4j.fuzz;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.fuzz.production.Delays;
import org.smp4j.fuzz.program.Program;

/** Explores programs, each for a short time. For one thread. */
public final class ProgramExplorer {
    static final int STEPS_WITH_DELAYS = 1_000_000;

    private static final int SMALL = 6; // operations

    private final LoadedTower tower;
    private final long schedules;
    private final Explorer.Progress stop;
    private final MemoryModel memory;

    /**
     * An explorer under sequential consistency.
     *
     * @param tower the classes
     * @param schedules how many schedules each program gets; 0 for a number that suits its stage
     * @param stop ends an exploration early
     */
    public ProgramExplorer(LoadedTower tower, long schedules, Explorer.Progress stop) {
        this(tower, schedules, stop, MemoryModel.SC);
    }

    /**
     * An explorer.
     *
     * @param tower the classes
     * @param schedules how many schedules each program gets; 0 for a number that suits its stage
     * @param stop ends an exploration early
     * @param memory which values a read may return
     */
    public ProgramExplorer(LoadedTower tower, long schedules, Explorer.Progress stop, MemoryModel memory) {
        this.tower = tower;
        this.schedules = schedules;
        this.stop = stop;
        this.memory = memory;
    }

    MemoryModel memory() {
        return memory;
    }

    /**
     * {@return how many schedules a program gets}
     *
     * @param program the program
     */
    long schedules(Program program) {
        boolean isSmall = isSmall(program); // has fewer schedules to try, and short runs
        return schedules > 0 ? schedules : switch (program.stage()) {
            case CPUS -> isSmall ? 600 : 200;
            case TASKS -> isSmall ? 600 : 120;
            case MACHINE -> isSmall ? 100 : 40;
        };
    }

    private static boolean isSmall(Program program) {
        return program.size() <= SMALL;
    }

    /** {@return the strategy for a program; the steps of few operations are few, beside those of their machine} */
    static String strategy(Program program) {
        return isSmall(program) ? "portfolio-few" : ExploreOptions.DEFAULT.strategy();
    }

    private ExploreOptions options(Program program) {
        ExploreOptions options = ExploreOptions.DEFAULT.withMemory(memory).withStrategy(strategy(program));
        return Delays.isIn(program) ? options.withStepLimit(STEPS_WITH_DELAYS) : options;
    }

    /**
     * Explores a program.
     *
     * @param program the program
     * @return what came of it
     */
    public ProgramResult explore(Program program) {
        Pairs pairs = new Pairs();
        Set<String> outcomes = new HashSet<>();
        Set<String> results = new TreeSet<>();
        Set<String> warnings = new TreeSet<>();
        try {
            Report report = Explorer.probe(tower.program(program.text(), outcomes::add, (gave, warned) -> {
                results.addAll(gave);
                warnings.addAll(warned);
            }),
                    options(program).withSchedules(schedules(program)).withShrink(false),
                    stop, pairs);
            boolean failed = !report.passed();
            return new ProgramResult(program.text(), report.surveyed() + report.schedules(), report.steps(),
                    failed ? report.failure().rule() : null, failed ? report.failure().message() : null,
                    report.cut() > 0 ? List.of(report.cut() + " schedules were cut at the step limit") : List.of(),
                    pairs.pairs(), outcomes.size(), List.copyOf(results), List.copyOf(warnings), null);
        } catch (ExplorerException e) {
            return ProgramResult.refused(program.text(), e.getMessage());
        }
    }

    /**
     * Explores a program until it breaks a rule.
     *
     * @param program the program
     * @param schedules the most schedules
     * @param shrink whether to shrink and show the run
     * @return the report
     */
    Report report(Program program, long schedules, boolean shrink) {
        ExploreOptions options = options(program).withSchedules(schedules);
        Pairs pairs = new Pairs(); // as before: which runs are made depends on whether they are observed
        return shrink ? Explorer.explore(tower.program(program.text(), null), options, stop, pairs)
                : Explorer.probe(tower.program(program.text(), null), options, stop, pairs);
    }
}
