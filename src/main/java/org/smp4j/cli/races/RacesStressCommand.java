package org.smp4j.cli.races;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.smp4j.cli.job.JobProcess;
import org.smp4j.cli.output.Durations;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Variant;
import org.smp4j.race.stress.Stress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The command {@code smp4j races stress}. Another process runs the scenario, so that a run whose threads can't be ended
 * costs that process only.
 */
@Command(name = "stress", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Runs a race's scenario free, on threads that are pinned to cores, and counts how often it "
            + "shows: by its own check, a warning of the kernel, an exception, or a run that does not end. The oracles "
            + "of exploring do not watch.",
            "Exits with 0, whether it shows or not; 1 if the fixed variant shows anything, or if it was stopped before "
            + "a run had ended; 2 if the options make no sense.%n"})
final class RacesStressCommand implements Callable<Integer> {
    private static final String SHOWN = "shown ";
    private static final String RUNS = "runs ";
    private static final String STUCK = "stuck";
    private static final long PERIOD_NANOS = 100_000_000;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SLUG", description = "the race")
    private String slug;

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "10s", converter = Durations.class,
            description = "for how long, as 10s or 2m (10s)")
    private Duration duration;

    @Option(names = "--patience", paramLabel = "TIME", defaultValue = "10s", converter = Durations.class,
            description = "after what time a run counts as one that does not end (10s)")
    private Duration patience;

    @Option(names = "--variant", paramLabel = "buggy|fixed", defaultValue = "buggy",
            description = "which variant (buggy)")
    private String variant;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "of the delays with which the threads of each run begin (1)")
    private long seed;

    @Option(names = "--job", hidden = true)
    private boolean job;

    @Override
    public Integer call() {
        GalleryEntry entry = RacesCommand.find(spec, slug);
        Variant which = switch (variant) {
            case "buggy" -> Variant.BUGGY;
            case "fixed" -> Variant.FIXED;
            default -> throw new ParameterException(spec.commandLine(),
                    "--variant must be buggy or fixed, got " + variant);
        };
        if (job) {
            serve(entry, which);
            return ExitCode.OK;
        }
        Session session = Session.of(spec);
        long start = System.nanoTime();
        Stress.Counts counts = new Stress.Counts(0, Map.of(), false);
        try (ProgressLine line = new ProgressLine(session.screen(), "stress " + slug, true)) {
            for (long left; !session.stop().made() && (left = duration.toNanos() - (System.nanoTime() - start)) > 0; ) {
                Stress.Counts more = inProcess(session, Duration.ofNanos(left), counts, line);
                if (more.runs() == 0 && !session.stop().made()) {
                    break; // it ended before a run had
                }
                counts = counts.and(more);
            }
        }
        return conclude(session.out(), counts, which);
    }

    private int conclude(PrintWriter out, Stress.Counts counts, Variant which) {
        String what = slug + "/" + which;
        if (counts.runs() == 0) {
            out.println(what + ": no run has ended; nothing is known");
            return ExitCode.FAILED;
        }
        String times = counts.runs() + (counts.runs() == 1 ? " run" : " runs") + " on pinned threads";
        if (counts.all() == 0) {
            out.println(what + ": never showed in " + times + ", which proves nothing");
            return ExitCode.OK;
        }
        out.println(what + ": showed in " + counts.all() + " of " + times);
        new TreeMap<>(counts.shown()).forEach((rule, count) -> out.println("    " + count + "  " + rule));
        return which == Variant.FIXED ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Counts in another process; {@return what it has seen until its end} */
    private Stress.Counts inProcess(Session session, Duration left, Stress.Counts before, ProgressLine line) {
        List<String> command = JobProcess.command(List.of("races", "stress", slug, "--variant=" + variant,
                "--duration=" + seconds(left), "--patience=" + seconds(patience), "--seed=" + (seed + before.runs())));
        command.add("--job");
        Process process = null;
        long runs = 0;
        Map<String, Long> shown = new TreeMap<>();
        try {
            process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader in = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String text; !session.stop().made() && (text = in.readLine()) != null; ) {
                    if (text.startsWith(RUNS)) {
                        runs = Long.parseLong(text.substring(RUNS.length()));
                    } else if (text.startsWith(SHOWN)) {
                        String[] parts = text.split(" ", 3);
                        shown.put(parts[2], Long.parseLong(parts[1]));
                    }
                    if (line.due()) {
                        line.draw(before.runs() + runs, 0, " runs", "showed in " + (before.all()
                                + shown.values().stream().mapToLong(Long::longValue).sum()));
                    }
                }
            }
        } catch (IOException e) {
            throw new ExplorerException("a job can't be run: " + e.getMessage(), e);
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
        }
        return new Stress.Counts(runs, shown, false);
    }

    private static String seconds(Duration time) {
        return Math.max(1, time.toMillis()) / 1000.0 + "s";
    }

    /** The main loop of the other process; it ends as soon as threads of a run can't be ended. */
    private void serve(GalleryEntry entry, Variant which) {
        PrintWriter out = Session.of(spec).out();
        Stress stress = new Stress(entry, which, patience);
        long[] told = {System.nanoTime()};
        Stress.Counts counts = stress.run(duration, seed, () -> {
            long now = System.nanoTime();
            if (now - told[0] > PERIOD_NANOS) {
                told[0] = now;
                tell(out, stress.counts());
            }
            return !Session.of(spec).stop().made();
        });
        tell(out, counts);
        if (counts.stuck()) {
            out.println(STUCK);
            out.flush();
            Runtime.getRuntime().halt(ExitCode.OK); // its threads take no interrupt
        }
    }

    private static void tell(PrintWriter out, Stress.Counts counts) {
        counts.shown().forEach((rule, count) -> out.println(SHOWN + count + " " + rule));
        out.println(RUNS + counts.runs());
        out.flush();
    }
}
