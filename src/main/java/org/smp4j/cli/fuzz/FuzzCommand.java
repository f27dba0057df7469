package org.smp4j.cli.fuzz;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.smp4j.cli.options.Floors;
import org.smp4j.cli.output.Durations;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Randomness;
import org.smp4j.fuzz.Campaign;
import org.smp4j.fuzz.FuzzOptions;
import org.smp4j.fuzz.FuzzReport;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.ProgramExplorer;
import org.smp4j.fuzz.compare.Comparison;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.page.RunPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code smp4j fuzz}. */
@Command(name = "fuzz", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Makes programs for the kernel by machine, and explores each for a short time.",
            "Ends after --programs or --budget, or on Ctrl-C with what it has found so far. A program that fails is "
            + "made small. Exits with 0 if it found no failure, 1 if it found one. The report, on standard output, is "
            + "the same for the same seed, number of programs and corpus, whatever the number of jobs.%n"})
public final class FuzzCommand implements Callable<Integer> {
    private static final long UNLIMITED = 1L << 48;
    private static final String SUFFIX = ".program";

    @Spec
    private CommandSpec spec;

    @Option(names = "--floor", paramLabel = "FLOOR", converter = Floors.class,
            description = "what programs are about: call, sched, stop, hotplug or all (all)")
    private Focus floor = Focus.ALL;

    @Option(names = "--seed", paramLabel = "N", description = "seed of the programs (1)")
    private long seed = FuzzOptions.DEFAULT.seed();

    @Option(names = "--programs", paramLabel = "N",
            description = "maximum number of programs (300, or as many as --budget allows)")
    private Long programs;

    @Option(names = "--budget", paramLabel = "TIME", converter = Durations.class,
            description = "maximum time, for example 90s or 10m")
    private Duration budget;

    @Option(names = "--schedules", paramLabel = "N",
            description = "schedules of each program (40 to 500, by the size of what it runs on)")
    private long schedules;

    @Option(names = "--jobs", paramLabel = "N", description = "number of processes that share the programs (1)")
    private int jobs = 1;

    @Option(names = "--corpus", paramLabel = "DIR",
            description = "folder with programs to begin with; programs that show something new are added to it")
    private Path corpus;

    @Option(names = "--misuse", description = {"draw programs with illegal uses: each has to give the warning, error "
            + "or exception that the contract names, and the kernel has to work afterwards"})
    private boolean misuse;

    @Option(names = "--compare", paramLabel = "N", description = {"run each program N times on real threads too: no "
            + "outcome may come that exploring does not show"})
    private Integer compare;

    @Option(names = "--memory", paramLabel = "MODEL",
            description = "memory model: sc, every read returns the newest value; java or tso, reads may return older "
            + "ones (sc)")
    private MemoryModel memory = MemoryModel.SC;

    @Option(names = "--html", paramLabel = "DIR", description = "folder for the page of each failure, to step through "
            + "it: one file, without network (.)")
    private Path html = Path.of("");

    @Option(names = "--json", description = "print the report as JSON")
    private boolean json;

    @Option(names = "--job", hidden = true)
    private boolean job;

