package org.smp4j.cli.replay;

import java.util.List;
import java.util.concurrent.Callable;
import org.smp4j.cli.explore.ExploreProgress;
import org.smp4j.cli.options.ScenarioOptions;
import org.smp4j.cli.options.ShowOptions;
import org.smp4j.cli.options.TraceOptions;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.linear.LinearReport;
import org.smp4j.linear.check.Linearizability;
import org.smp4j.race.Gallery;
import org.smp4j.selftest.Mutants;
import org.smp4j.selftest.Selftest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j replay}. */
@Command(name = "replay", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Repeats exactly the run that a token describes, and shows it.",
            "Exits with 1 if that run fails, as it did when the token was made; with 2 if the program has changed so "
            + "that the run is no longer possible. What the scenario prints is not shown.%n"})
public final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ScenarioOptions scenario;

    @Parameters(paramLabel = "TOKEN", description = "the token from a failure's report")
    private String token;

    @Option(names = "--json", description = "print the report as JSON")
    private boolean json;

    @Mixin
    private TraceOptions trace;

    @Mixin
    private ShowOptions show;

    @Override
    public Integer call() {
        show.check(spec);
        trace.check(spec, true);
        String name = Explorer.scenarioOf(token);
        if (name.contains("#")) {
            throw new ExplorerException("the token belongs to the test "
                    + (Linearizability.isProgram(name) ? Linearizability.subjectOf(name) : name)
                    + "; run that test with "
                    + "-Dsmp4j.replay=" + token);
        }
        scenario.rewrite(Explorer.librariesOf(token));
        if (Linearizability.isProgram(name)) {
            trace.mustBeOff(spec, "the operations of " + name + " run without a machine");
            return operations(name);
        }
        Program program = LoadedTower.isProgram(name) ? generated(name)
                : Mutants.all().stream().filter(mutant -> mutant.program().equals(name)).findFirst()
                .<Program>map(mutant -> Selftest.program(mutant, true)).or(() -> Gallery.program(name))
                .orElseGet(() -> scenario.program(name, Explorer.insideOf(token)));
        Report report;
        boolean written;
        try (ExploreProgress progress = new ExploreProgress(Session.of(spec), "replay",
                ExploreOptions.DEFAULT.withSchedules(1), false)) {
            report = Explorer.replay(program, token, scenario.threads(), show.form(), progress);
            spec.commandLine().getOut().print(json ? Json.of(report) : show.text(report));
            written = trace.write(spec, program, token, progress);
        }
        if (!report.passed()) {
            show.write(spec, program, token);
        }
        return !report.passed() ? ExitCode.FAILED : written ? ExitCode.OK : ExitCode.USAGE;
    }

    private int operations(String name) {
        LinearReport report;
        Linearizability.Target target = scenario.target(Linearizability.subjectOf(name),
                Linearizability.specificationOf(name));
        try (ExploreProgress progress = new ExploreProgress(Session.of(spec), "replay",
                ExploreOptions.DEFAULT.withSchedules(1), false)) {
            report = Linearizability.replay(target, token, scenario.threads(), progress);
        }
        spec.commandLine().getOut().print(json ? Json.of(report) : report.text());
        if (!report.passed()) {
            show.write(spec, Linearizability.program(target, token), token);
        }
        return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static Program generated(String name) {
        return new LoadedTower(List.of(), ReplayCommand.class.getClassLoader()).program(LoadedTower.textOf(name), null);
    }
}
