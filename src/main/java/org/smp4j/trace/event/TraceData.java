package org.smp4j.trace.event;

import java.util.List;

/**
 * A trace: the events of all CPUs, in the order of their times.
 *
 * @param nrCpus how many CPUs the machine had
 * @param clock what the times of the events are
 * @param events the events that are left
 * @param emitted by CPU, how many events there were
 * @param overwritten by CPU, how many were overwritten by later ones
 * @param outcome how the run ended, in one line; null if nothing is to be said
 */
public record TraceData(int nrCpus, Clock clock, List<TraceEvent> events, List<Long> emitted, List<Long> overwritten,
        String outcome) {
    /** What a time is. */
    public enum Clock {
        /** Nanoseconds of the host since the trace began. */
        NANOSECONDS(1),
        /** The number of a step; exports show a step as one microsecond. */
        STEPS(1000);

        private final int nanos;

        Clock(int nanos) {
            this.nanos = nanos;
        }

        /**
         * A time as nanoseconds.
         *
         * @param time the time of an event
         * @return the same as exports show it
         */
        public long nanos(long time) {
            return time * nanos;
        }
    }

    /** Copies the lists. */
    public TraceData {
        events = List.copyOf(events);
        emitted = List.copyOf(emitted);
        overwritten = List.copyOf(overwritten);
    }

    /**
     * When an event happened.
     *
     * @param event one of the events
     * @return nanoseconds since the trace began
     */
    public long nanos(TraceEvent event) {
        return clock.nanos(event.time());
    }

    /** {@return how many events were overwritten, on all CPUs together} */
    public long lost() {
        return overwritten.stream().mapToLong(Long::longValue).sum();
    }
}
