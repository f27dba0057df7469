package org.smp4j.page;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.TortureResult;
import org.smp4j.torture.record.TortureRecord;

/** A torture run as a page: rates over time, latencies of each primitive, how long CPUs took to come and go. */
public final class TorturePage {
    private static final double SECOND = 1e9;
    private static final double MICROSECOND = 1000;
    /** A histogram has two bars from a time to its double. */
    private static final double STEP = Math.sqrt(2);
    private static final int FIRST_BAR = 16; // nanoseconds
    private static final List<String> KINDS = List.of("handlers run", "resched", "single", "single, wait", "single_rpc",
            "many", "many, wait", "all", "all, wait");

    private TorturePage() {
    }

    /**
     * Writes the page.
     *
     * @param record what the run did
     * @param result how it ended
     * @param what how it was started, in a line
     * @param file the file
     * @throws IOException if it can't be written
     */
    public static void write(TortureRecord record, TortureResult result, String what, Path file) throws IOException {
        List<Chart> charts = new ArrayList<>(List.of(rates(record.samples())));
        if (!record.switches().isEmpty()) {
            charts.add(onoff(record.switches()));
        }
        List<List<String>> percentiles = new ArrayList<>();
        record.latencies().forEach((primitive, histogram) -> {
            percentiles.add(percentiles(primitive, histogram));
            charts.add(latencies(primitive, histogram));
        });
        List<ChartPage.Fact> facts = new ArrayList<>();
        facts.add(new ChartPage.Fact("run", what));
        facts.add(new ChartPage.Fact("invocations", String.format(Locale.ROOT, "%,d in %.1f s: %,.0f per second",
                result.statistics().invoked(), result.nanos() / SECOND, result.invocationsPerSecond())));
        facts.add(new ChartPage.Fact("CPUs on- and offline", result.statistics().onoff().toString().strip()
                + (record.switchesLeftOut() == 0 ? "" : ", of which the page leaves out the last "
                + record.switchesLeftOut())));
        facts.add(new ChartPage.Fact("statistics", result.statistics().line(true)));
        new ChartPage("smp4j torture", result.verdict().toString(),
                result.verdict() != TortureResult.Verdict.SUCCESS, facts,
                List.of(new ChartPage.Figures("How long a call took its caller, in microseconds",
                        List.of("primitive", "calls", "median", "90 %", "99 %", "99.9 %", "longest"), percentiles)),
                List.of(new ChartPage.Lines("Failures", result.failures(), "none"),
                        new ChartPage.Lines("Warnings", record.warnings(), "none")), charts).write(file);
    }

    private static Chart rates(List<TortureRecord.Sample> samples) {
        List<Chart.Row> rows = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            TortureRecord.Sample before = samples.get(i - 1);
            TortureRecord.Sample now = samples.get(i);
            double seconds = (now.nanos() - before.nanos()) / SECOND;
            double[] earlier = counts(before.counters());
            double[] later = counts(now.counters());
            double[] rates = new double[later.length];
            for (int kind = 0; kind < rates.length; kind++) {
                rates[kind] = Math.rint((later[kind] - earlier[kind]) / seconds);
            }
            rows.add(new Chart.Row(Chart.number(now.nanos() / SECOND), rates));
        }
        return new Chart("Rates over time", Chart.Kind.LINE, "seconds", "per second", false, KINDS, rows);
    }

    private static double[] counts(ScfStatistics counters) {
        return DoubleStream.of(counters.invoked(), counters.resched(), counters.single(), counters.singleWait(),
                counters.singleRpc(), counters.many(), counters.manyWait(), counters.all(), counters.allWait())
                .toArray();
    }

    private static Chart onoff(List<TortureRecord.Switch> switches) {
        List<Chart.Row> rows = switches.stream().map(each -> new Chart.Row(Chart.number(each.end() / SECOND),
                each.online() ? each.nanos() / 1e6 : Double.NaN, each.online() ? Double.NaN : each.nanos() / 1e6))
                .toList();
        return new Chart("How long a CPU took to come and to go", Chart.Kind.SCATTER, "seconds", "milliseconds", false,
                List.of("online", "offline"), rows);
    }

    private static List<String> percentiles(String primitive, Histogram histogram) {
        List<String> cells = new ArrayList<>(List.of(primitive, Long.toString(histogram.getTotalCount())));
        for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
            cells.add(Chart.number(histogram.getValueAtPercentile(percentile) / MICROSECOND));
        }
        return cells;
    }

    private static Chart latencies(String primitive, Histogram histogram) {
        List<Chart.Row> rows = new ArrayList<>();
        for (HistogramIterationValue bar : histogram.logarithmicBucketValues(FIRST_BAR, STEP)) {
            if (!rows.isEmpty() || bar.getCountAddedInThisIterationStep() > 0) {
                rows.add(new Chart.Row(Chart.number(bar.getValueIteratedTo() / MICROSECOND),
                        bar.getCountAddedInThisIterationStep()));
            }
        }
        return new Chart("Latency of " + primitive, Chart.Kind.BAR, "microseconds up to", "calls", false,
                List.of("calls"), rows);
    }
}
