package org.smp4j.cli.races;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.smp4j.cli.explore.ExploreProgress;
import org.smp4j.cli.options.ShowOptions;
import org.smp4j.cli.options.TraceOptions;
import org.smp4j.cli.output.Durations;
import org.smp4j.cli.output.Table;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.MemoryModel;
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

/** The command {@code smp4j races}. */
@Command(name = "races", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description = {"Lists races that the Linux kernel had: slug, floor, year, hash of the fix, CPUs, memory model, "
            + "symptom.",
            "A hash with a question mark is from memory, one with a dot was seen with its title only.%n"})
public final class RacesCommand implements Callable<Integer> {
    /** The commands below this one. */
    public static final List<Class<?>> PARTS = List.of(Show.class, RacesRunCommand.class, RacesSiteCommand.class,
            RacesStressCommand.class, RacesJcstressCommand.class);

    @Spec
    private CommandSpec spec;

    @Mixin
    private Which which;

    /** Options that say which races. */
    static final class Which {
        @Option(names = "--floor", paramLabel = "NAME", description = "only races of a floor: call, irqwork, stop...")
        private String floor;

        @Option(names = "--symptom", paramLabel = "TEXT",
                description = "only races with a text in their symptom or in the rule that they break")
        private String symptom;

        @Option(names = "--model", paramLabel = "NAME",
                description = "only races that show in a memory model, and in none stronger: ${COMPLETION-CANDIDATES}")
        private MemoryModel model;

        List<GalleryEntry> of(List<GalleryEntry> entries) {
            return entries.stream().filter(entry -> floor == null || entry.floor().equalsIgnoreCase(floor))
                    .filter(entry -> model == null || entry.facts().model() == model)
                    .filter(entry -> symptom == null || contains(entry.facts())).toList();
        }

        private boolean contains(RaceFacts facts) {
            String text = facts.symptom() + "\n" + String.join("\n", facts.breaks());
            return text.toLowerCase(Locale.ROOT).contains(symptom.toLowerCase(Locale.ROOT));
        }
    }

    /** Options that say how to explore. */
    static final class How {
        @Option(names = "--strategy", paramLabel = "NAME", defaultValue = Trial.OWN,
                description = "portfolio, random, pct, pos, surw, dpor, bound2...; own: portfolio for buggy variants, "
                        + "a search of all for fixed ones (own)")
        String strategy;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "what strategies draw from (1)")
        long seed;

        @Option(names = "--budget", paramLabel = "TIME", defaultValue = "1m", converter = Durations.class,
                description = "how long at most for each variant and each seed, as 10s or 2m (1m)")
        Duration budget;

        @Option(names = "--timeouts", paramLabel = "WHICH", defaultValue = "short",
                description = "timeouts that may fire before nothing else can happen: never, short, any (short)")
        Timeouts timeouts;

        ExploreOptions options(CommandSpec spec) {
            ExploreOptions options = ExploreOptions.DEFAULT.withSeed(seed).withSchedules(Long.MAX_VALUE / 2)
                    .withBudget(budget.toNanos()).withLeeway(new Leeway(timeouts, false, false));
            try {
                return strategy.equals(Trial.OWN) ? options : options.withStrategy(strategy);
            } catch (ExplorerException e) {
                throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
            }
        }
    }

    @Override
    public Integer call() {
        list(which.of(Gallery.all()), spec.commandLine().getOut());
        return ExitCode.OK;
    }

    /** Prints a table of races. */
    public static void list(List<GalleryEntry> entries, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        for (GalleryEntry entry : entries) {
            RaceFacts facts = entry.facts();
            rows.add(List.of(facts.slug(), entry.floor(), Integer.toString(facts.year()), entry.hash(),
                    Integer.toString(facts.cpus()), facts.model().name(), facts.symptom()));
        }
        Table table = new Table(List.of("race", "floor", "year", "fixed by", "CPUs", "model", "symptom"), rows);
        out.println(table.heading());
        rows.forEach(row -> out.println(table.row(row)));
    }

    static GalleryEntry find(CommandSpec spec, String slug) {
        return Gallery.find(slug).orElseThrow(
                () -> new ParameterException(spec.commandLine(), "there is no race " + slug + "; 'smp4j races' lists "
                + "them"));
    }

    /** The command {@code smp4j races show}. */
    @Command(name = "show", mixinStandardHelpOptions = true, versionProvider = Version.class,
            usageHelpAutoWidth = true, sortOptions = false,
            description = "Explains a race, and finds it: prints the interleaving, made as small as possible, as a "
            + "story.%n")
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "SLUG", description = "the race")
        private String slug;

        @Mixin
        private How how;

        @Mixin
        private TraceOptions trace;

        @Mixin
        private ShowOptions show;

        @Override
        public Integer call() {
            show.check(spec);
            trace.check(spec, true);
            GalleryEntry entry = find(spec, slug);
            RaceFacts facts = entry.facts();
            ExploreOptions options = how.options(spec).withForm(show.form());
            PrintWriter out = spec.commandLine().getOut();
            out.println(show.text(facts.slug() + ": " + facts.symptom()));
            out.println(show.text(entry.fix()));
            String cpus = facts.cpus() + (facts.cpus() == 1 ? " CPU" : " CPUs");
            out.println(show.text("floor " + entry.floor() + ", " + cpus
                    + ", memory model " + facts.model() + "; breaks the rule: "
                    + String.join(", or: ", facts.breaks())));
            out.println();
            facts.story().strip().lines().forEach(line -> out.println(show.text(line)));
            out.println();
            out.println(show.text("the buggy variant differs in this: " + entry.race().bug()));
            out.println();
            out.flush();
            Trial trial;
            try (ExploreProgress progress = new ExploreProgress(Session.of(spec), facts.slug(), options, true)) {
                trial = Trial.run(entry, EnumSet.of(Variant.BUGGY), options, how.strategy, progress);
            }
            out.print(show.text(trial.buggy()));
            out.flush();
            show.write(spec, entry.program(Variant.BUGGY), trial.buggy());
            boolean written;
            try (ExploreProgress progress = new ExploreProgress(Session.of(spec), facts.slug(), options, false)) {
                written = trace.write(spec, entry.program(Variant.BUGGY), trial.buggy().token(), progress);
            }
            return !trial.found() ? ExitCode.FAILED : written ? ExitCode.OK : ExitCode.USAGE;
        }
    }
}
