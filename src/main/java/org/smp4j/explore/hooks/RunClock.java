package org.smp4j.explore.hooks;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;

/** A clock that shows the virtual time of the run, in milliseconds; outside of a run the system's. */
final class RunClock extends Clock {
    private final ZoneId zone;

    RunClock(ZoneId zone) {
        this.zone = Objects.requireNonNull(zone, "zone");
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new RunClock(other);
    }

    @Override
    public long millis() {
        LiveStrand strand = Execution.running;
        return strand == null ? System.currentTimeMillis() : strand.execution.time.lookInMillis(strand);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RunClock that && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return zone.hashCode() + 1;
    }

    @Override
    public String toString() {
        return "SystemClock[" + zone + "]";
    }
}
