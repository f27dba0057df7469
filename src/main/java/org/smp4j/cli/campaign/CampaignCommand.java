package org.smp4j.cli.campaign;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.smp4j.campaign.CampaignReport;
import org.smp4j.campaign.CampaignReports;
import org.smp4j.campaign.Launcher;
import org.smp4j.campaign.Manifest;
import org.smp4j.campaign.Merge;
import org.smp4j.campaign.Shard;
import org.smp4j.cli.output.JUnitXml;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j campaign}. */
@Command(name = "campaign", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true,
        description = {"Cuts work into shards that many processes or machines run, and merges their results.",
            "plan writes a manifest; launch runs its shards or writes a script for Slurm, Kubernetes or GNU parallel; "
            + "status tells what is missing; merge writes one report, which does not depend on the number of "
            + "shards.%n"})
public final class CampaignCommand implements Runnable {
    /** The commands below this one. */
    public static final List<Class<?>> PARTS = List.of(CampaignPlan.class, RunShard.class, Launch.class, Status.class,
            MergeShards.class);

    static final String MANIFEST = "manifest.json";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a subcommand is missing");
    }

    /** A manifest and the file that it is from. */
    record Plan(Path file, Manifest manifest) {
        /** Reads the manifest of a file or a folder. */
        static Plan read(CommandSpec spec, Path given) {
            Path file = Files.isDirectory(given) ? given.resolve(MANIFEST) : given;
            if (!Files.exists(file)) {
                throw new ParameterException(spec.commandLine(), "there is no manifest " + file
                        + "; 'smp4j campaign plan " + file + "' writes one");
            }
            try {
                return new Plan(file.toAbsolutePath(), Manifest.read(file));
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), file + " is no manifest: " + e.getMessage(), e);
            }
        }

        Path folder() {
            return file.getParent();
        }
    }

    /** The campaign that a subcommand is about. */
    static final class Given {
        @Parameters(paramLabel = "DIR", arity = "0..1", defaultValue = MANIFEST,
                description = "the manifest, or its folder (" + MANIFEST + ")")
        private Path file;

        Plan read(CommandSpec spec) {
            return Plan.read(spec, file);
        }
    }

    /** The command {@code smp4j campaign run-shard}. */
    @Command(name = "run-shard", mixinStandardHelpOptions = true, versionProvider = Version.class,
            usageHelpAutoWidth = true, sortOptions = false,
            description = {"Runs one shard and writes shard-N.json beside the manifest.",
                "A shard that was killed leaves no file and can be run again; a whole file is kept. Exits with 0 when "
                + "the file is there, whatever was found; with 1 if it was stopped; with 2 if it can't be run.%n"})
    static final class RunShard implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "N", description = "the shard, from 0")
        private int shard;

        @Option(names = "--manifest", paramLabel = "FILE", defaultValue = MANIFEST,
                description = "the manifest (" + MANIFEST + ")")
        private Path given;

        @Option(names = "--again", description = "run the shard even if its file is there")
        private boolean again;

        @Override
        public Integer call() throws IOException {
            Session session = Session.of(spec);
            Plan plan = Plan.read(spec, given);
            Manifest manifest = plan.manifest();
            if (shard < 0 || shard >= manifest.shards()) {
                throw new ParameterException(spec.commandLine(), "the campaign has the shards 0 to "
                        + (manifest.shards() - 1) + ", got " + shard);
            }
            if (!again && isThere(plan)) {
                session.screen().remark("smp4j campaign: shard " + shard + " was run already");
                return ExitCode.OK;
            }
            String difference = manifest.difference(plan.folder());
            if (difference != null) {
                throw new ParameterException(spec.commandLine(), difference);
            }
            try (CampaignProgress progress = new CampaignProgress(session, plan.folder(), "shard " + shard)) {
                Shard done = Shard.run(manifest, shard, progress, progress);
                if (done == null) {
                    session.screen().remark("smp4j campaign: shard " + shard + " was stopped; nothing was written");
                    return ExitCode.FAILED;
                }
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "the result can't be written: "
                        + OutputFiles.what(e), e);
            }
            return ExitCode.OK;
        }

        private boolean isThere(Plan plan) {
            try {
                Shard.read(plan.folder(), plan.manifest(), shard);
                return true;
            } catch (IOException e) {
                return false;
            }
        }
    }

    /** The command {@code smp4j campaign launch}. */
    @Command(name = "launch", mixinStandardHelpOptions = true, versionProvider = Version.class,
            usageHelpAutoWidth = true, sortOptions = false,
            description = {"Runs all shards that are missing on this machine, or writes a script that runs them.",
                "The engines: local runs them now, in --jobs processes; slurm, k8s and parallel write a script to "
                + "standard output, for sbatch, kubectl apply -f - and sh.%n"})
    static final class Launch implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Given given;

        @Option(names = "--engine", paramLabel = "NAME", defaultValue = "local",
                description = "local, slurm, k8s or parallel (local)")
        private String engine;

        @Option(names = "--jobs", paramLabel = "N", description = "processes at a time, for local (the cores)")
        private int jobs = Runtime.getRuntime().availableProcessors();

        @Option(names = "--command", paramLabel = "COMMAND", defaultValue = "smp4j",
                description = "the command that starts smp4j on the other machines (smp4j)")
        private String command;

        @Override
        public Integer call() {
            Plan plan = given.read(spec);
            if (engine.equals("local")) {
                if (jobs < 1 || jobs > 1024) {
                    throw new ParameterException(spec.commandLine(), "--jobs must be between 1 and 1024, got " + jobs);
                }
                return new LocalShards(Session.of(spec), plan, jobs).run();
            }
            PrintWriter out = spec.commandLine().getOut();
            out.print(launcher().script(plan.manifest(), command, plan.file()));
            out.flush();
            return ExitCode.OK;
        }

        private Launcher launcher() {
            try {
                return Launcher.valueOf(engine.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(),
                        "--engine must be local, slurm, k8s or parallel, got " + engine, e);
            }
        }
    }

    /** The command {@code smp4j campaign status}. */
    @Command(name = "status", mixinStandardHelpOptions = true, versionProvider = Version.class,
            usageHelpAutoWidth = true,
            description = "Tells how many shards have ended, how fast, and which are missing. Exits with 0 if none "
            + "is.%n")
    static final class Status implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Given given;

        @Override
        public Integer call() throws IOException {
            Plan plan = given.read(spec);
            Merge merge = Merge.of(plan.folder(), plan.manifest());
            PrintWriter out = spec.commandLine().getOut();
            out.println("campaign " + plan.manifest().name() + ": " + merge.done() + " of " + plan.manifest().shards()
                    + " shards, " + merge.unexpected() + " units not as expected" + (merge.shardsPerHour() == 0 ? ""
                    : String.format(Locale.ROOT, ", %.0f shards per hour", merge.shardsPerHour())));
            missing(merge).forEach(out::println);
            out.flush();
            return merge.missing().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** {@return a line for each file that can't be used, and one with the numbers of all missing shards} */
    private static List<String> missing(Merge merge) {
        List<String> lines = new ArrayList<>();
        StringBuilder numbers = new StringBuilder();
        List<Merge.Missing> missing = merge.missing();
        for (int i = 0; i < missing.size(); i++) {
            if (missing.get(i).why() != null) {
                lines.add("shard " + missing.get(i).shard() + " can't be used: " + missing.get(i).why());
            }
            int last = i;
            while (last + 1 < missing.size() && missing.get(last + 1).shard() == missing.get(last).shard() + 1
                    && missing.get(last + 1).why() == null) {
                last++;
            }
            numbers.append(numbers.isEmpty() ? "" : ",").append(missing.get(i).shard());
            if (last > i) {
                numbers.append('-').append(missing.get(last).shard());
            }
            i = last;
        }
        if (!numbers.isEmpty()) {
            lines.add("to be run: " + numbers);
        }
        return lines;
    }

    /** The command {@code smp4j campaign merge}. */
    @Command(name = "merge", mixinStandardHelpOptions = true, versionProvider = Version.class,
            usageHelpAutoWidth = true, sortOptions = false,
            description = {"Checks that each unit was run exactly once, and prints one report.",
                "Writes it too as report.txt, report.json, report.xml (JUnit) and report.html beside the manifest. "
                + "Exits with 0 if all is as expected, 1 if not, 2 if shards are missing.%n"})
    static final class MergeShards implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private Given given;

        @Option(names = "--to", paramLabel = "DIR", description = "folder for the report (that of the manifest)")
        private Path to;

        @Override
        public Integer call() throws IOException {
            Plan plan = given.read(spec);
            Merge merge = Merge.of(plan.folder(), plan.manifest());
            if (!merge.missing().isEmpty()) {
                throw new ParameterException(spec.commandLine(), merge.missing().size() + " of "
                        + plan.manifest().shards() + " shards are missing; " + String.join("; ", missing(merge)));
            }
            CampaignReport report = merge.report();
            PrintWriter out = spec.commandLine().getOut();
            out.print(report.text());
            out.flush();
            Path folder = to == null ? plan.folder() : to;
            try {
                CampaignReports.write(report, plan.folder(), folder);
                JUnitXml.write("smp4j campaign " + report.name(), cases(report), folder.resolve("report.xml"));
            } catch (IOException e) {
                Session.of(spec).screen().remark("smp4j campaign: the report could not be written: "
                        + OutputFiles.what(e));
                return ExitCode.USAGE;
            }
            return report.passed() ? ExitCode.OK : ExitCode.FAILED;
        }

        private static List<JUnitXml.Case> cases(CampaignReport report) {
            List<JUnitXml.Case> cases = new ArrayList<>();
            for (CampaignReport.OfWork work : report.works()) {
                boolean passed = work.asExpected() == work.units();
                cases.add(new JUnitXml.Case("smp4j.campaign." + report.name(), work.title(), 0,
                        passed ? null : "units", work.asExpected() + " of " + work.units() + " units as expected",
                        CampaignReports.text(report, work)));
            }
            return cases;
        }
    }
}
