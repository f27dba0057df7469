package org.smp4j.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.smp4j.explore.report.RunRecord;
import org.smp4j.scenario.Programs;

/** Pages of ordinary Java: a lane for each thread, short runs and long ones, on the screen and on paper. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // of a browser on a busy host
class JavaPageTest {
    private static final int SMALL = 1 << 20;
    private static final int MOST = 10_000;

    @TempDir
    private static Path folder;
    private static Browser browser;

    @BeforeAll
    static void openBrowser() {
        browser = Browser.open();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    /** {@return the engine's record of the run that the loaded page shows} */
    private static RunRecord load(Class<?> type) throws IOException {
        LoadedProgram program = new LoadedProgram(type.getName(), Programs.options(), type.getClassLoader());
        Report report = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE);
        RunPage.write(program, report, page(type), Explorer.Progress.NONE);
        browser.load(page(type));
        return Explorer.record(program, report.token(), false, Explorer.Progress.NONE).run();
    }

    private static Path page(Class<?> type) {
        return folder.resolve(type.getSimpleName() + ".html");
    }

    private static final String STATE = """
            const state = {};
            document.querySelectorAll('#state dl').forEach(list => list.querySelectorAll('dd').forEach(value =>
                state[list.dataset.lane + '/' + value.dataset.aspect] = value.textContent));
            return state;""";
    private static final String LANES = "return [...document.querySelectorAll('thead th')].map(th => th.textContent)";
    private static final String PICKED = "return +document.querySelector('tr.picked').id.substring(1);";
    private static final String SHOWN = """
            return [...document.querySelectorAll('#run tbody tr')].filter(row => row.offsetParent).length;""";

    private static Map<String, String> stateAfter(RunRecord run, int row) {
        Map<String, String> state = new HashMap<>();
        run.rows().subList(0, row + 1).forEach(each -> each.changes().forEach((column, aspects) -> aspects
                .forEach((aspect, value) -> state.put(column + "/" + aspect, value))));
        return state;
    }

    private static int rowOf(RunRecord run, String thread, String text) {
        for (int i = 0; i < run.rows().size(); i++) {
            RunRecord.Row row = run.rows().get(i);
            if (row.column().equals(thread) && row.text().contains(text)) {
                return i;
            }
        }
        throw new AssertionError("no step " + text);
    }

    /** Goes to a row step by step, and compares the state on the way with that of the engine. */
    private static Map<String, String> walkTo(RunRecord run, int row) {
        long at = browser.run(PICKED);
        while (at != row) {
            browser.press(at < row ? "ArrowRight" : "ArrowLeft");
            long next = browser.run(PICKED);
            assertThat(next).isEqualTo(at < row ? at + 1 : at - 1);
            at = next;
        }
        Map<String, String> state = browser.run(STATE);
        assertThat(state).as("row %d", row).isEqualTo(stateAfter(run, row));
        return state;
    }

    @Test
    void threadsHoldLocksAndFieldsHaveValuesAtEachStep() throws IOException {
        RunRecord run = load(PagePrograms.Bank.class);
        assertThat(browser.<List<String>>run(LANES)).containsExactly("step", "auditor", "main", "payer");
        browser.press("a");
        browser.press("Home");
        int paid = rowOf(run, "payer", "balance = 90");
        int summed = rowOf(run, "auditor", "sum = 190");
        for (int way = 0; way < 2; way++) { // there, back, and there again
            assertThat(walkTo(run, paid)).containsEntry("payer/holds", "ReentrantLock#0")
                    .containsEntry("/Account#0.balance", "90").doesNotContainKey("auditor/holds");
            assertThat(walkTo(run, summed)).containsEntry("auditor/holds", "Object#0, ReentrantLock#0, ReentrantLock#1")
                    .containsEntry("payer/holds", "nothing").containsEntry("/Bank#0.sum", "190")
                    .containsEntry("/Account#1.balance", "100");
            assertThat(walkTo(run, run.rows().size() - 1)).containsEntry("auditor/holds", "nothing")
                    .containsEntry("/Account#0.balance", "90").containsEntry("/Account#1.balance", "110");
        }
        assertThat(browser.<String>run("return document.getElementById('what').textContent"))
                .contains("main", "the audit sees 190 of 200");
        assertThat(browser.<String>run("return document.querySelector('#s' + arguments[0]).dataset.w", summed))
                .contains("PagePrograms.java:");
        look("java");
    }

    private static void look(String name) throws IOException {
        for (int width : List.of(400, 1000, 2000)) {
            for (String scheme : List.of("light", "dark")) {
                browser.resize(width, scheme);
                Looks.check(browser, width, name + " " + width + " " + scheme);
                browser.keep(name + "-" + width + "-" + scheme);
            }
        }
    }

    private static final String HIDDEN = """
            return ['.bar', 'aside', '.keys'].filter(part => document.querySelector(part).offsetParent !== null
                || getComputedStyle(document.querySelector(part)).display !== 'none');""";
    /** How far the ends of arrows are from the steps that they join, at most. */
    private static final String ASTRAY = """
            const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => {
                const box = document.querySelector('svg.arrows').getBoundingClientRect();
                done(Math.max(0, ...[...document.querySelectorAll('svg.arrows path')].flatMap(path => {
                    const ends = path.dataset.ends.split(' ').map(id => document.getElementById(id));
                    return [0, path.getTotalLength()].map((at, i) => {
                        const point = path.getPointAtLength(at);
                        const cell = ends[i].querySelector('.on').getBoundingClientRect();
                        return Math.max(Math.abs(point.x + box.left - cell.left),
                            Math.abs(point.y + box.top - cell.top)); }); })));
            }));""";
    private static final String DARKEST = """
            return Math.max(...[...document.querySelectorAll('body, h1, td.on span, thead th')].map(part =>
                getComputedStyle(part).color.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)));""";

    /** On A4 paper, with the colours of paper also if the screen is dark. */
    @Test
    void pageIsReadableOnPaper() throws IOException {
        load(PagePrograms.Bank.class);
        long shown = browser.run(SHOWN);
        for (String scheme : List.of("light", "dark")) {
            browser.paper(scheme);
            assertThat(browser.<List<String>>run(HIDDEN)).isEmpty();
            assertThat(browser.<Long>run(SHOWN)).isEqualTo(shown);
            Looks.check(browser, 718, "paper " + scheme);
            assertThat(browser.<Number>await(ASTRAY).doubleValue()).isLessThan(20);
            assertThat(browser.<Long>run(DARKEST)).isLessThan(400); // dark ink
            browser.keep("paper-" + scheme);
            browser.resize(1000, "light");
        }
    }

    private static final String SLIDE = """
            const slider = document.getElementById('slider');
            slider.value = arguments[0] * slider.max;
            slider.dispatchEvent(new Event('input'));
            return +document.querySelector('tr.picked').id.substring(1);""";
    /** How many milliseconds a step takes, on average. */
    private static final String PACE = """
            const start = performance.now();
            for (let i = 0; i < 50; i++) {
                document.dispatchEvent(new KeyboardEvent('keydown', {key: i % 2 ? 'ArrowLeft' : 'ArrowRight'}));
                document.getElementById('what').getBoundingClientRect();
            }
            return (performance.now() - start) / 50;""";

    private static void use(RunRecord run, int rows) {
        browser.press("a");
        assertThat(browser.<Long>run(SHOWN)).isEqualTo(rows);
        browser.press("Home");
        assertThat(browser.<Long>run(PICKED)).isZero();
        for (double part : List.of(0.5, 0.25, 1.0)) {
            long row = browser.run(SLIDE, part);
            assertThat(row).isBetween((long) (part * (rows - 1)) - 1, (long) (part * (rows - 1)) + 1);
            assertThat(browser.<Map<String, String>>run(STATE)).isEqualTo(stateAfter(run, (int) row));
        }
        browser.press("ArrowLeft");
        browser.press("PageUp");
        assertThat(browser.<Long>run(PICKED)).isEqualTo(rows - 22);
        assertThat(browser.<Map<String, String>>run(STATE)).isEqualTo(stateAfter(run, rows - 22));
        browser.press("End");
        assertThat(browser.<Long>run(PICKED)).isEqualTo(rows - 1);
        assertThat(browser.<Boolean>run("""
                const row = document.querySelector('tr.picked').getBoundingClientRect();
                return row.top >= 0 && row.bottom <= innerHeight;""")).isTrue();
        assertThat(browser.<Number>run(PACE).doubleValue()).isLessThan(500);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void fortyStepsAndFourThousandAreUsable() throws IOException {
        for (Class<?> type : List.of(PagePrograms.Few.class, PagePrograms.Many.class)) {
            browser.resize(1000, "light");
            RunRecord run = load(type);
            int rows = run.rows().size();
            int about = type == PagePrograms.Few.class ? 40 : 4000;
            assertThat(rows).isBetween(about * 9 / 10, about * 11 / 10);
            assertThat(Files.size(page(type))).isLessThan(SMALL);
            assertThat(browser.<String>run("return document.querySelector('#run').textContent"))
                    .doesNotContain("are left out");
            use(run, rows);
            look(type.getSimpleName());
        }
    }

    /** A page has 10,000 steps at most, and says so; the state in its first step has come about before. */
    @Test
    void firstStepsOfALongerRunAreLeftOutAndThatIsSaid() throws IOException {
        browser.resize(1000, "light");
        RunRecord run = load(PagePrograms.TooMany.class);
        int left = run.rows().size() - MOST;
        assertThat(left).isPositive();
        assertThat(browser.<String>run("return document.querySelector('#run caption').textContent"))
                .isEqualTo("The first " + left + " steps are left out.");
        browser.press("a");
        assertThat(browser.<Long>run(SHOWN)).isEqualTo(MOST);
        browser.press("End");
        assertThat(browser.<Map<String, String>>run(STATE)).containsEntry("a/holds", "nothing")
                .isEqualTo(stateAfter(run, run.rows().size() - 1));
        browser.press("Home");
        assertThat(browser.<Map<String, String>>run(STATE)).isEqualTo(stateAfter(run, left))
                .containsKey("a/holds");
    }
}
