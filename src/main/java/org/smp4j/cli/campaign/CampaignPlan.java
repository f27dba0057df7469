package org.smp4j.cli.campaign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.smp4j.campaign.Manifest;
import org.smp4j.campaign.work.ExploreWork;
import org.smp4j.campaign.work.FuzzWork;
import org.smp4j.campaign.work.JcstressWork;
import org.smp4j.campaign.work.RaceWork;
import org.smp4j.campaign.work.TortureWork;
import org.smp4j.campaign.work.Work;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Trial;
import org.smp4j.race.Variant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j campaign plan}. */
@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Writes the manifest of a campaign: what to run, with which seeds, in how many shards.",
            "Each of --explore, --race, --fuzz, --torture and --jcstress is a work with --seeds units; --add keeps "
            + "the works that the manifest has, so that works can differ in their other options.%n"})
final class CampaignPlan implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "0..1", defaultValue = CampaignCommand.MANIFEST,
            description = "the manifest (" + CampaignCommand.MANIFEST + "); results lie beside it")
    private Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "name of the campaign (that of the folder)")
    private String name;

    @Option(names = "--shards", paramLabel = "N", description = "number of shards (that of the cores)")
    private Integer shards;

    @Option(names = "--explore", paramLabel = "CLASS", description = "a scenario to explore")
    private List<String> scenarios = List.of();

    @Option(names = {"--classpath", "-cp"}, paramLabel = "PATH",
            description = "folders and jars with the scenarios' classes")
    private String classpath = "";

    @Option(names = "--race", paramLabel = "SLUG|all", description = "a race of the gallery, both variants")
    private List<String> races = List.of();

    @Option(names = "--fuzz", paramLabel = "FLOOR", description = "programs for the kernel: call, sched, stop, "
            + "hotplug or all")
    private List<String> floors = List.of();

    @Option(names = "--misuse", description = "the programs of --fuzz are illegal ones")
    private boolean misuse;

    @Option(names = "--torture", paramLabel = "PARAMETERS",
            description = "torture on real threads, as 'cpus=4 nthreads=4'")
    private List<String> mixes = List.of();

    @Option(names = "--jcstress", paramLabel = "COMMAND",
            description = "a command that runs jcstress and leaves jcstress.json in its folder; gets -t TESTS")
    private String jcstress;

    @Option(names = "--tests", paramLabel = "REGEX", description = "tests for jcstress")
    private List<String> tests = List.of(".*");

    @Option(names = "--strategy", paramLabel = "NAME",
            description = "strategy of --explore and --race (portfolio; own for races)")
    private String strategy;

    @Option(names = "--memory", paramLabel = "MODEL", description = "memory model of --explore: sc, java or tso (sc)")
    private MemoryModel memory = MemoryModel.SC;

    @Option(names = "--seed", paramLabel = "N", description = "the first seed (1)")
    private long seed = 1;

    @Option(names = "--seeds", paramLabel = "N", description = "how many seeds, each a unit (1)")
    private int seeds = 1;

    @Option(names = "--schedules", paramLabel = "N", description = "most schedules of a unit (10000)")
    private long schedules = ExploreOptions.DEFAULT.schedules();

    @Option(names = "--programs", paramLabel = "N", description = "programs of a unit of --fuzz (100)")
    private long programs = 100;

    @Option(names = "--seconds", paramLabel = "N", description = "seconds of a unit of --torture (10)")
    private int seconds = 10;

    @Option(names = "--add", description = "add to the works of the manifest")
    private boolean add;

    @Override
    public Integer call() {
        Path folder = file.toAbsolutePath().getParent();
        List<Work> works = new ArrayList<>();
        Manifest before = add && Files.exists(file) ? CampaignCommand.Plan.read(spec, file).manifest() : null;
        if (before != null) {
            works.addAll(before.works());
        }
        try {
            add(works);
            String called = name != null ? name : before != null ? before.name() : nameOf(folder);
            if (!called.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")) {
                throw new IllegalArgumentException("--name must be letters, digits, '.', '_' and '-', got " + called);
            }
            long units = works.stream().mapToLong(Work::seeds).sum();
            int count = shards != null ? shards : before != null ? before.shards()
                    : (int) Math.max(1, Math.min(units, Runtime.getRuntime().availableProcessors()));
            Manifest manifest = Manifest.plan(called, Version.number(), count, works, folder);
            OutputFiles.check(file);
            manifest.write(file);
            Session.of(spec).screen().print("campaign " + called + ": " + manifest.units() + " units of " + works.size()
                    + (works.size() == 1 ? " work" : " works") + " in " + count
                    + (count == 1 ? " shard" : " shards") + "; " + file);
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "can't plan: " + OutputFiles.what(e), e);
        }
    }

    private static String nameOf(Path folder) {
        return folder.getFileName() == null ? "campaign" : folder.getFileName().toString();
    }

    private void add(List<Work> works) {
        List<String> path = Arrays.stream(classpath.split(":")).filter(entry -> !entry.isEmpty()).toList();
        for (String scenario : scenarios) {
            works.add(new ExploreWork(scenario, path,
                    strategy == null ? ExploreOptions.DEFAULT.strategy() : strategy, memory, seed, seeds, schedules));
        }
        List<String> slugs = races.contains("all") ? Gallery.all().stream().map(GalleryEntry::slug).toList() : races;
        for (String slug : slugs) {
            String own = strategy == null ? Trial.OWN : strategy;
            works.add(new RaceWork(slug, Variant.BUGGY, own, seed, seeds, schedules));
            works.add(new RaceWork(slug, Variant.FIXED, own, seed, strategy == null ? 1 : seeds, schedules));
        }
        floors.forEach(floor -> works.add(
                new FuzzWork(floor.toLowerCase(Locale.ROOT), misuse, seed, seeds, programs, 0)));
        mixes.forEach(mix -> works.add(torture(mix)));
        if (jcstress != null) {
            List<String> command = List.of(jcstress.strip().split(" +"));
            tests.forEach(regex -> works.add(new JcstressWork(command, regex, seed, seeds)));
        }
    }

    private TortureWork torture(String mix) {
        int cpus = 4;
        List<String> parameters = new ArrayList<>();
        for (String parameter : mix.strip().split(" +")) {
            if (parameter.startsWith("cpus=")) {
                try {
                    cpus = Integer.parseInt(parameter.substring("cpus=".length()));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("cpus must be a number, got " + parameter, e);
                }
            } else if (!parameter.isEmpty()) {
                parameters.add(parameter);
            }
        }
        return new TortureWork(cpus, parameters, seconds, seed, seeds);
    }
}
