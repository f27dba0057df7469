package org.smp4j.campaign.work;

import java.util.List;
import java.util.Locale;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.ClassPath;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;
import org.smp4j.scenario.Programs;

/**
 * Explores a scenario: a unit is an exploration with a seed of its own, which ends at its first failure.
 *
 * @param scenario the binary name of its class
 * @param classpath folders and jars with its classes
 * @param strategy the strategy; an exhaustive one has one unit
 * @param memory the memory model
 * @param firstSeed the seed of the first unit
 * @param seeds how many units
 * @param schedules the most schedules of a unit
 */
public record ExploreWork(String scenario, List<String> classpath, String strategy, MemoryModel memory, long firstSeed,
        int seeds, long schedules) implements Work {
    /** Copies the class path. */
    public ExploreWork {
        classpath = List.copyOf(classpath);
    }

    @Override
    public String title() {
        return "explore " + scenario + ", " + strategy
                + (memory == MemoryModel.SC ? "" : ", memory " + memory.name().toLowerCase(Locale.ROOT));
    }

    private ExploreOptions options(long seed) {
        return ExploreOptions.DEFAULT.withStrategy(strategy).withMemory(memory).withSeed(seed)
                .withSchedules(schedules);
    }

    @Override
    public void check() {
        try {
            if (options(firstSeed).isExhaustive() && seeds > 1) {
                throw new IllegalArgumentException(
                        "strategy " + strategy + " is one search; it takes one seed, got " + seeds);
            }
        } catch (ExplorerException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    @Override
    public UnitResult run(long seed, Host host, Pages pages) {
        Program program = new LoadedProgram(scenario,
                Programs.options().withClasspath(ClassPath.urls(host.folder(), classpath)),
                ExploreWork.class.getClassLoader());
        Report report = Explorer.explore(program, options(seed), host);
        List<Story> stories = Explorations.story(report)
                .map(story -> pages.with(this, seed, story, program, report)).stream().toList();
        return UnitResult.of(this, seed, report.passed(), stories, Explorations.counts(report));
    }
}
