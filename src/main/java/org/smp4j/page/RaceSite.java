package org.smp4j.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.Trial;
import org.smp4j.race.Variant;

/** The gallery as a site: an index, and a page for each race with its shortest failing run. */
public final class RaceSite {
    /** The name of the index. */
    public static final String INDEX = "index.html";

    private final Path folder;
    private final List<Trial> trials = new ArrayList<>();

    /**
     * A site without pages.
     *
     * @param folder where its files go
     */
    public RaceSite(Path folder) {
        this.folder = folder;
    }

    /**
     * Explores a race and writes its page. If that is stopped before anything was found, there is no page.
     *
     * @param entry the race
     * @param options how it is explored, but for the strategy and the memory model
     * @param strategy the strategy, or {@link Trial#OWN}
     * @param progress is told how it gets on
     * @return what came of it
     * @throws IOException if the page can't be written
     */
    public Trial add(GalleryEntry entry, ExploreOptions options, String strategy, Explorer.Progress progress)
            throws IOException {
        Trial trial = Trial.run(entry, EnumSet.of(Variant.BUGGY), options, strategy, progress);
        if (trial.failed() || !progress.stopped()) {
            Files.writeString(folder.resolve(entry.slug() + ".html"), page(trial, progress));
            trials.add(trial);
        }
        return trial;
    }

    private static String page(Trial trial, Explorer.Progress progress) {
        Map<String, Object> values = new HashMap<>();
        values.put("home", INDEX);
        values.put("about", about(trial));
        if (trial.failed()) {
            return RunPage.html(trial.entry().program(Variant.BUGGY), trial.buggy(), values, progress);
        }
        values.put("title", trial.entry().slug() + ": " + trial.finding());
        values.put("scenario", trial.entry().slug());
        values.put("outcome", trial.finding());
        values.put("style", Templates.text("page.css"));
        return Templates.fill("unfound.html", values);
    }

    private static Map<String, Object> about(Trial trial) {
        RaceFacts facts = trial.entry().facts();
        Map<String, Object> values = new HashMap<>();
        values.put("symptom", facts.symptom());
        values.put("fix", trial.entry().fix());
        values.put("floor", trial.entry().floor());
        values.put("cpus", facts.cpus() + (facts.cpus() == 1 ? " CPU" : " CPUs"));
        values.put("model", facts.model());
        values.put("breaks", String.join(", or: ", facts.breaks()));
        values.put("story", facts.story().strip().split("\\n\\s*\\n"));
        values.put("bug", trial.entry().race().bug().toString());
        values.put("open", !trial.failed());
        return values;
    }

    /**
     * Writes the index of the pages that were written.
     *
     * @param left how many races were not explored
     * @throws IOException if it can't be written
     */
    public void writeIndex(int left) throws IOException {
        List<Map<String, Object>> races = new ArrayList<>();
        for (Trial trial : trials) {
            RaceFacts facts = trial.entry().facts();
            Map<String, Object> values = new HashMap<>();
            values.put("slug", facts.slug());
            values.put("floor", trial.entry().floor());
            values.put("symptom", facts.symptom());
            values.put("finding", trial.finding());
            values.put("found", trial.found());
            values.put("switches", trial.failed() ? trial.buggy().switches() : "");
            values.put("cpus", facts.cpus());
            values.put("model", facts.model());
            values.put("year", facts.year());
            values.put("hash", trial.entry().hash());
            races.add(values);
        }
        Map<String, Object> values = new HashMap<>();
        values.put("title", "Races of the Linux kernel, to step through");
        values.put("count", trials.size() == 1 ? "1 race" : trials.size() + " races");
        values.put("left", left == 0 ? null : left);
        values.put("races", races);
        values.put("style", Templates.text("page.css"));
        Files.writeString(folder.resolve(INDEX), Templates.fill("races.html", values));
    }

    /** {@return what came of the races that have a page} */
    public List<Trial> trials() {
        return List.copyOf(trials);
    }
}
