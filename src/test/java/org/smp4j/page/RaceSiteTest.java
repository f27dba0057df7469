package org.smp4j.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Trial;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // of a browser on a busy host
class RaceSiteTest {
    private static final ExploreOptions OPTIONS = ExploreOptions.DEFAULT.withSeed(1).withSchedules(100_000);

    private static final String HEADING = "return document.querySelector('h1').textContent";

    @TempDir
    private Path folder;

    private static GalleryEntry race(String slug) {
        return Gallery.find(slug).orElseThrow();
    }

    @Test
    void indexLeadsToAPageForEachRaceAndBack() throws IOException {
        RaceSite site = new RaceSite(folder);
        assertThat(site.add(race("csd-unlock-after-callback"), OPTIONS, Trial.OWN, Explorer.Progress.NONE).found())
                .isTrue();
        Trial unfound = site.add(race("ilb-csd-released-too-early"), OPTIONS, "bound0", Explorer.Progress.NONE);
        assertThat(unfound.found()).isFalse();
        site.add(race("membarrier-misses-moved-thread"), OPTIONS, "bound0", Explorer.Progress.NONE);
        site.writeIndex(3);
        assertThat(Files.readString(folder.resolve("ilb-csd-released-too-early.html")))
                .contains("NOT FOUND in", "2020", "How it comes about");
        try (Browser browser = Browser.open()) {
            browser.load(folder.resolve(RaceSite.INDEX));
            look(browser, "races");
            assertThat(browser.<String>run("return document.body.textContent.replace(/\\s+/g, ' ')"))
                    .contains("3 races", "3 more were not explored", "NOT FOUND", "use after release");
            browser.run("document.querySelector('.races a').click()");
            assertThat(browser.<String>run(HEADING)).isEqualTo("csd-unlock-after-callback/buggy");
            browser.run("document.querySelector('header details').open = true");
            look(browser, "race");
            browser.run("document.querySelector('nav a').click()");
            assertThat(browser.<String>run(HEADING)).startsWith("Races");
            browser.load(folder.resolve("ilb-csd-released-too-early.html"));
            look(browser, "unfound");
        }
    }

    private static void look(Browser browser, String page) throws IOException {
        for (int width : List.of(400, 1000, 2000)) {
            for (String scheme : List.of("light", "dark")) {
                browser.resize(width, scheme);
                Looks.check(browser, width, page + " " + width + " " + scheme);
                browser.keep(page + "-" + width + "-" + scheme);
            }
        }
    }

    @Test
    void whatIsStoppedBeforeItIsFoundHasNoPage() throws IOException {
        RaceSite site = new RaceSite(folder);
        site.add(race("csd-unlock-after-callback"), OPTIONS, "bound0", new Explorer.Progress() {
            @Override
            public boolean at(long schedules, long distinct, long steps) {
                return false;
            }

            @Override
            public boolean stopped() {
                return true;
            }
        });
        assertThat(site.trials()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
