package org.smp4j.cli.explore;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.smp4j.cli.options.ScenarioOptions;
import org.smp4j.cli.options.ShowOptions;
import org.smp4j.cli.options.TraceOptions;
import org.smp4j.cli.output.Durations;
import org.smp4j.cli.output.JUnitXml;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.explore.run.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j explore}. */
@Command(name = "explore", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Runs a scenario under many interleavings, and shows the shortest one that fails.",
            "Ends at the first failure, after --schedules or --budget, or on Ctrl-C with what it has found so far. "
            + "Exits with 0 if it found no failure, 1 if it found one, 2 if the scenario cannot be explored. The "
            + "report, on standard output, is the same for the same seed and number of schedules. What the scenario "
            + "prints is not shown; its Exploring.note adds a line to the report.%n"})
public final class ExploreCommand implements Callable<Integer> {
    /** More schedules than any run completes; the ranges of several jobs still fit into a long. */
    private static final long UNLIMITED = 1L << 48;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ScenarioOptions scenario;

    @Parameters(paramLabel = "CLASS",
            description = "a public class, by its binary name: a Runnable with a constructor without parameters, a "
                    + "MachineScenario, or one with a main")
    private String className;

    @Option(names = "--strategy", paramLabel = "NAME",
            description = "how to choose schedules (portfolio): random, pct, pctN, pos, surw, starvation, delayN, "
            + "portfolio; or all schedules: dpor, sleep-sets, boundN")
    private String strategy = ExploreOptions.DEFAULT.strategy();

    @Option(names = "--seed", paramLabel = "N", description = "seed of the schedules (1)")
    private long seed = ExploreOptions.DEFAULT.seed();

    @Option(names = "--schedules", paramLabel = "N",
            description = "maximum number of schedules (10000, or as many as --budget allows)")
    private Long schedules;

    @Option(names = "--budget", paramLabel = "TIME", converter = Durations.class,
            description = "maximum time, for example 90s or 2m")
    private Duration budget;

    @Option(names = "--jobs", paramLabel = "N",
            description = "number of processes that share the schedules; the report does not depend on it (1)")
    private int jobs = 1;

    @Option(names = "--memory", paramLabel = "MODEL",
            description = "memory model: sc, every read returns the newest value; java, as the access modes of Java "
            + "allow; tso, the store buffers of x86 (sc)")
    private MemoryModel memory = ExploreOptions.DEFAULT.memory();

    @Option(names = "--timeouts", paramLabel = "WHICH",
            description = "timeouts that may fire although a thread can go on: never; short, those below a second; any "
            + "(short)")
    private Timeouts timeouts = Leeway.DEFAULT.timeouts();

    @Option(names = "--spurious", description = "a thread that waits or is parked may wake up,"
            + " and a weak compare-and-set may fail, without a cause")
    private boolean spurious;

    @Option(names = "--insertion", description = "a write may land before newer ones of its field; with --memory java")
    private boolean insertion;

    @Option(names = "--incoherent-reads",
            description = "a plain read may return an older value than an earlier one; with --memory java")
    private boolean incoherent;

    @Option(names = "--random-values",
            description = "let schedules draw what random generators without a seed return; else it is the same in all")
    private boolean randomValues;

    @Option(names = "--inside", paramLabel = "NAME", split = ",",
            description = "explore also within the calls of a package or class of the JDK: java.util.concurrent, "
            + "java.util.concurrent.locks, or a class of these; else such a call is one step")
    private Set<String> inside = new TreeSet<>();

    @Option(names = "--data-races", description = "report two unordered accesses to a plain field as a failure, too")
    private boolean dataRaces;

