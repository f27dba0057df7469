package org.smp4j.explore;

/** Says what keeps a strand, for people. */
final class Waits {
    private final Execution x;

    Waits(Execution x) {
        this.x = x;
    }

    /** {@return who a strand is and what keeps it, in one line} */
    String of(Strand strand) {
        String where = strand.site == Execution.BEGIN ? "" : " at " + Sites.get(strand.site).place();
        String column = x.interrupts.column(strand);
        String why = strand.wait == Strand.Wait.NOTHING ? null : x.interrupts.waits(strand);
        return column + (column.equals(strand.name()) ? "" : " (" + strand.name() + ")") + switch (strand.wait) {
            case SPIN -> " spins" + where + onWhat(strand);
            case PARK -> " is parked" + where;
            case LOCK -> " waits for " + lockName(strand.location) + ", held by " + strand.location.owner.name() + "," + where;
            case KEY -> " waits for the function of " + x.keys.owner(strand).name() + " that computes a value of " + lockName(strand.location) + "," + where;
            case SIGNAL -> " waits for a signal of " + lockName(strand.location) + where;
            case JOIN -> " waits for the end of " + x.strandOf((Thread) strand.location.object).name() + where;
            case SLEEP -> " sleeps" + where;
            case QUIESCENCE -> " waits until nobody can go on" + where;
            case NOTHING -> " could go on" + where;
        } + (why == null ? "" : ": " + why);
    }

    private String lockName(Location location) {
        if (location.object instanceof Initialized.State) {
            return "the initialization of " + x.locations.name(location);
        }
        return Locations.simpleName(location.object.getClass()) + "#" + x.locations.idOf(location.object);
    }

    private String onWhat(Strand strand) {
        StringBuilder names = new StringBuilder();
        for (Location location : strand.spinsOn()) {
            names.append(names.isEmpty() ? ", looking at " : ", ").append(x.locations.name(location));
        }
        return names.toString();
    }
}
