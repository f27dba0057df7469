package org.smp4j.cli.races;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.smp4j.cli.explore.ExploreProgress;
import org.smp4j.cli.job.JobProcess;
import org.smp4j.cli.output.JUnitXml;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.output.Table;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.report.ReportForm;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.Repeats;
import org.smp4j.race.Trial;
import org.smp4j.race.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j races run}. */
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Explores races: the buggy variant has to be found, the fixed one to be clear.",
            "Exits with 0 if all are as they should be, 1 if not, or if it was stopped before the end, 2 if the "
            + "options make no sense.%n"})
final class RacesRunCommand implements Callable<Integer> {
    private static final int MOST_JOBS = 1024;
    private static final int MOST_SEEDS = 10_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SLUG|all", arity = "1..*", description = "the races")
    private List<String> slugs;

    @Mixin
    private RacesCommand.Which which;

    @Option(names = "--variant", paramLabel = "buggy|fixed|both", defaultValue = "both",
            description = "which variants (both)")
    private String variant;

    @Mixin
    private RacesCommand.How how;

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1",
            description = "number of processes, each of which explores one race at a time (1)")
    private int jobs;

    @Option(names = "--json", description = "prints JSON instead of a table")
    private boolean json;

    @Option(names = {"--junit-xml", "--junit"}, paramLabel = "FILE",
            description = "write the results in JUnit's XML format")
    private Path junitXml;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "1",
            description = "explores the buggy variant with so many seeds, and requires that 19 of 20 find it, each "
            + "within the budget, and that at most 6 switches are left (1)")
    private int seeds;

    @Option(names = "--schedules", paramLabel = "N", defaultValue = "0",
            description = "runs so many schedules of the portfolio, however long they take, if the search of the "
            + "fixed variant has not ended within the budget, or makes fewer departures than the buggy one needs (0)")
    private long schedules;

    @Option(names = "--job", hidden = true)
    private boolean job;

    /** What came of one race, for other programs. */
    private record Result(String race, String hash, String certainty, int year, int cpus, String symptom, boolean ok,
            Repeats repeats, Report buggy, Report fixed) {
        static Result of(Timed timed) {
            Trial trial = timed.trial;
            RaceFacts facts = trial.entry().facts();
            return new Result(facts.slug(), facts.hash(), facts.certainty().name(), facts.year(), facts.cpus(),
                    facts.symptom(), timed.isRight(), timed.repeats, trial.buggy(), trial.fixed());
        }
    }

    /** A race that was explored, and how long it took. */
    private record Timed(Trial trial, Repeats repeats, double seconds) {
        boolean isRight() {
            return trial.found() && trial.cleared() && (repeats == null || repeats.suffice());
        }
    }

    @Override
    public Integer call() {
        Set<Variant> variants = variants();
        ExploreOptions options = json || junitXml != null ? how.options(spec)
                : how.options(spec).withForm(ReportForm.WITHOUT_STEPS); // the table shows none
        List<GalleryEntry> entries = which.of(slugs.contains("all") ? Gallery.all()
                : slugs.stream().map(slug -> RacesCommand.find(spec, slug)).toList());
        if (jobs < 1 || jobs > MOST_JOBS) {
            throw new ParameterException(spec.commandLine(), "--jobs must be between 1 and " + MOST_JOBS + ", got "
                    + jobs);
        }
        if (seeds < 1 || seeds > MOST_SEEDS) {
            throw new ParameterException(spec.commandLine(), "--seeds must be between 1 and " + MOST_SEEDS + ", got "
                    + seeds);
        }
        if (schedules < 0) {
            throw new ParameterException(spec.commandLine(), "--schedules must not be negative, got " + schedules);
        }
        if (entries.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no race is like that; 'smp4j races' lists them");
        }
        Session session = Session.of(spec);
        if (job) {
            serve(session, variants, options);
            return ExitCode.OK;
        }
        Table table = table(entries);
        if (!json) {
            session.screen().print(table.heading());
        }
        List<Timed> all = new ArrayList<>();
        Consumer<Timed> outcome = timed -> {
            all.add(timed);
            if (!json) {
                session.screen().print(table.row(row(timed)));
                session.out().flush(); // a pipe is to have it at once
            }
        };
        if (jobs == 1) {
            for (int i = 0; i < entries.size() && !session.stop().made(); i++) {
                explore(session, entries.get(i), "races " + (i + 1) + "/" + entries.size() + " "
                        + entries.get(i).slug(), variants, options, true, outcome);
            }
        } else {
            shareOut(session, entries, outcome);
        }
        return conclude(session, entries.size(), all);
    }

    private int conclude(Session session, int count, List<Timed> all) {
        boolean stopped = all.size() < count;
        long wrong = all.stream().filter(timed -> !timed.isRight()).count();
        if (json) {
            session.out().print(Json.of(all.stream().map(Result::of).toList()));
        } else {
            session.screen().print((stopped ? "stopped after " + all.size() + " of " + count + ": " : "")
                    + (wrong > 0 ? wrong + " of " + all.size() + " NOT as they should be" : all.isEmpty()
                    ? "nothing is known" : "all " + all.size() + " as they should be"));
        }
        if (junitXml != null) {
            try {
                JUnitXml.write("smp4j races", all.stream().map(RacesRunCommand::test).toList(), junitXml);
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--junit-xml: cannot write " + junitXml + ": "
                        + e.getMessage(), e);
            }
        }
        return wrong == 0 && !stopped ? ExitCode.OK : ExitCode.FAILED;
    }

    private static JUnitXml.Case test(Timed timed) {
        Trial trial = timed.trial;
        String said = "buggy: " + trial.finding() + "; fixed: " + trial.proof();
        return new JUnitXml.Case("races", trial.entry().slug(), timed.seconds, timed.isRight() ? null : "race", said,
                said + "\n" + (trial.buggy() == null ? "" : trial.buggy().text())
                + (trial.fixed() == null ? "" : trial.fixed().text()));
    }

    private void explore(Session session, GalleryEntry entry, String task, Set<Variant> variants,
            ExploreOptions options, boolean shown, Consumer<Timed> outcome) {
        long start = System.nanoTime();
        Trial trial;
        Repeats repeats = null;
        try (ExploreProgress progress = new ExploreProgress(session, task, options, shown)) {
            trial = Trial.run(entry, variants, options, how.strategy, schedules, progress);
            if (seeds > 1 && variants.contains(Variant.BUGGY)) {
                repeats = Repeats.run(entry, options, how.strategy, seeds, progress);
            }
        }
        if (!session.stop().made() || trial.failed()) { // else nothing is known of it
            outcome.accept(new Timed(trial, repeats, (System.nanoTime() - start) / 1e9));
        }
    }

    /** The main loop of one of several processes: explores the races that the coordinator names, a line each. */
    private void serve(Session session, Set<Variant> variants, ExploreOptions options) {
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines().forEach(slug -> {
            explore(session, RacesCommand.find(spec, slug), "job", variants, options, false, timed -> {
                session.out().println(Json.line(timed.trial.buggy()));
                session.out().println(Json.line(timed.trial.fixed()));
                session.out().println(Json.line(timed.repeats));
            });
            session.out().flush();
        });
    }

    /** Explores in several processes; the outcomes come in the order in which they are known. */
    private void shareOut(Session session, List<GalleryEntry> entries, Consumer<Timed> outcome) {
        BlockingQueue<Object> results = new LinkedBlockingQueue<>();
        AtomicInteger next = new AtomicInteger();
        List<Process> processes = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < Math.min(jobs, entries.size()); i++) {
            Thread.ofPlatform().daemon().name("job").start(() -> serveFrom(session, entries, next, processes, results));
        }
        try (ProgressLine line = new ProgressLine(session.screen(), "races", true)) {
            for (int done = 0; done < entries.size() && !session.stop().made(); ) {
                Object result = results.poll(200, TimeUnit.MILLISECONDS);
                if (result instanceof Timed timed) {
                    outcome.accept(timed);
                    done++;
                } else if (result != null) {
                    throw new ExplorerException("one of the jobs failed: " + result);
                }
                if (line.due()) {
                    line.draw(done, entries.size(), "", "races");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ExplorerException("interrupted", e);
        } finally {
            next.set(entries.size());
            processes.forEach(Process::destroyForcibly);
        }
    }

    /** Has one process explore the races that no other has taken, and hands on what it says or what went wrong. */
    private void serveFrom(Session session, List<GalleryEntry> entries, AtomicInteger next, List<Process> processes,
            BlockingQueue<Object> results) {
        List<String> command = JobProcess.command(List.of("races", "run", "all", "--job", "--variant=" + variant,
                "--strategy=" + how.strategy, "--seed=" + how.seed,
                "--budget=" + how.budget.toMillis() / 1000.0 + "s", "--timeouts=" + how.timeouts,
                "--schedules=" + schedules, "--seeds=" + seeds));
        if (json || junitXml != null) {
            command.add("--json"); // with the steps
        }
        String slug = "the start of a job";
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            processes.add(process);
            try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
                    Writer out = process.outputWriter(StandardCharsets.UTF_8)) {
                for (int mine; (mine = next.getAndIncrement()) < entries.size() && !session.stop().made(); ) {
                    GalleryEntry entry = entries.get(mine);
                    slug = entry.slug();
                    long start = System.nanoTime();
                    out.write(slug + "\n");
                    out.flush();
                    String buggy = in.readLine();
                    String fixed = in.readLine();
                    String repeats = in.readLine();
                    if (repeats == null) {
                        results.add(slug + ": a job ended without a result");
                        return;
                    }
                    results.add(new Timed(new Trial(entry, Json.report(buggy), Json.report(fixed)),
                            Json.repeats(repeats), (System.nanoTime() - start) / 1e9));
                }
            }
        } catch (IOException e) {
            results.add(slug + ": " + e.getMessage());
        }
    }

    private Table table(List<GalleryEntry> entries) {
        List<List<String>> widest = new ArrayList<>();
        for (GalleryEntry entry : entries) {
            for (String rule : entry.facts().breaks()) {
                List<String> row = new ArrayList<>(List.of(entry.slug(), rule, "", "",
                        "all with at most 2 departures: 100,000", ""));
                row.addAll(2, seeds > 1 ? List.of("", "") : List.of());
                widest.add(row);
            }
        }
        return new Table(seeds > 1 ? List.of("race", "buggy breaks", "seeds", "slowest", "schedules", "switches",
                "fixed is clear in", "time")
                : List.of("race", "buggy breaks", "in schedule", "switches", "fixed is clear in", "time"), widest);
    }

    private Set<Variant> variants() {
        return switch (variant.toLowerCase(Locale.ROOT)) {
            case "both" -> EnumSet.allOf(Variant.class);
            case "buggy" -> EnumSet.of(Variant.BUGGY);
            case "fixed" -> EnumSet.of(Variant.FIXED);
            default -> throw new ParameterException(spec.commandLine(),
                    "--variant must be buggy, fixed or both, got " + variant);
        };
    }

    private List<String> row(Timed timed) {
        Trial trial = timed.trial;
        Report buggy = trial.buggy();
        boolean failed = buggy != null && !buggy.passed();
        String time = "%.1f s".formatted(timed.seconds);
        Repeats repeats = timed.repeats;
        if (seeds > 1) {
            return repeats == null ? List.of(trial.entry().slug(), trial.finding(), "-", "-", "-", "-", trial.proof(),
                    time) : List.of(trial.entry().slug(), trial.finding() + (repeats.suffice() ? "" : " TOO RARE"),
                    repeats.found() + " of " + repeats.seeds(), "%.1f s".formatted(repeats.slowest()),
                    Long.toString(repeats.median()), Integer.toString(repeats.switches()), trial.proof(), time);
        }
        return List.of(trial.entry().slug(), trial.finding(), failed ? Long.toString(buggy.runs()) : "-",
                failed ? Integer.toString(buggy.switches()) : "-", trial.proof(), time);
    }
}
