package org.smp4j.torture.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;
import org.smp4j.lib.Printk;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.TortureObserver;

/**
 * What a torture run did over time, in bounded memory: counters at intervals, how long each primitive took, how long
 * CPUs took to go on- and offline, and the warnings of its log.
 */
public final class TortureRecord implements TortureObserver {
    /** Of so many samples half are dropped, and the interval is doubled. */
    private static final int MOST_SAMPLES = 1000;
    private static final int MOST_SWITCHES = 5000;
    private static final int MOST_WARNINGS = 200;
    private static final long LONGEST = 600_000_000_000L;
    private static final int DIGITS = 2;
    private static final long FIRST_INTERVAL = 100_000_000L;

    /**
     * The counters at a moment.
     *
     * @param nanos since the record began
     * @param counters the counters
     */
    public record Sample(long nanos, ScfStatistics counters) {
    }

    /**
     * A CPU that went on- or offline.
     *
     * @param end when it was there, in nanoseconds since the record began
     * @param cpu the CPU
     * @param online the direction
     * @param nanos how long it took
     */
    public record Switch(long end, int cpu, boolean online, long nanos) {
    }

    /** One worker's histograms by primitive. */
    private static final class WorkerRecord implements Worker {
        // Written by: the worker. Read by: the thread that ends the test, after the worker's end.
        // Ordering: the end of the worker's task.
        private final Map<String, Histogram> latencies = new TreeMap<>();

        @Override
        public void performed(String primitive, long nanos) {
            Histogram histogram = latencies.get(primitive);
            if (histogram == null) {
                histogram = new Histogram(LONGEST, DIGITS);
                latencies.put(primitive, histogram);
            }
            histogram.recordValue(Math.clamp(nanos, 0, LONGEST));
        }
    }

    private final long start = System.nanoTime();
    private final ConcurrentLinkedQueue<WorkerRecord> workers = new ConcurrentLinkedQueue<>();
    private final List<Sample> samples = new ArrayList<>(); // guarded by this
    private long interval = FIRST_INTERVAL; // guarded by this
    private final List<Switch> switches = new ArrayList<>(); // guarded by this
    private long switchesLeftOut; // guarded by this
    private final List<String> warnings = new ArrayList<>(); // guarded by this
    private long warningsLeftOut; // guarded by this

    @Override
    public Worker worker(int worker) {
        WorkerRecord record = new WorkerRecord();
        workers.add(record);
        return record;
    }

    @Override
    public synchronized void onoff(int cpu, boolean online, long nanos) {
        if (switches.size() < MOST_SWITCHES) {
            switches.add(new Switch(System.nanoTime() - start, cpu, online, nanos));
        } else {
            switchesLeftOut++;
        }
    }

    /**
     * Keeps the counters of this moment, if the latest kept ones are old enough.
     *
     * @param counters the counters
     */
    public void sample(ScfStatistics counters) {
        sample(System.nanoTime() - start, counters);
    }

    /**
     * Keeps the counters of a moment, if the latest kept ones are old enough.
     *
     * @param now nanoseconds since the record began
     * @param counters the counters
     */
    public synchronized void sample(long now, ScfStatistics counters) {
        if (!samples.isEmpty() && now - samples.getLast().nanos < interval) {
            return;
        }
        samples.add(new Sample(now, counters));
        if (samples.size() == MOST_SAMPLES) {
            for (int i = samples.size() - 1; i > 0; i -= 2) {
                samples.remove(i);
            }
            interval *= 2;
        }
    }

    /**
     * A log that keeps its warnings here, with their time, and passes all lines on.
     *
     * @param next gets all lines
     * @return the log
     */
    public Printk log(Printk next) {
        return line -> {
            if (line.startsWith("WARNING: ") || line.contains("BUG: ") || line.contains("!!!")
                    || line.startsWith("smp: csd: Detected") || line.startsWith("watchdog: ")) {
                warning(line);
            }
            next.print(line);
        };
    }

    private synchronized void warning(String line) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(String.format(java.util.Locale.ROOT, "%.1f s: %s", (System.nanoTime() - start) / 1e9, line));
        } else {
            warningsLeftOut++;
        }
    }

    /** {@return the counters, in the order of time} */
    public synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** {@return the first CPUs that went on- or offline, in the order of time} */
    public synchronized List<Switch> switches() {
        return List.copyOf(switches);
    }

    /** {@return how many CPUs went on- or offline after these} */
    public synchronized long switchesLeftOut() {
        return switchesLeftOut;
    }

    /** {@return the first warnings, each with its time} */
    public synchronized List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (warningsLeftOut > 0) {
            all.add("and " + warningsLeftOut + " more");
        }
        return all;
    }

    /** {@return how long each primitive took, in nanoseconds. Context: after the end of the run} */
    public Map<String, Histogram> latencies() {
        Map<String, Histogram> all = new TreeMap<>();
        workers.forEach(worker -> worker.latencies.forEach((primitive, histogram) ->
                all.computeIfAbsent(primitive, _ -> new Histogram(LONGEST, DIGITS)).add(histogram)));
        return all;
    }
}
