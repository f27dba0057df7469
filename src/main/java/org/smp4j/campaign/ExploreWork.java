package org.smp4j.campaign;

import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;
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
    public UnitResult run(long seed, Host host) {
        List<URL> urls = new ArrayList<>();
        for (String entry : classpath) {
            Path path = host.folder().resolve(entry);
            if (!Files.exists(path)) {
                throw new ExplorerException("there is no file or folder " + path + ", which the manifest names");
            }
            try {
                urls.add(path.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new ExplorerException(path + " is not a valid path", e);
            }
        }
        Report report = Explorer.explore(new LoadedProgram(scenario, Programs.options().withClasspath(urls),
                ExploreWork.class.getClassLoader()), options(seed), host);
        return UnitResult.of(this, seed, report.passed(), Explorations.stories(report), Explorations.counts(report));
    }
}