    @Override
    public Integer call() {
        if (jobs < 1 || jobs > 1024) {
            throw usage("--jobs must be between 1 and 1024, got " + jobs);
        }
        if (programs != null && (programs < 1 || programs > UNLIMITED)) {
            throw usage("--programs must be between 1 and " + UNLIMITED + ", got " + programs);
        }
        if (schedules < 0) {
            throw usage("--schedules must be at least 1, got " + schedules);
        }
        Session session = Session.of(spec);
        Catalog catalog = Standard.catalog();
        LoadedTower tower = new LoadedTower(List.of(), FuzzCommand.class.getClassLoader());
        ProgramExplorer explorer = new ProgramExplorer(tower, schedules, session.untilStopped(), memory);
        if (job) {
            FuzzJobs.serve(session, explorer);
            return ExitCode.OK;
        }
        FuzzOptions options = new FuzzOptions(floor, seed,
                programs != null ? programs : budget != null ? UNLIMITED : FuzzOptions.DEFAULT.programs(),
                budget == null ? Long.MAX_VALUE : budget.toNanos(), schedules, List.of(), misuse);
        if (compare != null) {
            return compare(session, options, catalog);
        }
        List<Program> kept = read(misuse ? catalog.withMisuses() : catalog);
        long start = System.nanoTime();
        FuzzReport report;
        Campaign campaign;
        try (FuzzProgress progress = new FuzzProgress(session, options);
                FuzzJobs workers = new FuzzJobs(jobs, explorer, arguments(), progress)) {
            campaign = new Campaign(options, catalog, kept, workers::explore, explorer, progress);
            report = campaign.run();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? Json.of(report) : report.text());
        out.flush();
        session.screen().remark(String.format(Locale.ROOT, "%.1f s, %.1f programs/s, %.0f runs/s", seconds,
                report.programs() / seconds, report.runs() / seconds));
        report.failures().forEach(failure -> session.screen().remark(RunPage.writeOrSay(
                tower.program(LoadedTower.textOf(Explorer.scenarioOf(failure.report().token())), null),
                failure.report(), html.resolve("fuzz-" + seed + "-" + failure.number() + ".html"),
                session.untilStopped())));
        write(campaign.corpus());
        if (report.fault() != null) {
            session.screen().remark("smp4j fuzz: ended early: " + report.fault());
        }
        return report.passed() ? ExitCode.OK : report.failures().isEmpty() && report.unsettled() == 0 ? ExitCode.BROKEN
                : ExitCode.FAILED;
    }

    private int compare(Session session, FuzzOptions options, Catalog catalog) {
        if (compare < 1) {
            throw usage("--compare must be at least 1, got " + compare);
        }
        if (misuse || json || jobs > 1 || corpus != null || memory != MemoryModel.SC) {
            throw usage("--compare goes without --misuse, --json, --jobs, --corpus and --memory");
        }
        Comparison.Result result;
        try (FuzzProgress progress = new FuzzProgress(session, options)) {
            result = new Comparison(options, catalog, new LoadedTower(List.of(), FuzzCommand.class.getClassLoader()),
                    compare, (programs, compared, found) -> progress.at(programs, (int) compared, found)).run();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(result.text());
        out.flush();
        return result.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private List<String> arguments() {
        return List.of("fuzz", "--schedules=" + schedules, "--memory=" + memory);
    }

    /** The programs of the corpus, by name; what is no legal program is an error. */
    private List<Program> read(Catalog catalog) {
        List<Program> all = new ArrayList<>();
        if (corpus == null || !Files.exists(corpus)) {
            return all;
        }
        try (Stream<Path> files = Files.list(corpus)) {
            for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
                Program program = Program.parse(Files.readString(file).strip());
                String fault = Legality.fault(program, catalog);
                if (fault != null) {
                    throw usage("--corpus: " + file + ": " + fault);
                }
                all.add(program);
            }
        } catch (IOException e) {
            throw usage("--corpus: can't read " + OutputFiles.what(e));
        } catch (IllegalArgumentException e) {
            throw usage("--corpus: " + corpus + " has a file that is no program: " + e.getMessage());
        }
        return all;
    }

    private void write(List<Program> kept) {
        if (corpus == null) {
            return;
        }
        try {
            Files.createDirectories(corpus);
            for (Program program : kept) {
                String name = String.format(Locale.ROOT, "%016x", hash(program.text()));
                Files.writeString(corpus.resolve(name + SUFFIX), program.text() + "\n");
            }
        } catch (IOException e) {
            Session.of(spec).screen().remark("smp4j fuzz: the corpus could not be written: " + OutputFiles.what(e));
        }
    }

    private static long hash(String text) {
        long hash = 0;
        for (char each : text.toCharArray()) {
            hash = Randomness.mix(hash + each);
        }
        return hash;
    }
}
