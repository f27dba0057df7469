package org.smp4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
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
import org.smp4j.cli.output.JUnitXml;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.output.Table;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.RaceFacts;
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
@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Explores races: the buggy variant has to be found, the fixed one to be clear.",
            "Exits with 0 if all are as they should be, 1 if not, or if it was stopped before the end, 2 if the "
            + "options make no sense.%n"})
final class RacesRunCommand implements Callable<Integer> {
    private static final int MOST_JOBS = 1024;

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

    @Option(names = "--job", hidden = true)
    private boolean job;

    /** What came of one race, for other programs. */
    private record Result(String race, String hash, String certainty, int year, int cpus, String symptom, boolean ok,
            Report buggy, Report fixed) {
        static Result of(Trial trial) {
            RaceFacts facts = trial.entry().facts();
            return new Result(facts.slug(), facts.hash(), facts.certainty().name(), facts.year(), facts.cpus(),
                    facts.symptom(), trial.found() && trial.cleared(), trial.buggy(), trial.fixed());
        }
    }

    /** A race that was explored, and how long it took. */
    private record Timed(Trial trial, double seconds) {
    }

    @Override
    public Integer call() {
        Set<Variant> variants = variants();
        ExploreOptions options = how.options(spec);
        List<GalleryEntry> entries = which.of(slugs.contains("all") ? Gallery.all()
                : slugs.stream().map(slug -> RacesCommand.find(spec, slug)).toList());
        if (jobs < 1 || jobs > MOST_JOBS) {
            throw new ParameterException(spec.commandLine(), "--jobs must be between 1 and " + MOST_JOBS + ", got "
                    + jobs);
        }
        if (entries.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no race is like that; 'smp4j races' lists them");
        }
        Main main = Main.of(spec);
        if (job) {
            explore(main, entries.getFirst(), "job", variants, options, false, (trial, seconds) -> {
                main.out().println(Json.line(trial.buggy()));
                main.out().println(Json.line(trial.fixed()));
            });
            return Main.OK;
        }
        Table table = table(entries);
        if (!json) {
            main.screen().print(table.heading());
        }
        List<Timed> all = new ArrayList<>();
        Outcome outcome = (trial, seconds) -> {
            all.add(new Timed(trial, seconds));
            if (!json) {
                main.screen().print(table.row(row(trial, seconds)));
            }
        };
        if (jobs == 1) {
            for (int i = 0; i < entries.size() && !main.stop().made(); i++) {
                explore(main, entries.get(i), "races " + (i + 1) + "/" + entries.size() + " "
                        + entries.get(i).slug(), variants, options, true, outcome);
            }
        } else {
            shareOut(main, entries, outcome);
        }
        return conclude(main, entries.size(), all);
    }

    private int conclude(Main main, int count, List<Timed> all) {
        boolean stopped = all.size() < count;
        long wrong = all.stream().filter(timed -> !isRight(timed.trial)).count();
        if (json) {
            main.out().print(Json.of(all.stream().map(timed -> Result.of(timed.trial)).toList()));
        } else {
            main.screen().print((stopped ? "stopped after " + all.size() + " of " + count + ": " : "")
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
        return wrong == 0 && !stopped ? Main.OK : Main.FAILED;
    }

    private static boolean isRight(Trial trial) {
        return trial.found() && trial.cleared();
    }

    private static JUnitXml.Case test(Timed timed) {
        Trial trial = timed.trial;
        String said = "buggy: " + trial.finding() + "; fixed: " + trial.proof();
        return new JUnitXml.Case("races", trial.entry().slug(), timed.seconds, isRight(trial) ? null : "race", said,
                said + "\n" + (trial.buggy() == null ? "" : trial.buggy().text())
                + (trial.fixed() == null ? "" : trial.fixed().text()));
    }

    /** Takes what came of a race. */
    private interface Outcome {
        void of(Trial trial, double seconds);
    }

    private void explore(Main main, GalleryEntry entry, String task, Set<Variant> variants, ExploreOptions options,
            boolean shown, Outcome outcome) {
        long start = System.nanoTime();
        Trial trial;
        try (ExploreProgress progress = new ExploreProgress(main, task, options, shown)) {
            trial = Trial.run(entry, variants, options, how.strategy, progress);
        }
        if (!main.stop().made() || trial.failed()) { // else nothing is known of it
            outcome.of(trial, (System.nanoTime() - start) / 1e9);
        }
    }

    /** Explores in several processes; the outcomes come in the order in which they are known. */
    private void shareOut(Main main, List<GalleryEntry> entries, Outcome outcome) {
        BlockingQueue<Object> results = new LinkedBlockingQueue<>();
        AtomicInteger next = new AtomicInteger();
        List<Process> processes = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < Math.min(jobs, entries.size()); i++) {
            Thread.ofPlatform().daemon().name("job").start(() -> {
                for (int mine; (mine = next.getAndIncrement()) < entries.size() && !main.stop().made(); ) {
                    results.add(inProcess(entries.get(mine), processes));
                }
            });
        }
        try (ProgressLine line = new ProgressLine(main.screen(), "races", true)) {
            for (int done = 0; done < entries.size() && !main.stop().made(); ) {
                Object result = results.poll(200, TimeUnit.MILLISECONDS);
                if (result instanceof Timed timed) {
                    outcome.of(timed.trial, timed.seconds);
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

    /** {@return the outcome of a race, or what went wrong} */
    private Object inProcess(GalleryEntry entry, List<Process> processes) {
        long start = System.nanoTime();
        List<String> command = Jobs.command(List.of("races", "run", entry.slug(), "--variant=" + variant,
                "--strategy=" + how.strategy, "--seed=" + how.seed,
                "--budget=" + how.budget.toMillis() / 1000.0 + "s"));
        command.add("--job");
        try {
            Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            processes.add(process);
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String buggy = in.readLine();
                String fixed = in.readLine();
                return fixed == null ? entry.slug() + ": a job ended without a result"
                        : new Timed(new Trial(entry, Json.report(buggy), Json.report(fixed)),
                        (System.nanoTime() - start) / 1e9);
            }
        } catch (IOException e) {
            return entry.slug() + ": " + e.getMessage();
        }
    }

    private static Table table(List<GalleryEntry> entries) {
        List<List<String>> widest = new ArrayList<>();
        for (GalleryEntry entry : entries) {
            for (String rule : entry.facts().breaks()) {
                widest.add(List.of(entry.slug(), rule, "", "", "all with at most 2 departures: 100,000", ""));
            }
        }
        return new Table(List.of("race", "buggy breaks", "in schedule", "switches", "fixed is clear in", "time"),
                widest);
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

    private static List<String> row(Trial trial, double seconds) {
        Report buggy = trial.buggy();
        boolean failed = buggy != null && !buggy.passed();
        return List.of(trial.entry().slug(), trial.finding(), failed ? Long.toString(buggy.runs()) : "-",
                failed ? Integer.toString(buggy.switches()) : "-", trial.proof(),
                "%.1f s".formatted(seconds));
    }
}
