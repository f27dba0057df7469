package org.smp4j.campaign.work;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.smp4j.campaign.json.ManifestJson;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;
import org.smp4j.page.RunPage;

/**
 * The pages to step through the failures of a shard, beside its file. The first unit of a shard that finds a failure
 * writes a page. The first unit of the campaign that finds it is also the first one of its shard, so the report names
 * the same page for any number of shards.
 */
public final class Pages {
    private static final int DIGITS = 16;

    private final Host host;
    private final Set<String> known = new HashSet<>();

    /**
     * None yet.
     *
     * @param host the process that runs the shard
     */
    public Pages(Host host) {
        this.host = host;
    }

    /**
     * Adds the page to a story.
     *
     * @param work the work that found it
     * @param seed the seed of the unit
     * @param story the failure
     * @param program the program that fails
     * @param report its report
     * @return the story with the name of its page; without, if there is one already or the run can't be made again
     */
    Story with(Work work, long seed, Story story, Program program, Report report) {
        if (report.token() == null || !known.add(work.title() + "\n" + story.key())) {
            return story;
        }
        String name = "page-" + ManifestJson.sha256(work.title() + "\n" + seed + "\n" + story.key())
                .substring(0, DIGITS) + ".html";
        try {
            ManifestJson.write(host.folder().resolve(name), RunPage.html(program, report, host));
            return new Story(story.key(), story.rule(), story.text(), story.token(), name);
        } catch (ExplorerException e) {
            return story;
        } catch (IOException e) {
            throw new ExplorerException("the page can't be written: " + e.getMessage(), e);
        }
    }
}
