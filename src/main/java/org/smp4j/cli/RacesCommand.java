package org.smp4j.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Timeouts;
import org.smp4j.race.Certainty;
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

/** The command {@code smp4j races}. */
@Command(name = "races", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        usageHelpAutoWidth = true, subcommands = {RacesCommand.Show.class, RacesCommand.Run.class},
        description = {"Lists races that the Linux kernel had: slug, year, hash of the fix, CPUs, symptom.",
            "A hash with a question mark is from memory, one with a dot was seen with its title only.%n"})
final class RacesCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Options that say how to explore. */
    static final class How {
        @Option(names = "--strategy", paramLabel = "NAME", defaultValue = Trial.OWN,
                description = "portfolio, random, pct, pos, surw, dpor, bound2...; own: portfolio for buggy variants, "
                        + "a search of all for fixed ones (own)")
        private String strategy;

        @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "what strategies draw from (1)")
        private long seed;

        @Option(names = "--budget", paramLabel = "TIME", defaultValue = "10m", converter = Durations.class,
                description = "how long at most for each variant, as 10s or 2m (10m)")
        private Duration budget;

        @Option(names = "--timeouts", paramLabel = "WHICH", defaultValue = "short",
                description = "timeouts that may fire before nothing else can happen: never, short, any (short)")
        private Timeouts timeouts;

        private ExploreOptions options(CommandSpec spec) {
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
        List<List<String>> rows = new ArrayList<>();
        for (GalleryEntry entry : Gallery.all()) {
            RaceFacts facts = entry.facts();
            rows.add(List.of(facts.slug(), Integer.toString(facts.year()), hash(facts), Integer.toString(facts.cpus()),
                    facts.symptom()));
        }
        Table table = new Table(List.of("race", "year", "fixed by", "CPUs", "symptom"), rows);
        PrintWriter out = spec.commandLine().getOut();
        out.println(table.heading());
        rows.forEach(row -> out.println(table.row(row)));
        return Main.OK;
    }

    private static String hash(RaceFacts facts) {
        return facts.hash() + switch (facts.certainty()) {
            case VERIFIED -> "";
            case TITLE_ONLY -> ".";
            case MEMORY -> "?";
            case OWN -> "(our own)";
        };
    }

    private static String fix(RaceFacts facts) {
        String known = switch (facts.certainty()) {
            case VERIFIED -> "the hash is verified";
            case TITLE_ONLY -> "the hash is known with its title only";
            case MEMORY -> "the hash is from memory";
            case OWN -> "not a race of the kernel";
        };
        String by = facts.certainty() == Certainty.OWN ? "smp4j itself" : hash(facts);
        return "fixed in " + facts.year() + " by " + by + " (\"" + facts.title() + "\"; " + known + ")";
    }

    private static GalleryEntry find(CommandSpec spec, String slug) {
        return Gallery.find(slug).orElseThrow(
                () -> new ParameterException(spec.commandLine(), "there is no race " + slug + "; 'smp4j races' lists "
                + "them"));
    }

    /** What came of one race, for other programs. */
    private record Result(String race, String hash, String certainty, int year, int cpus, String symptom, boolean ok,
            Report buggy, Report fixed) {
        static Result of(Trial trial) {
            RaceFacts facts = trial.entry().facts();
            return new Result(facts.slug(), facts.hash(), facts.certainty().name(), facts.year(), facts.cpus(),
                    facts.symptom(), trial.found() && trial.cleared(), trial.buggy(), trial.fixed());
        }
    }

    /** The command {@code smp4j races show}. */
    @Command(name = "show", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
            usageHelpAutoWidth = true, sortOptions = false,
            description = "Explains a race, and finds it: prints the interleaving, made as small as possible, in "
            + "columns.%n")
    static final class Show implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "SLUG", description = "the race")
        private String slug;

        @Mixin
        private How how;

        @Override
        public Integer call() {
            GalleryEntry entry = find(spec, slug);
            RaceFacts facts = entry.facts();
            ExploreOptions options = how.options(spec);
            PrintWriter out = spec.commandLine().getOut();
            out.println(facts.slug() + ": " + facts.symptom());
            out.println(fix(facts));
            out.println(facts.cpus() + " CPUs; breaks the rule: " + String.join(", or: ", facts.breaks()));
            out.println();
            out.println(facts.story().strip());
            out.println();
            out.println("the buggy variant differs in this: " + entry.race().bug());
            out.println();
            out.flush();
            Trial trial;
            try (ExploreProgress progress = new ExploreProgress(Main.of(spec), facts.slug(), options, true)) {
                trial = Trial.run(entry, EnumSet.of(Variant.BUGGY), options, how.strategy, progress);
            }
            out.print(trial.buggy().text());
            return trial.found() ? Main.OK : Main.FAILED;
        }
    }

    /** The command {@code smp4j races run}. */
    @Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
            usageHelpAutoWidth = true, sortOptions = false,
            description = {"Explores races: the buggy variant has to be found, the fixed one to be clear.",
                "Exits with 0 if all are as they should be, 1 if not, or if it was stopped before the end, 2 if the "
                + "options make no sense. Times go to "
                + "standard error.%n"})
    static final class Run implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "SLUG|all", arity = "1..*", description = "the races")
        private List<String> slugs;

        @Option(names = "--variant", paramLabel = "buggy|fixed|both", defaultValue = "both",
                description = "which variants (both)")
        private String variant;

        @Mixin
        private How how;

        @Option(names = "--json", description = "prints JSON instead of a table")
        private boolean json;

        @Override
        public Integer call() {
            Set<Variant> variants = variants();
            ExploreOptions options = how.options(spec);
            List<GalleryEntry> entries = slugs.contains("all") ? Gallery.all()
                    : slugs.stream().map(slug -> find(spec, slug)).toList();
            Main main = Main.of(spec);
            Table table = table(entries);
            if (!json) {
                main.screen().print(table.heading());
            }
            List<Trial> trials = new ArrayList<>();
            for (int i = 0; i < entries.size() && !main.stop().made(); i++) {
                GalleryEntry entry = entries.get(i);
                long start = System.nanoTime();
                Trial trial;
                try (ExploreProgress progress = new ExploreProgress(main, "races " + (i + 1) + "/" + entries.size()
                        + " " + entry.slug(), options, true)) {
                    trial = Trial.run(entry, variants, options, how.strategy, progress);
                }
                if (!main.stop().made() || trial.failed()) { // else nothing is known of it
                    trials.add(trial);
                    main.screen().remark("%s: %.1f s".formatted(entry.slug(), (System.nanoTime() - start) / 1e9));
                    if (!json) {
                        main.screen().print(table.row(row(trial)));
                    }
                }
            }
            boolean stopped = trials.size() < entries.size();
            long wrong = trials.stream().filter(trial -> !trial.found() || !trial.cleared()).count();
            if (json) {
                spec.commandLine().getOut().print(Json.of(trials.stream().map(Result::of).toList()));
            } else {
                main.screen().print((stopped ? "stopped after " + trials.size() + " of " + entries.size() + ": " : "")
                        + (wrong > 0 ? wrong + " of " + trials.size() + " NOT as they should be" : trials.isEmpty()
                        ? "nothing is known"
                        : "all " + trials.size() + " as they should be"));
            }
            return wrong == 0 && !stopped ? Main.OK : Main.FAILED;
        }

        private static Table table(List<GalleryEntry> entries) {
            List<List<String>> widest = new ArrayList<>();
            for (GalleryEntry entry : entries) {
                for (String rule : entry.facts().breaks()) {
                    widest.add(List.of(entry.slug(), rule, "", "", ""));
                }
            }
            return new Table(List.of("race", "buggy breaks", "in schedule", "switches", "fixed is clear in"), widest);
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

        private static List<String> row(Trial trial) {
            Report buggy = trial.buggy();
            boolean failed = buggy != null && !buggy.passed();
            return List.of(trial.entry().slug(), trial.finding(), failed ? Long.toString(buggy.runs()) : "-",
                    failed ? Integer.toString(buggy.switches()) : "-", trial.proof());
        }
    }
}