    @Option(names = "--step-limit", paramLabel = "N", description = "steps after which a schedule is cut off (100000)")
    private int stepLimit = ExploreOptions.DEFAULT.stepLimit();

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "file for the token of a failure (CLASS.token)")
    private Path tokenFile;

    @Option(names = "--json", description = "print the report as JSON")
    private boolean json;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the result in JUnit's XML format")
    private Path junitXml;

    @Mixin
    private TraceOptions trace;

    @Mixin
    private ShowOptions show;

    @Option(names = "--first", hidden = true)
    private long first;

    @Option(names = "--job", hidden = true)
    private boolean job;

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > 1024) {
            throw usage("--jobs must be between 1 and 1024, got " + jobs, null);
        }
        if (schedules != null && (schedules < 1 || schedules > UNLIMITED)) {
            throw usage("--schedules must be between 1 and " + UNLIMITED + ", got " + schedules, null);
        }
        ExploreOptions options = options();
        Session session = Session.of(spec);
        if (job) {
            ExploreJobs.serve(session, program(), options);
            return ExitCode.OK;
        }
        checkFile("--junit-xml", junitXml);
        trace.check(spec, true);
        show.check(spec);
        long start = System.nanoTime();
        Report report;
        try (ExploreProgress progress = new ExploreProgress(session, "explore", options, true)) {
            report = jobs == 1 ? Explorer.explore(program(), options, progress)
                    : new ExploreJobs(options, jobs, arguments(), session.stop()).explore(progress);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.of(report) : show.text(report));
        out.flush();
        session.screen().remark("%.1f s, %.0f schedules/s, %.0f steps/s".formatted(seconds,
                report.schedules() / seconds, report.steps() / seconds));
        boolean kept = report.token() != null
                && write("the token", options.tokenFile(), file -> Files.writeString(file, report.token() + "\n"));
        boolean written;
        try (ExploreProgress progress = new ExploreProgress(session, "trace", options, false)) {
            written = trace.write(spec, program(), report.token(), progress);
        }
        show.write(spec, program(), report, kept ? ShowOptions.beside(options.tokenFile()) : null);
        if (junitXml != null) {
            write("--junit-xml", junitXml, file -> JUnitXml.write(report, seconds, file));
        }
        return !report.passed() ? ExitCode.FAILED : written ? ExitCode.OK : ExitCode.USAGE;
    }

    private ParameterException usage(String message, Throwable cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    /** Checks before the search that a file can be written, not after an hour of it. */
    private void checkFile(String option, Path file) {
        if (file != null) {
            try {
                OutputFiles.check(file);
            } catch (IOException e) {
                throw usage(option + ": can't write " + OutputFiles.what(e), e);
            }
        }
    }

    /** Writes a file; returns whether that succeeded. The report has been shown, a write error does not change it. */
    private boolean write(String what, Path file, Writing writing) {
        try {
            OutputFiles.createParent(file);
            writing.to(file);
            return true;
        } catch (IOException e) {
            Session.of(spec).screen().remark("smp4j explore: " + what + " could not be written: "
                    + OutputFiles.what(e));
            return false;
        }
    }

    /** Writes to a file. */
    @FunctionalInterface
    private interface Writing {
        void to(Path file) throws IOException;
    }

    private Program program() {
        return scenario.program(className, inside);
    }

    private ExploreOptions options() {
        long most = schedules != null ? schedules : budget == null ? ExploreOptions.DEFAULT.schedules() : UNLIMITED;
        ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(seed).withSchedules(first, most)
                .withStepLimit(stepLimit)
                .withThreads(scenario.threads()).withMemory(memory).withDataRaces(dataRaces)
                .withLeeway(new Leeway(timeouts, spurious, randomValues, insertion, incoherent))
                .withForm(show.form())
                .withTokenFile(job ? null : tokenFile == null ? Path.of(className + ".token") : tokenFile);
        return budget == null ? options : options.withBudget(budget.toNanos());
    }

    /** The command line with which each of several jobs does the same as this process. */
    private List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(List.of("explore", className, "--strategy=" + strategy, "--seed=" + seed,
                "--step-limit=" + stepLimit, "--memory=" + memory, "--timeouts=" + timeouts));
        arguments.addAll(scenario.arguments());
        arguments.addAll(show.arguments());
        if (dataRaces) {
            arguments.add("--data-races");
        }
        if (spurious) {
            arguments.add("--spurious");
        }
        if (insertion) {
            arguments.add("--insertion");
        }
        if (incoherent) {
            arguments.add("--incoherent-reads");
        }
        if (randomValues) {
            arguments.add("--random-values");
        }
        inside.forEach(name -> arguments.add("--inside=" + name));
        if (budget != null) {
            arguments.add("--budget=" + budget.toString().substring("PT".length()));
        }
        return arguments;
    }
}
