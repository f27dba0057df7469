package org.smp4j.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.lib.BootParams;
import org.smp4j.torture.OnoffStats;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.Torture;
import org.smp4j.torture.TortureConfig;
import org.smp4j.torture.TortureObserver;
import org.smp4j.torture.TortureParam;
import org.smp4j.torture.TortureResult;
import org.smp4j.torture.record.TortureRecord;

@Timeout(value = 5, unit = TimeUnit.MINUTES) // of a browser on a busy host
class ChartPageTest {
    private static final int LARGEST = 1 << 20;
    private static final int ENOUGH = 300;

    private static ScfStatistics counted(int n) {
        return new ScfStatistics(9L * n, n, n, n, 0, 0, n, 0, n, n, n, n, OnoffStats.NONE, 0, 0, 0, 0, 0, 0);
    }

    private static TortureRecord record() {
        TortureRecord record = new TortureRecord();
        SplittableRandom random = new SplittableRandom(1);
        TortureObserver.Worker[] workers = {record.worker(0), record.worker(1)};
        for (int i = 0; i < 2000; i++) {
            workers[i % 2].performed(i % 3 == 0 ? "smp_call_function_single, wait" : "resched_cpu",
                    (long) Math.exp(4 + 8 * random.nextDouble()));
        }
        for (int i = 0; i < 20; i++) {
            record.onoff(i % 4, i % 2 == 0, 1_000_000L + random.nextInt(50_000_000));
        }
        record.log(line -> { }).print("WARNING: somewhere: a <b>warning</b>");
        record.log(line -> { }).print("nothing to see");
        return record;
    }

    /** What each chart shows, and what the table of percentiles says. */
    private static final String SHOWN = """
            return [...document.querySelectorAll('canvas')].map(canvas => {
                const chart = Chart.getChart(canvas);
                const sets = chart.data.datasets;
                const drawn = canvas.width > 0 && sets.every((set, i) =>
                    chart.getDatasetMeta(i).data.length === set.data.length);
                const sum = sets[0].data.reduce((all, each) => all + (each.y === undefined ? each : each.y), 0);
                return [canvas.getAttribute('aria-label'), sets.length, drawn, Math.round(sum)].join(';'); });""";

    @Test
    void pageOfTortureIsDrawnAtEveryWidthInBothSchemes(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("new/torture.html");
        TortureRecord record = record();
        for (int i = 0; i <= 40; i++) {
            record.sample(i * 200_000_000L, counted(i * 100 + i % 7 * 30));
        }
        TortureResult result = new TortureResult(TortureResult.Verdict.FAILURE, counted(1000),
                List.of("there was a warning"), 1, 0, 0, 5_000_000_000L);
        TorturePage.write(record, result, "smp4j torture --html <file>", page);
        assertThat(Files.size(page)).isLessThan(LARGEST);
        String text = Files.readString(page);
        assertThat(text).contains("Permission is hereby granted, free of charge", "a &lt;b&gt;warning", "FAILURE")
                .doesNotContain("src=", "@import", "url(", "sourceMappingURL");
        try (Browser browser = Browser.open()) {
            browser.load(page);
            for (int width : List.of(400, 1000, 2000)) {
                for (String scheme : List.of("light", "dark")) {
                    browser.resize(width, scheme);
                    Looks.check(browser, width, width + " " + scheme);
                    browser.keep("torture-" + width + "-" + scheme);
                }
            }
            assertThat(browser.<List<String>>run(SHOWN)).containsExactly("Rates over time;9;true;186750",
                    "How long a CPU took to come and to go;2;true;" + Math.round(record.switches().stream()
                    .filter(TortureRecord.Switch::online).mapToLong(TortureRecord.Switch::nanos).sum() / 1e6),
                    "Latency of resched_cpu;1;true;1333",
                    "Latency of smp_call_function_single, wait;1;true;667");
        }
    }

    private static final String LONG = "smp_call_function_single, wait, tracing off, by one without tracepoints / a "
            + "ping-pong over two cache lines, waiting";
    /** Whether no label is wider than the room that it has, and bars have as much room as labels at least: nothing. */
    private static final String FITS = """
            const chart = Chart.getChart(document.querySelector('canvas'));
            const axis = chart.scales.y;
            const pen = chart.ctx;
            pen.font = Chart.defaults.font.size + 'px ' + Chart.defaults.font.family;
            const widest = Math.max(...chart.data.labels.flat().map(line => pen.measureText(line).width));
            const lines = chart.data.labels.map(label => label.length);
            const step = axis.height / chart.data.labels.length;
            return [widest < axis.width - (axis.options.title.display ? 16 : 0),
                Math.max(...lines) * 14 + 14 <= 2 * step, chart.chartArea.width >= axis.width].every(each => each)
                ? '' : [widest, axis.width, axis.height, lines, step, chart.chartArea.width].join(', ');""";

