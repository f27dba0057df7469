package org.smp4j.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.protocol.SeedRace;
import org.smp4j.explore.report.RunRecord;
import org.smp4j.explore.run.Program;
import org.smp4j.race.Gallery;
import org.smp4j.scenario.Programs;

/** The page of the seed's race: a call to a CPU that is taken down is lost, as its sender can be preempted. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // of a browser on a busy host
class RunPageTest {
    private static final int LARGEST = 1 << 20;

    @TempDir
    private static Path folder;
    private static Path page;
    private static Report report;
    private static RunRecord run;
    private static Browser browser; // null until a test needs it

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private static Browser browser() {
        browser = browser == null ? Browser.open() : browser;
        return browser;
    }

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
    private static final String TABLE = "return document.querySelector('#run table').textContent";
    private static final String UNPACKED = """
            const done = arguments[arguments.length - 1];
            const look = () => { const pressed = document.getElementById('other').getAttribute('aria-pressed');
                if (pressed === 'true') { done(pressed); } else { setTimeout(look, 10); } };
            look();""";
    @Test
    void stepsForwardsAndBackwardsAtEveryWidthInBothSchemes() throws IOException {
        browser().load(page);
        for (int width : List.of(400, 1000, 2000)) {
            for (String scheme : List.of("light", "dark")) {
                browser.resize(width, scheme);
                browser.press("Home");
                String where = width + " " + scheme;
                walk(where);
                Looks.check(browser, width, where);
                browser.keep(width + "-" + scheme);
            }
        }
    }

    private static void walk(String where) {
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

    private static final String ARROWS = """
            return [...document.querySelectorAll('svg.arrows path.' + arguments[0])].filter(path =>
                path.dataset.ends.split(' ').every(id => document.getElementById(id).offsetParent)).length;""";

    /** What sends and takes an interrupt is a detail, and not shown at first. Its arrow is. */
    @Test
    void interruptsAreArrowsOfTheStoryToo() throws IOException {
        browser().load(page);
        browser.resize(1000, "light");
        for (String kind : List.of("IPI", "stop", "wake-up")) {
            long interrupts = run.rows().stream().filter(row -> row.arrow().equals(kind)).count();
            assertThat(browser.<Long>run(ARROWS, kind)).as(kind).isBetween(1L, interrupts);
        }
    }

    private static final String PANE = """
            const pane = document.querySelector('aside');
            pane.focus();
            return [document.activeElement === pane, pane.scrollHeight > pane.clientHeight].join();""";

    /** The state may be longer than the window. */
    @Test
    void keysScrollTheStateWhenItHasTheFocus() throws IOException {
        browser().load(page);
        browser.resize(1000, "light");
        browser.run("document.querySelector('aside').style.maxHeight = '120px';");
        long before = browser.run(PICKED);
        assertThat(browser.<String>run(PANE)).isEqualTo("true,true");
        browser.press("ArrowDown");
        browser.press("End");
        assertThat(browser.<Long>run(PICKED)).isEqualTo(before);
        browser.press("j");
        assertThat(browser.<Long>run(PICKED)).isGreaterThan(before);
    }

    private static final String STRIPES = """
            return [...document.querySelectorAll('#run tbody tr')].map(row => [...row.cells].map(cell =>
                [...cell.querySelectorAll('u')].map(stripe => stripe.title).join(', ')).join(' | '));""";

    /** Every row has a stripe for each state that the machine or a CPU passes through then, and no other. */
    @Test
    void hotplugAndMultiStopAreBands() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int row = 0; row < run.rows().size(); row++) {
            Map<String, String> state = stateAfter(row);
            List<String> cells = new ArrayList<>(List.of(stripe("multi-stop", state.get("/multi-stop"))));
            run.columns().forEach(column -> cells.add(stripe("hotplug", state.get(column + "/hotplug"))));
            expected.add(String.join(" | ", cells));
        }
        assertThat(expected).anyMatch(line -> line.startsWith("multi-stop: RUN | "))
                .anyMatch(line -> line.contains("hotplug: AP_ONLINE"));
        browser().load(page);
        assertThat(browser.<List<String>>run(STRIPES)).isEqualTo(expected);
    }

    private static final String LANES = """
            return [...document.querySelectorAll('#run thead th')].filter(head => head.offsetParent !== null)
                .map(head => head.textContent).join();""";

    /** The thread that sets up has steps and no state: its lane would be empty. */
    @Test
    void laneWithoutStepOfTheStoryIsShownWithEveryStep() throws IOException {
        Program program = Gallery.program("stop-two-triangle/buggy").orElseThrow();
        Path triangle = folder.resolve("triangle.html");
        RunPage.write(program, Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE), triangle,
                Explorer.Progress.NONE);
        browser().load(triangle);
        browser.resize(1000, "light");
        assertThat(browser.<String>run(LANES)).isEqualTo("step,CPU 0,CPU 1,CPU 2");
        browser.press("a");
        assertThat(browser.<String>run(LANES)).isEqualTo("step,CPU 0,CPU 1,CPU 2,main");
    }

    private static String stripe(String aspect, String value) {
        return value == null || List.of("ONLINE", "OFFLINE", "NONE", "over").contains(value) ? ""
                : aspect + ": " + value;
    }

    @Test
    void runBeforeShrinkingIsOneClickAway() throws IOException {
        browser().load(page);
        String shrunk = browser.run(TABLE);
        browser.run("document.getElementById('other').click();");
        assertThat(browser.<String>await(UNPACKED)).isEqualTo("true");
        assertThat(browser.<String>run(TABLE)).isNotEqualTo(shrunk);
        browser.run("document.getElementById('other').click();");
        assertThat(browser.<String>run(TABLE)).isEqualTo(shrunk);
        assertThat(browser.complaints()).isEmpty();
    }
}
