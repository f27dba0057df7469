package org.smp4j.campaign.work;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.smp4j.campaign.json.ManifestJson;
import org.smp4j.torture.Torture;
import org.smp4j.torture.TortureConfig;
import org.smp4j.torture.TortureParam;
import org.smp4j.torture.TortureResult;

/**
 * Tortures calls between CPUs on real threads: a unit is one run. Its numbers depend on the machine; they add up.
 *
 * @param cpus the number of CPUs
 * @param parameters parameters as {@code name=number}, by the names that {@code smp4j torture} has
 * @param seconds how long a run takes
 * @param firstSeed the seed of the first run
 * @param seeds how many runs
 */
public record TortureWork(int cpus, List<String> parameters, int seconds, long firstSeed, int seeds) implements Work {
    private static final int MOST_CPUS = 1024;
    private static final long POLL_MILLIS = 50;

    /** Copies the list. */
    public TortureWork {
        parameters = List.copyOf(parameters);
    }

    @Override
    public String title() {
        return "torture, " + cpus + " CPUs" + (parameters.isEmpty() ? "" : ", " + String.join(" ", parameters));
    }

    @Override
    public void check() {
        if (cpus < 1 || cpus > MOST_CPUS) {
            throw new IllegalArgumentException("cpus must be between 1 and " + MOST_CPUS + ", got " + cpus);
        }
        if (seconds < 1) {
            throw new IllegalArgumentException("seconds must be at least 1, got " + seconds);
        }
        config(firstSeed);
    }

    private TortureConfig config(long seed) {
        TortureConfig config = TortureConfig.cpus(cpus);
        for (String parameter : parameters) {
            String[] parts = parameter.split("=", 2);
            TortureParam known = TortureParam.ofName(parts[0].replace('-', '_'));
            if (known == null || known == TortureParam.SHUTDOWN_SECS || parts.length < 2) {
                throw new IllegalArgumentException("torture takes parameters such as nthreads=4, got " + parameter);
            }
            try {
                config = config.with(known, Integer.parseInt(parts[1]));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("torture takes whole numbers, got " + parameter, e);
            }
        }
        return config.with(TortureParam.SHUTDOWN_SECS, seconds).withSeed(seed);
    }

    @Override
    public UnitResult run(long seed, Host host, Pages pages) {
        List<String> log = new ArrayList<>();
        Torture torture = new Torture(config(seed), line -> {
            synchronized (log) {
                log.add(line);
            }
        });
        TortureResult result = run(torture, host);
        Map<String, Long> counts = new TreeMap<>();
        add("", ManifestJson.tree(result.statistics()), counts);
        counts.put("warnings", (long) result.warnings());
        counts.put("lockups", (long) result.lockups());
        counts.put("late csd locks", (long) result.csdLockReports());
        counts.put("verdict " + result.verdict(), 1L);
        List<Story> stories = new ArrayList<>();
        for (String failure : result.failures()) {
            stories.add(new Story(failure.replaceAll("[0-9]+", "#"), "torture", failure, null));
        }
        boolean passed = result.verdict() == TortureResult.Verdict.SUCCESS;
        if (!passed && stories.isEmpty()) {
            synchronized (log) {
                stories.add(new Story("verdict " + result.verdict(), "torture", String.join("\n", log), null));
            }
        }
        return UnitResult.of(this, seed, passed, stories, counts);
    }

    /** Runs it, to its end or until the process is asked to stop. */
    private static TortureResult run(Torture torture, Host host) {
        Thread watcher = Thread.ofPlatform().daemon().name("stop").start(() -> {
            try {
                while (!host.stopped()) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
                torture.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the run has ended
            }
        });
        try {
            return torture.run();
        } finally {
            watcher.interrupt();
        }
    }

    private static void add(String name, JsonNode value, Map<String, Long> counts) {
        if (value.isIntegralNumber() && !name.endsWith(".min") && !name.endsWith(".max")) { // these don't add up
            counts.put(name, value.longValue());
        } else if (value.isObject()) {
            value.properties().forEach(each ->
                    add(name.isEmpty() ? each.getKey() : name + "." + each.getKey(), each.getValue(), counts));
        }
    }
}