    @Test
    void rangesAreDrawnWithTheirMedians(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("ranges.html");
        new ChartPage("ranges", "", false, List.of(), List.of(), List.of(), List.of(
                new Chart("costs", Chart.Kind.RANGE, "subject", "ratio", true,
                List.of("quartile", "median", "quartile"),
                List.of(new Chart.Row(LONG, 0.5, 1, 2), new Chart.Row("two", 3, 3.5, 4),
                        new Chart.Row("none", Double.NaN, Double.NaN, Double.NaN)))))
                .write(page);
        try (Browser browser = Browser.open()) {
            browser.load(page);
            for (int width : List.of(400, 500, 1000, 2000)) {
                browser.resize(width, "dark");
                Looks.check(browser, width, "ranges " + width);
                browser.keep("ranges-" + width);
                assertThat(browser.<String>run(FITS)).as("labels and bars at %d", width).isEmpty();
            }
            assertThat(browser.<List<Object>>run("""
                    const chart = Chart.getChart(document.querySelector('canvas'));
                    return [chart.data.labels.map(label => label.join(' ')), chart.data.datasets.map(set => set.data)];
                    """).toString())
                    .isEqualTo("[[" + LONG + ", two, none], [[1, 3.5, null], [[0.5, 2], [3, 4], null]]]");
        }
    }

    /** Each operation that a worker counts is timed once, under its name; each CPU that comes or goes is told. */
    @Test
    void everyOperationIsTimed() {
        TortureRecord record = new TortureRecord();
        AtomicReference<Torture> torture = new AtomicReference<>();
        TortureConfig config = TortureConfig.cpus(2).withSeed(1).with(TortureParam.ONOFF_INTERVAL, 1)
                .withBoot(BootParams.cpus(2).withPin(false));
        torture.set(new Torture(config, line -> { }, null, new TortureObserver() {
            private int switches;

            @Override
            public Worker worker(int worker) {
                Worker recorded = record.worker(worker);
                return recorded::performed;
            }

            @Override
            public synchronized void onoff(int cpu, boolean online, long nanos) {
                record.onoff(cpu, online, nanos);
                if (++switches == 4 || torture.get().statistics().invoked() > ENOUGH && switches > 1) {
                    torture.get().stop();
                }
            }
        }));
        TortureResult result = torture.get().run();
        ScfStatistics counters = result.statistics();
        Map<String, Long> timed = record.latencies().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().getTotalCount()));
        assertThat(timed).containsEntry("resched_cpu", counters.resched())
                .containsEntry("smp_call_function_single", counters.single())
                .containsEntry("smp_call_function_single, wait", counters.singleWait())
                .containsEntry("smp_call_function_single_rpc", counters.singleRpc());
        assertThat(record.switches()).hasSize(
                (int) (counters.onoff().online().successes() + counters.onoff().offline().successes()));
    }

    @Test
    void numbersAreShort() {
        assertThat(List.of(0.0, 12.0, 12345.6, 0.031, 1.0 / 3, 98.76, Double.NaN)).map(Chart::number)
                .containsExactly("0", "12", "12346", "0.031", "0.333", "98.8", "");
    }

    @Test
    void recordStaysSmall() {
        TortureRecord record = new TortureRecord();
        for (int i = 0; i < 10_000; i++) {
            record.onoff(0, true, 1);
            record.log(line -> { }).print("WARNING: " + i);
        }
        assertThat(record.switches()).hasSize(5000);
        assertThat(record.switchesLeftOut()).isEqualTo(5000);
        for (int i = 0; i < 100_000; i++) {
            record.sample(i * 50_000_000L, counted(i));
        }
        assertThat(record.samples()).hasSizeBetween(500, 1000);
        assertThat(record.samples().getLast().nanos()).isGreaterThan(4_900_000_000_000L);
        assertThat(record.warnings()).hasSize(201).last().isEqualTo("and 9800 more");
    }
}
