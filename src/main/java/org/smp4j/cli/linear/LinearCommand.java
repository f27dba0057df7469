package org.smp4j.cli.linear;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.smp4j.cli.explore.ExploreProgress;
import org.smp4j.cli.options.ScenarioOptions;
import org.smp4j.cli.options.ShowOptions;
import org.smp4j.cli.output.Durations;
import org.smp4j.cli.output.JUnitXml;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.LinearReport;
import org.smp4j.linear.check.Linearizability;
import org.smp4j.page.RunPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j linear}. */
@Command(name = "linear", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Checks that the operations of a class are linearizable.",
            "Draws programs of the methods marked with @Operation, on two or more threads, and explores each. Every "
            + "outcome must be one of a sequential run of the same operations. The first that is not is made smaller, "
            + "in operations and then in its interleaving, and shown. Exits with 0 if it found none, 1 if it found "
            + "one, 2 if the class cannot be checked. The report is the same for the same options, without "
            + "--budget, whatever the number of jobs.%n"})
public final class LinearCommand implements Callable<Integer> {
    private static final int UNLIMITED = 100_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ScenarioOptions scenario;

    @Parameters(paramLabel = "CLASS",
            description = "a class, by its binary name, with @Operation methods and a constructor without parameters")
    private String className;

    @Option(names = "--threads", paramLabel = "N", description = "number of threads (2)")
    private int threads = LinearOptions.DEFAULT.threads();

    @Option(names = "--operations", paramLabel = "N", description = "number of operations of each thread (3)")
    private int operations = LinearOptions.DEFAULT.operations();

    @Option(names = "--before", paramLabel = "N",
            description = "maximum number of operations before the threads start (2)")
    private int before = LinearOptions.DEFAULT.before();

    @Option(names = "--after", paramLabel = "N",
            description = "maximum number of operations after the threads have ended (2)")
    private int after = LinearOptions.DEFAULT.after();

    @Option(names = "--programs", paramLabel = "N",
            description = "maximum number of programs (100, or as many as --budget allows)")
    private Integer programs;

    @Option(names = "--schedules", paramLabel = "N", description = "maximum number of schedules of a program (1000)")
    private long schedules = LinearOptions.DEFAULT.explore().schedules();

    @Option(names = "--strategy", paramLabel = "NAME",
            description = "how to choose schedules (portfolio): random, pct, pctN, pos, surw, starvation, delayN, "
            + "portfolio; or all schedules of each program: dpor, sleep-sets, boundN")
    private String strategy = ExploreOptions.DEFAULT.strategy();

    @Option(names = "--seed", paramLabel = "N", description = "seed of programs and schedules (1)")
    private long seed = ExploreOptions.DEFAULT.seed();

    @Option(names = "--budget", paramLabel = "TIME", converter = Durations.class,
            description = "maximum time, for example 90s or 2m")
    private Duration budget;

    @Option(names = "--jobs", paramLabel = "N", description = "number of processes that share the programs (1)")
    private int jobs = 1;

    @Option(names = "--job", hidden = true)
    private boolean job;

    @Option(names = "--specification", paramLabel = "CLASS",
            description = "a class with the same methods, whose sequential runs say what is right (CLASS itself)")
    private String specification;

    @Option(names = "--sequential-consistency",
            description = "check only that each thread's own order is kept, not the order in time between threads")
    private boolean sequentialConsistency;

    @Option(names = "--data-races", description = "report two unordered accesses to a plain field as a failure, too")
    private boolean dataRaces;

    @Option(names = "--step-limit", paramLabel = "N", description = "steps after which a schedule is cut off (100000)")
    private int stepLimit = ExploreOptions.DEFAULT.stepLimit();

    @Option(names = "--token-file", paramLabel = "FILE",
            description = "file for the token of a failure (CLASS.token)")
    private Path tokenFile;

    @Option(names = "--html", paramLabel = "FILE",
            description = "the page to step through a failing run: one file, without network (CLASS.html, beside the "
            + "token)")
    private Path html;

