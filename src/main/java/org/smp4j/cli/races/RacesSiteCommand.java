package org.smp4j.cli.races;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.smp4j.cli.explore.ExploreProgress;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.page.RaceSite;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Trial;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j races site}. */
@Command(name = "site", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Writes the gallery as a site: an index, and a page for each race to step through its shortest "
            + "failing run. The pages need no network and no server.",
            "Exits with 0 if every race was found, 1 if not, or if it was stopped before the end, 2 if the options "
            + "make no sense or a file can't be written.%n"})
final class RacesSiteCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "the folder; it is made if there is none, and files of the same "
            + "names are replaced")
    private Path folder;

    @Mixin
    private RacesCommand.Which which;

    @Mixin
    private RacesCommand.How how;

    @Override
    public Integer call() {
        ExploreOptions options = how.options(spec);
        List<GalleryEntry> entries = which.of(Gallery.all());
        if (entries.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no race is like that; 'smp4j races' lists them");
        }
        try {
            for (GalleryEntry entry : entries) {
                OutputFiles.check(folder.resolve(entry.slug() + ".html"));
            }
            OutputFiles.check(folder.resolve(RaceSite.INDEX));
            return write(entries, options);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "can't write " + OutputFiles.what(e), e);
        }
    }

    private int write(List<GalleryEntry> entries, ExploreOptions options) throws IOException {
        Session session = Session.of(spec);
        RaceSite site = new RaceSite(folder);
        try {
            for (int i = 0; i < entries.size() && !session.stop().made(); i++) {
                String task = "races " + (i + 1) + "/" + entries.size() + " " + entries.get(i).slug();
                try (ExploreProgress progress = new ExploreProgress(session, task, options, true)) {
                    Trial trial = site.add(entries.get(i), options, how.strategy, progress);
                    if (!trial.found() && !session.stop().made()) {
                        session.screen().remark(entries.get(i).slug() + ": " + trial.finding());
                    }
                }
            }
        } finally { // what was found is not lost
            site.writeIndex(entries.size() - site.trials().size());
        }
        long found = site.trials().stream().filter(Trial::found).count();
        session.screen().print(site.trials().size() + " of " + entries.size() + " races, " + found + " of them found: "
                + folder.resolve(RaceSite.INDEX).toAbsolutePath());
        return found == entries.size() ? ExitCode.OK : ExitCode.FAILED;
    }
}
