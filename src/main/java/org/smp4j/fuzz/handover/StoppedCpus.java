package org.smp4j.fuzz.handover;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.smp4j.explore.Exploring;

/** What functions of stops have written: a CPU that was stopped for one sees it when it goes on. */
public final class StoppedCpus {
    private final List<Stop> stops = new ArrayList<>(); // guarded by itself
    private int inFunction; // guarded by stops; CPUs that run the function of a stop, as bits

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
     * The function of a stop begins.
     *
     * @param cpu the current CPU
     */
    public void begins(int cpu) {
        if (!HandOver.isChecked()) {
            return;
        }
        Exploring.quietly(() -> {
            synchronized (stops) {
                inFunction |= 1 << cpu;
            }
        });
    }

    /**
     * The function of a stop is about to return.
     *
     * @param cpu the current CPU
     * @param name the operation
     * @param cpus the CPUs that are stopped, as bits
     */
    public void ends(int cpu, Object name, int cpus) {
        if (!HandOver.isChecked()) {
            return;
        }
        HandOver written = HandOver.written("the function of ", name);
        Exploring.quietly(() -> {
            synchronized (stops) {
                inFunction &= ~(1 << cpu);
                stops.add(new Stop(written, cpus));
            }
        });
    }

    /**
     * A CPU begins an operation: it is not stopped, or runs the function of a stop.
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
                for (Iterator<Stop> all = stops.iterator(); (inFunction >> cpu & 1) == 0 && all.hasNext();) {
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
        before.forEach(each -> each.mustBeSeen("on a CPU that was stopped, ", name));
    }
}
