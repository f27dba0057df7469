package org.smp4j.cli.selftest;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.smp4j.cli.options.Floors;
import org.smp4j.cli.output.Durations;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.selftest.Bug;
import org.smp4j.fuzz.selftest.FuzzSelftest;
import org.smp4j.selftest.Mutant;
import org.smp4j.selftest.Mutants;
import org.smp4j.selftest.Selftest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code smp4j selftest}. */
@Command(name = "selftest", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Breaks the kernel in one place at a time, and checks that its scenarios detect each breakage.",
            "Exits with 0 if they detect all of them and report nothing for the unbroken kernel; with 1 if not, or if "
            + "it was stopped before the end.%n"})
public final class SelftestCommand implements Callable<Integer> {
    private static final int CONTROLS = 500;

    @Spec
    private CommandSpec spec;

    @Option(names = "--fuzz",
            description = "have generated programs find the breakages and the races of the gallery, without scenarios; "
            + "passes if they find nine of ten")
    private boolean fuzz;

    @Option(names = "--floor", paramLabel = "FLOOR", converter = Floors.class,
            description = "with --fuzz, what programs are about: call, sched, stop, hotplug or all (all)")
    private Focus floor;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "look only for these")
    private List<String> only = List.of();

    @Option(names = "--budget", paramLabel = "TIME", converter = Durations.class,
            description = "maximum time for each breakage, for example 30s (1m; with --fuzz 5m)")
    private Duration budget;

    @Option(names = "--schedules", paramLabel = "N", description = "maximum number of schedules for each (10000)")
    private long schedules = ExploreOptions.DEFAULT.schedules();

    @Option(names = "--seed", paramLabel = "N", description = "seed of the schedules (1)")
    private long seed = ExploreOptions.DEFAULT.seed();

    @Option(names = "--json", description = "print the result as JSON")
    private boolean json;

    @Override
    public Integer call() {
        Session session = Session.of(spec);
        if (fuzz) {
            return fuzz(session);
        }
        if (floor != null) {
            throw new ParameterException(spec.commandLine(), "--floor needs --fuzz");
        }
        ExploreOptions options = ExploreOptions.DEFAULT.withSchedules(schedules).withSeed(seed)
                .withBudget((budget == null ? Duration.ofMinutes(1) : budget).toNanos());
        Selftest.Result result;
        try (ProgressLine line = new ProgressLine(session.screen(), "selftest", true)) {
            result = Selftest.run(named(Mutants.all(), Mutant::name), options, Math.min(CONTROLS, schedules),
                    (done, of, what) -> {
                        if (line.due()) {
                            line.draw(done, of, "", what);
                        }
                        return !session.stop().made();
                    });
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(Json.of(result));
        } else {
            print(out, result);
        }
        return result.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(PrintWriter out, Selftest.Result result) {
        for (Selftest.Verdict verdict : result.verdicts()) {
            out.printf("%-24s %-20s %s%n", verdict.mutant(), verdict.scenario(), verdict.killed()
                    ? "killed in schedule %d with %d switches: %s".formatted(verdict.schedules(), verdict.switches(),
                    verdict.rule())
                    : "SURVIVED %d schedules: %s".formatted(verdict.schedules(), verdict.what()));
        }
        result.faults().forEach((scenario, message) ->
                out.printf("%s FAILED with nothing changed: %s%n", scenario, message));
        out.printf("%d of %d mutants killed, in %d schedules in the median%s%n", result.killed(), result.mutants(),
                result.median(),
                result.verdicts().size() < result.mutants() ? "; stopped after " + result.verdicts().size() : "");
    }

    /** {@return those that --only names; all if there is no such option} */
    private <T> List<T> named(List<T> all, Function<T, String> name) {
        List<String> unknown = new ArrayList<>(only);
        all.forEach(each -> unknown.remove(name.apply(each)));
        if (!unknown.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--only: no breakage has the name " + unknown.getFirst());
        }
        return all.stream().filter(each -> only.isEmpty() || only.contains(name.apply(each))).toList();
    }

    private int fuzz(Session session) {
        List<Bug> bugs = named(Bug.all(), Bug::name);
        FuzzSelftest.Result result;
        try (ProgressLine line = new ProgressLine(session.screen(), "selftest", true)) {
            result = FuzzSelftest.run(bugs, floor == null ? Focus.ALL : floor, seed,
                    (budget == null ? Duration.ofMinutes(5) : budget).toNanos(),
                    (done, of, what) -> {
                        if (line.due()) {
                            line.draw(done, of, "", what);
                        }
                        return !session.stop().made();
                    });
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.print(Json.of(result));
        } else {
            print(out, result);
        }
        return result.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void print(PrintWriter out, FuzzSelftest.Result result) {
        for (FuzzSelftest.Verdict verdict : result.verdicts()) {
            out.printf(Locale.ROOT, "%-31s %4d programs %6d runs %6.1f s %6.1f CPU s  %s%n", verdict.bug(),
                    verdict.programs(), verdict.runs(), verdict.seconds(), verdict.cpuSeconds(),
                    verdict.found() ? verdict.rule() : "NOT FOUND: " + verdict.what());
        }
        result.faults().forEach(fault -> out.printf("FAILED with nothing changed: %s%n", fault));
        String median = 2 * result.found() <= result.verdicts().size() ? "fewer than half of those tried"
                : String.format(Locale.ROOT, "in %.1f s in the median", result.median());
        out.printf(Locale.ROOT, "%d of %d breakages found, %s%s%n", result.found(),
                result.bugs(), median, result.verdicts().size() < result.bugs()
                ? "; stopped after " + result.verdicts().size() : "");
    }
}
