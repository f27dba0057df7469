package org.smp4j.torture;

import java.util.function.IntUnaryOperator;
import org.smp4j.cpu.Cpus;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.lib.Errno;
import org.smp4j.sched.Timers;

/** Takes random CPUs offline and brings them online again; after {@code torture_onoff} of {@code kernel/torture.c}. */
final class TortureOnoff {
    private static final String TASK = "scftorture-torture:torture_onoff task: ";

    /** The counts of one direction; only the on/off task changes them. */
    private static final class Tally {
        private final String stem;
        private long attempts;
        private long successes;
        private int min = -1;
        private int max;
        private long sum;

        Tally(String stem) {
            this.stem = stem;
        }

        synchronized void begin() {
            attempts++;
        }

        synchronized void success(int jiffies) {
            successes++;
            sum += jiffies;
            min = min < 0 ? jiffies : Math.min(min, jiffies);
            max = Math.max(max, jiffies);
        }

        synchronized OnoffStats.Direction stats() {
            return new OnoffStats.Direction(attempts, successes, min, max, sum);
        }
    }

    private final ScfRun run;
    private final Cpus cpus;
    private final CpuHotplug hotplug;
    private final TortureRandom random;
    private final Tally online = new Tally("onlin");
    private final Tally offline = new Tally("offlin");

    TortureOnoff(ScfRun run) {
        this.run = run;
        this.cpus = run.machine.cpus();
        this.hotplug = run.machine.hotplug();
        this.random = new TortureRandom(run.config.seedOf(run.config.workers())); // the seed after those of the workers
    }

    static boolean enabled(TortureConfig config) {
        return config.get(TortureParam.ONOFF_INTERVAL) > 0;
    }

    OnoffStats stats() {
        return new OnoffStats(online.stats(), offline.stats());
    }

    /** The body of the on/off task. */
    void run() {
        run.awaitWorkers();
        int maxcpu = cpus.online.last();
        onlineAll("Initial", maxcpu);
        if (maxcpu == 0) {
            run.print("scftorture-torture: Only one CPU, so CPU-hotplug testing is disabled");
            return;
        }
        run.sleep(run.config.get(TortureParam.ONOFF_HOLDOFF) * 1_000_000_000L);
        while (!run.mustStop()) {
            int cpu = random.below(maxcpu + 1);
            if (!tryOffline(cpu)) {
                tryOnline(cpu);
            }
            run.sleep(run.config.get(TortureParam.ONOFF_INTERVAL) * Timers.JIFFY);
        }
        onlineAll("Final", maxcpu);
    }

    private void onlineAll(String phase, int maxcpu) {
        for (int cpu = 0; cpu <= maxcpu; cpu++) {
            if (!cpus.online.testCpu(cpu)) {
                int ret = hotplug.addCpu(cpu);
                if (ret < 0) {
                    run.print("scftorture-torture: " + phase + " online of CPU " + cpu + " failed: " + Errno.name(ret));
                }
            }
        }
    }

    /** {@return whether it was tried; after {@code torture_offline}} */
    private boolean tryOffline(int cpu) {
        return cpus.online.testCpu(cpu) && cpus.numOnline() > 1 && attempt(offline, cpu, hotplug::removeCpu);
    }

    /** {@return whether it was tried; after {@code torture_online}} */
    private boolean tryOnline(int cpu) {
        return !cpus.online.testCpu(cpu) && attempt(online, cpu, hotplug::addCpu);
    }

    private boolean attempt(Tally tally, int cpu, IntUnaryOperator operation) {
        boolean chatty = run.config.get(TortureParam.VERBOSE) > 1;
        if (chatty) {
            run.print(TASK + tally.stem + "ing " + cpu);
        }
        tally.begin();
        long start = System.nanoTime();
        int ret = operation.applyAsInt(cpu);
        if (ret == 0) {
            long nanos = System.nanoTime() - start;
            if (run.observer != null) {
                run.observer.onoff(cpu, tally == online, nanos);
            }
            if (chatty) {
                run.print(TASK + tally.stem + "ed " + cpu);
            }
            tally.success((int) (nanos / Timers.JIFFY));
        } else {
            run.verbose(TASK + tally.stem + "e " + cpu + " failed: errno " + ret);
        }
        return true;
    }
}
