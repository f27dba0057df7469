package org.smp4j.fuzz.handover;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.smp4j.explore.Exploring;

/** What functions of stops have written: a CPU that was stopped for one sees it when it goes on. */
public final class StoppedCpus {
    private final List<Stop> stops = new ArrayList<>(); // guarded by itself

    /** For a run. */
    public StoppedCpus() {
    }

    /** A stop, and the CPUs that have not gone on since. */
    private static final class Stop {
        final HandOver written;
        int cpus; // guarded by stops

        Stop(HandOver written, int cpus) {
            this.written = written;
            this.cpus = cpus;
        }
    }

    /**
     * The function of a stop is about to return.
     *
     * @param name the operation
     * @param cpus the CPUs that are stopped, as bits
     */
    public void stopped(Object name, int cpus) {
        if (!HandOver.isChecked()) {
            return;
        }
        HandOver written = HandOver.written("the function of " + name);
        Exploring.quietly(() -> {
            synchronized (stops) {
                stops.add(new Stop(written, cpus));
            }
        });
    }

    /**
     * A CPU begins an operation, and so is not stopped.
     *
     * @param cpu the current CPU
     * @param name the operation
     */
    public void goesOn(int cpu, Object name) {
        if (!HandOver.isChecked()) {
            return;
        }
        List<HandOver> before = new ArrayList<>();
        Exploring.quietly(() -> {
            synchronized (stops) {
                for (Iterator<Stop> all = stops.iterator(); all.hasNext();) {
                    Stop stop = all.next();
                    if ((stop.cpus >> cpu & 1) != 0) {
                        before.add(stop.written);
                        stop.cpus &= ~(1 << cpu);
                    }
                    if (stop.cpus == 0) {
                        all.remove();
                    }
                }
            }
        });
        before.forEach(each -> each.mustBeSeen(name + ", whose CPU was stopped,"));
    }
}
