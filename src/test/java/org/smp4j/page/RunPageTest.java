package org.smp4j.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.protocol.SeedRace;
import org.smp4j.explore.report.RunRecord;
import org.smp4j.scenario.Programs;

/** The page of the seed's race: a call to a CPU that is taken down is lost, as its sender can be preempted. */
class RunPageTest {
    private static final int LARGEST = 1 << 20;

    @TempDir
    private static Path folder;
    private static Path page;
    private static Report report;
    private static RunRecord run;

    @BeforeAll
    static void makePage() throws IOException {
        LoadedProgram program = new LoadedProgram(SeedRace.class.getName(),
                Programs.options().withWeaves(SeedRace.Edits.STRETCH, SeedRace.Edits.PREEMPTIBLE),
                SeedRace.class.getClassLoader());
        report = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE);
        page = folder.resolve("deeper/seed.html");
        RunPage.write(program, report, page, Explorer.Progress.NONE);
        run = Explorer.record(program, report.token(), false, Explorer.Progress.NONE).run();
    }

    @Test
    void pageIsOneSmallFileWithoutNetwork() throws IOException {
        assertThat(Files.size(page)).isLessThan(LARGEST);
        assertThat(Files.readString(page).replace("'http://www.w3.org/2000/svg'", ""))
                .contains(report.token(), "lost call", "online.words")
                .doesNotContain("http:", "https:", "src=", "@import", "url(");
    }

    /** As the record has it: what the engine's state was after each step. */
    private static Map<String, String> stateAfter(int row) {
        Map<String, String> state = new HashMap<>();
        for (int i = 0; i <= row; i++) {
            run.rows().get(i).changes().forEach((column, aspects) -> aspects
                    .forEach((aspect, value) -> state.put(column + "/" + aspect, value)));
        }
        return state;
    }

    private static int rowOf(String text) {
        for (int i = 0; i < run.rows().size(); i++) {
            if (run.rows().get(i).text().contains(text)) {
                return i;
            }
        }
        throw new AssertionError("no step " + text);
    }

    private static final String STATE = """
            const state = {};
            document.querySelectorAll('#state dl').forEach(list => list.querySelectorAll('dd').forEach(value =>
                state[list.dataset.lane + '/' + value.dataset.aspect] = value.textContent));
            return state;""";
    private static final String PICKED = "return +document.querySelector('tr.picked').id.substring(1);";
    private static final String OVERFLOW = """
            return document.documentElement.scrollWidth - document.documentElement.clientWidth;""";
    private static final String OVERLAPS = """
            const parts = [...document.querySelectorAll('.bar > *')].map(part => part.getBoundingClientRect());
            const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
                && b.top < a.bottom - 1;
            return parts.filter((a, i) => parts.some((b, j) => i < j && meet(a, b))).length;""";
    private static final String CUT = """
            return [...document.querySelectorAll('.lanes td.on, #state dd, .bar button')]
                .filter(part => part.offsetParent !== null && part.scrollWidth > part.clientWidth + 1).length;""";
    private static final String TABLE = "return document.querySelector('#run table').textContent";
    private static final String UNPACKED = """
            const done = arguments[arguments.length - 1];
            const look = () => { const pressed = document.getElementById('other').getAttribute('aria-pressed');
                if (pressed === 'true') { done(pressed); } else { setTimeout(look, 10); } };
            look();""";
    /** The least contrast of a text on its ground, of those that the page has. */
    private static final String CONTRAST = """
            const light = color => { const c = color.match(/[\\d.]+/g).slice(0, 3).map(v => v / 255)
                .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                return .2126 * c[0] + .7152 * c[1] + .0722 * c[2]; };
            const ground = part => { for (; part; part = part.parentElement) {
                const color = getComputedStyle(part).backgroundColor;
                if (!color.match(/, 0\\)$/)) { return color; } } return 'rgb(255, 255, 255)'; };
            let least = 99;
            for (const part of document.querySelectorAll('h1, p, th, td.on span, td.on b, td.on em, td.on strong, i, '
                + 'dt, dd, h2, button, output, label, summary')) {
                if (part.offsetParent !== null && part.textContent.trim()) {
                    const a = light(getComputedStyle(part).color);
                    const b = light(ground(part));
                    least = Math.min(least, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
                }
            }
            return least;""";

    @Test
    void stepsForwardsAndBackwardsAtEveryWidthInBothSchemes() throws IOException {
        try (Browser browser = Browser.open()) {
            for (int width : List.of(400, 1000, 2000)) {
                for (String scheme : List.of("light", "dark")) {
                    browser.load(page, width, 900, scheme);
                    String where = width + " " + scheme;
                    walk(browser, where);
                    assertThat(browser.<Long>run(OVERFLOW)).as(where).isZero();
                    assertThat(browser.<Long>run(OVERLAPS)).as(where).isZero();
                    assertThat(browser.<Long>run(CUT)).as(where).isZero();
                    assertThat(browser.<Number>run(CONTRAST).doubleValue()).as(where).isGreaterThan(4.5);
                    keep(browser, width + "-" + scheme);
                    assertThat(browser.complaints()).as(where).isEmpty();
                }
            }
        }
    }

    /** Keeps a picture for a reader, if a folder for them is named. */
    private static void keep(Browser browser, String name) throws IOException {
        String pictures = System.getProperty("smp4j.pictures");
        if (pictures != null) {
            Files.write(Path.of(pictures, name + ".png"), browser.picture());
        }
    }

    private static void walk(Browser browser, String where) {
        long first = browser.run(PICKED);
        browser.press("ArrowRight");
        browser.press("j");
        long third = browser.run(PICKED);
        assertThat(third).as(where).isGreaterThan(first);
        browser.press("ArrowLeft");
        browser.press("k");
        assertThat(browser.<Long>run(PICKED)).as(where).isEqualTo(first);
        browser.press("a"); // every step
        int down = rowOf("changes online.words");
        for (int row : List.of(3, down - 1, down)) {
            browser.run("document.getElementById('s' + arguments[0]).click();", row);
            assertThat(browser.<Long>run(PICKED)).as(where).isEqualTo(row);
            assertThat(browser.<Map<String, String>>run(STATE)).as("%s, row %d", where, row)
                    .isEqualTo(stateAfter(row));
        }
        assertThat(browser.<Map<String, String>>run(STATE)).containsEntry("/online", "0-1")
                .containsEntry("CPU 2/IRQs", "off");
        browser.press("ArrowLeft");
        assertThat(browser.<Map<String, String>>run(STATE)).containsEntry("/online", "0-2");
        browser.press("End");
        assertThat(browser.<String>run("return document.getElementById('what').textContent")).contains("accepted");
        browser.press("Home");
        browser.press("f");
        assertThat(browser.<String>run("return document.getElementById('what').textContent")).contains("forced");
        browser.press("a");
        browser.press("f");
    }

    @Test
    void runBeforeShrinkingIsOneClickAway() throws IOException {
        try (Browser browser = Browser.open()) {
            browser.load(page, 1000, 900, "light");
            String shrunk = browser.run(TABLE);
            browser.run("document.getElementById('other').click();");
            assertThat(browser.<String>await(UNPACKED)).isEqualTo("true");
            assertThat(browser.<String>run(TABLE)).isNotEqualTo(shrunk);
            browser.run("document.getElementById('other').click();");
            assertThat(browser.<String>run(TABLE)).isEqualTo(shrunk);
            assertThat(browser.complaints()).isEmpty();
        }
    }
}
