package org.smp4j.cli.races;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.stress.RaceSource;
import org.smp4j.race.stress.TwoActors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j races jcstress}. */
@Command(name = "jcstress", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Writes a race of two CPUs as tests for jcstress, the buggy and the fixed variant: prints the "
            + "source, or writes it to a folder. To be compiled it needs smp4j and jcstress on the class path.%n"})
final class RacesJcstressCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SLUG", description = "the race")
    private String slug;

    @Option(names = {"-o", "--output"}, paramLabel = "FOLDER",
            description = "write the source to a file in this folder, in that of its package")
    private Path output;

    @Override
    public Integer call() {
        GalleryEntry entry = RacesCommand.find(spec, slug);
        String why = TwoActors.refusal(entry);
        if (why != null) {
            throw new ParameterException(spec.commandLine(), why);
        }
        String source = RaceSource.of(entry);
        if (output == null) {
            Session.of(spec).out().print(source);
            return ExitCode.OK;
        }
        Path file = output.resolve("races").resolve(RaceSource.className(slug) + ".java");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--output: cannot write " + file + ": " + e.getMessage(),
                    e);
        }
        Session.of(spec).out().println(file);
        return ExitCode.OK;
    }
}
