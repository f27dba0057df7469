package org.smp4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j explore}. */
@Command(name = "explore", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Runs a scenario under many interleavings, and shows the shortest that goes wrong.",
            "Ends at the first failure, after --schedules or --budget, or on Ctrl-C with what was found so far. Exits "
            + "with 0 if nothing was found, 1 if something "
            + "was, 2 if it cannot be explored. The report, on standard output, is the same for the same seed and "
            + "number of schedules. "
            + "What the scenario prints is not shown; its Exploring.note puts a line into the report.%n"})
final class ExploreCommand implements Callable<Integer> {
    /** As long as anybody will wait; ranges of several jobs still fit side by side. */
    private static final long UNLIMITED = 1L << 48;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ScenarioOptions scenario;

    @Parameters(paramLabel = "CLASS",
            description = "a public class, by its binary name: a Runnable with a constructor without parameters, or a "
                    + "MachineScenario")
    private String className;

    @Option(names = "--strategy", paramLabel = "NAME",
            description = "how schedules are chosen (portfolio): random, pct, pctN, pos, surw, starvation, delayN, "
            + "portfolio; or all there are: dpor, sleep-sets, boundN")
    private String strategy = ExploreOptions.DEFAULT.strategy();

    @Option(names = "--seed", paramLabel = "N", description = "decides the schedules (1)")
    private long seed = ExploreOptions.DEFAULT.seed();

    @Option(names = "--schedules", paramLabel = "N",
            description = "how many at most (10000, or as many as --budget allows)")
    private Long schedules;

    @Option(names = "--budget", paramLabel = "TIME", converter = Durations.class,
            description = "how long at most, for example 90s or 2m")
    private Duration budget;

    @Option(names = "--jobs", paramLabel = "N",
            description = "processes that share the schedules; the report does not depend on it (1)")
    private int jobs = 1;

    @Option(names = "--data-races", description = "two unordered accesses to a plain field are a failure, too")
    private boolean dataRaces;

    @Option(names = "--step-limit", paramLabel = "N", description = "steps after which a schedule is cut (100000)")
    private int stepLimit = ExploreOptions.DEFAULT.stepLimit();

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "where the token of a failure is kept (CLASS.token)")
    private Path tokenFile;

    @Option(names = "--json", description = "print the report as JSON")
    private boolean json;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the result as JUnit does")
    private Path junitXml;

    @Option(names = "--first", hidden = true)
    private long first;

    @Option(names = "--job", hidden = true)
    private boolean job;

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > 1024) {
            throw usage("--jobs=" + jobs + " is out of range: 1 to 1024 would be right", null);
        }
        if (schedules != null && (schedules < 1 || schedules > UNLIMITED)) {
            throw usage("--schedules=" + schedules + " is out of range: 1 to " + UNLIMITED + " would be right", null);
        }
        ExploreOptions options = options();
        Main main = Main.of(spec);
        if (job) {
            Jobs.serve(main, scenario.program(className), options);
            return Main.OK;
        }
        checkFile("--junit-xml", junitXml);
        long start = System.nanoTime();
        Report report;
        try (ExploreProgress progress = new ExploreProgress(main, "explore", options, true)) {
            report = jobs == 1 ? Explorer.explore(scenario.program(className), options, progress)
                    : new Jobs(options, jobs, arguments(), main.stop()).explore(progress);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.of(report) : report.text());
        out.flush();
        main.screen().remark("%.1f s, %.0f schedules/s, %.0f steps/s".formatted(seconds, report.schedules() / seconds,
                report.steps() / seconds));
        if (report.token() != null) {
            write("the token", options.tokenFile(), file -> Files.writeString(file, report.token() + "\n"));
        }
        if (junitXml != null) {
            write("--junit-xml", junitXml, file -> JUnitXml.write(report, seconds, file));
        }
        return report.passed() ? Main.OK : Main.FAILED;
    }

    private ParameterException usage(String message, Throwable cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    /** A file that can't be written is known before the search, not after an hour of it. */
    private void checkFile(String option, Path file) {
        if (file != null) {
            try {
                OutputFiles.check(file);
            } catch (IOException e) {
                throw usage(option + ": can't write " + OutputFiles.what(e), e);
            }
        }
    }

    /** Writes a file. The report has been shown; that it can't be kept changes nothing of what it says. */
    private void write(String what, Path file, Writing writing) {
        try {
            OutputFiles.createParent(file);
            writing.to(file);
        } catch (IOException e) {
            Main.of(spec).screen().remark("smp4j explore: " + what + " could not be written: " + OutputFiles.what(e));
        }
    }

    /** Writes to a file. */
    @FunctionalInterface
    private interface Writing {
        void to(Path file) throws IOException;
    }

    private ExploreOptions options() {
        long most = schedules != null ? schedules : budget == null ? ExploreOptions.DEFAULT.schedules() : UNLIMITED;
        ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(seed).withSchedules(first, most)
                .withStepLimit(stepLimit)
                .withThreads(scenario.threads()).withDataRaces(dataRaces)
                .withTokenFile(job ? null : tokenFile == null ? Path.of(className + ".token") : tokenFile);
        return budget == null ? options : options.withBudget(budget.toNanos());
    }

    /** What each of several jobs is to do as this one would. */
    private List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of("explore", className, "--strategy=" + strategy, "--seed=" + seed,
                "--step-limit=" + stepLimit));
        arguments.addAll(scenario.arguments());
        if (dataRaces) {
            arguments.add("--data-races");
        }
        if (budget != null) {
            arguments.add("--budget=" + budget.toString().substring("PT".length()));
        }
        return arguments;
    }
}
