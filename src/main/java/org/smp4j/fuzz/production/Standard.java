package org.smp4j.fuzz.production;

import java.util.List;
import java.util.stream.Stream;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Production;

/** The productions of the tower. */
public final class Standard {
    private Standard() {
    }

    /** {@return all of them} */
    public static Catalog catalog() {
        List<Production> all = Stream.of(Calls.all(), IrqWorkCalls.all(), Contexts.all(), Locks.all(), Tasks.all(),
                Works.all(), Stops.all(), Hotplugs.all(), States.all(), Drivers.all(), Throwers.all(), Delays.all())
                .flatMap(List::stream).toList();
        return new Catalog(all);
    }
}
