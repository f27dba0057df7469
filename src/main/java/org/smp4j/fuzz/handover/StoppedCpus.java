package org.smp4j.fuzz.handover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.Exploring;

/** What functions of stops have written: a CPU that was stopped for one sees it when it goes on. */
public final class StoppedCpus {
    private final List<Stop> stops = new ArrayList<>(); // guarded by itself
    private final Map<Integer, Run> running = new HashMap<>(); // guarded by stops; the CPUs that run a function

    /** For a run. */
    public StoppedCpus() {
    }

    /** One time that a function of a stop runs. */
    public static final class Run {
        /** The name of the function. */
        public final String function;
        /** The name of the task that asked for the stop. */
        public final String caller;

        private Run(String function, String caller) {
            this.function = function;
            this.caller = caller;
        }
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
     * @param function the name of the function
     * @param caller the name of the task that asked for the stop
     */
    public void begins(int cpu, String function, String caller) {
        if (!HandOver.isChecked()) {
            return;
        }
        Exploring.quietly(() -> {
            synchronized (stops) {
                running.put(cpu, new Run(function, caller));
            }
        });
    }

    /**
     * {@return the function that a CPU runs for a stop, or null; no step}
     *
     * @param cpu the CPU
     */
    public Run running(int cpu) {
        Run[] found = new Run[1];
        Exploring.quietly(() -> {
            synchronized (stops) {
                found[0] = running.get(cpu);
            }
        });
        return found[0];
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
                running.remove(cpu);
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
                for (Iterator<Stop> all = stops.iterator(); !running.containsKey(cpu) && all.hasNext();) {
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
