package org.smp4j.explore.detect;

import java.util.stream.Stream;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Wait;

/** Describes for a report what a strand waits for. */
final class WaitDescription {
    private final Run x;

    WaitDescription(Run x) {
        this.x = x;
    }

    /** {@return the name of a strand and what it waits for, in one line} */
    String of(Strand strand) {
        String where = strand.site() == Strand.BEGIN ? "" : " at " + Sites.get(strand.site()).place() + caller(strand);
        String column = x.column(strand);
        String why = strand.waitsFor() == Wait.NOTHING ? null : x.waits(strand);
        if (why != null && strand.waitsFor() == Wait.SPIN) {
            return column + (column.equals(strand.name()) ? "" : " (" + strand.name() + ")") + ": " + why;
        }
        return column + (column.equals(strand.name()) ? "" : " (" + strand.name() + ")") + switch (strand.waitsFor()) {
            case SPIN -> " spins" + where + onWhat(strand);
            case PARK -> " is parked" + where;
            case LOCK -> " waits for " + lockName(strand.location()) + ", held by " + x.holder(strand).name()
                    + "," + where;
            case KEY -> " waits for the function of " + x.holder(strand).name() + " that computes a value of "
                    + lockName(strand.location()) + "," + where;
            case SIGNAL -> " waits for a signal of " + lockName(strand.location()) + where;
            case JOIN -> " waits for the end of " + x.strandOf((Thread) strand.location().object()).name() + where;
            case SLEEP -> " sleeps" + where;
            case QUIESCENCE -> " waits until no other thread can go on" + where;
            case NOTHING -> " could go on" + where;
        } + (why == null ? "" : ": " + why);
    }

    /** The code of the scenario that made the call of the JDK in which the strand is. */
    private static String caller(Strand strand) {
        if (strand.site() < 0 || (Sites.modeOf(strand.site()) & Access.JDK) == 0) {
            return "";
        }
        return Stream.of(strand.stack()).filter(Failures::isScenarios).findFirst()
                .map(frame -> ", called " + Failures.line(frame)).orElse("");
    }

    private String lockName(Location location) {
        if (location.isClass()) {
            return "the initialization of " + x.name(location);
        }
        return Names.simple(location.object().getClass()) + "#" + x.idOf(location.object());
    }

    private String onWhat(Strand strand) {
        StringBuilder names = new StringBuilder();
        for (Location location : strand.spinsOn()) {
            names.append(names.isEmpty() ? ", looking at " : ", ").append(x.name(location));
        }
        return names.toString();
    }
}