    @Option(names = "--json", description = "print the report as JSON")
    private boolean json;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the result in JUnit's XML format")
    private Path junitXml;

    @Override
    public Integer call() {
        LinearOptions options = options();
        Session session = Session.of(spec);
        if (jobs < 1 || jobs > 1024) {
            throw new ParameterException(spec.commandLine(), "--jobs must be between 1 and 1024, got " + jobs);
        }
        if (job) {
            LinearJobs.serve(session, scenario.target(className, specification), options);
            return ExitCode.OK;
        }
        if (junitXml != null) {
            check("--junit-xml", junitXml);
        }
        if (html != null) {
            check("--html", html);
        }
        long start = System.nanoTime();
        LinearReport report;
        Linearizability.Target target = scenario.target(className, specification);
        ExploreOptions shown = options.explore()
                .withSchedules(Math.multiplyExact(options.explore().schedules(), (long) options.programs()));
        try (ExploreProgress progress = new ExploreProgress(session, "linear", shown, true);
                LinearJobs workers = new LinearJobs(jobs, arguments(), session.stop(),
                        options.explore().budgetNanos())) {
            report = jobs == 1 ? Linearizability.check(target, options, progress)
                    : Linearizability.check(target, options, progress, workers);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.of(report) : report.text());
        out.flush();
        session.screen().remark("%.1f s, %.0f schedules/s".formatted(seconds, report.schedules() / seconds));
        if (report.token() != null) {
            Path file = options.explore().tokenFile();
            boolean kept = write("the token", () -> {
                OutputFiles.createParent(file);
                Files.writeString(file, report.token() + "\n");
            });
            if (html != null || kept && !session.stop().made()) {
                session.screen().remark(RunPage.writeOrSay(target, report,
                        html == null ? ShowOptions.beside(file) : html, session.untilStopped()));
            }
        }
        if (junitXml != null) {
            write("--junit-xml", () -> JUnitXml.write(report, seconds, junitXml));
        }
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** What decides the schedules of a program. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("linear", className, "--job", "--threads=" + threads,
                "--operations=" + operations, "--schedules=" + schedules, "--strategy=" + strategy, "--seed=" + seed,
                "--step-limit=" + stepLimit));
        arguments.addAll(scenario.arguments());
        if (specification != null) {
            arguments.add("--specification=" + specification);
        }
        if (sequentialConsistency) {
            arguments.add("--sequential-consistency");
        }
        if (dataRaces) {
            arguments.add("--data-races");
        }
        return arguments;
    }

    private LinearOptions options() {
        if (schedules < 1 || schedules > UNLIMITED) {
            throw new ParameterException(spec.commandLine(), "--schedules must be between 1 and " + UNLIMITED
                    + ", got " + schedules);
        }
        ExploreOptions explore = ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(seed).withSchedules(schedules)
                .withStepLimit(stepLimit).withThreads(scenario.threads()).withDataRaces(dataRaces)
                .withTokenFile(tokenFile == null ? Path.of(className + ".token") : tokenFile);
        int most = programs != null ? programs : budget == null ? LinearOptions.DEFAULT.programs() : UNLIMITED;
        return LinearOptions.DEFAULT.withSize(threads, operations, before, after).withPrograms(most)
                .withRealTime(!sequentialConsistency).withSpecification(specification)
                .withExplore(budget == null ? explore : explore.withBudget(budget.toNanos()));
    }

    /** Checks before the search that a file can be written. */
    private void check(String option, Path file) {
        try {
            OutputFiles.check(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), option + ": can't write " + OutputFiles.what(e), e);
        }
    }

    /** Writes a file. The report has already been shown; a write error does not change it. */
    private boolean write(String what, Writing writing) {
        try {
            writing.make();
            return true;
        } catch (IOException e) {
            Session.of(spec).screen().remark("smp4j linear: " + what + " could not be written: " + OutputFiles.what(e));
            return false;
        }
    }

    /** Writes a file. */
    @FunctionalInterface
    private interface Writing {
        void make() throws IOException;
    }
}
