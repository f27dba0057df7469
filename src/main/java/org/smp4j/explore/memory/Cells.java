package org.smp4j.explore.memory;

import java.util.Set;
import java.util.TreeSet;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;

/** What a weak memory keeps of each location of a run. */
final class Cells {
    /** What is kept of one location. */
    static final class Cell {
        private final Cells of;
        private Class<?> type;
        private int field = Integer.MIN_VALUE; // none
        private int run;
        /** Where the program keeps the value; null if there is none, as of a lock or a collection. */
        HeapValue heap;
        /** Its number in the memory; below 0 until there is more than one value. */
        int number;
        /** What those that acquire the location see, if it has no number. */
        View published;
        int publisher;

        Cell(Cells of) {
            this.of = of;
        }
    }

    private final HeapValue.Finder finder = new HeapValue.Finder();
    private final Set<String> withoutValue = new TreeSet<>();
    private int run;

    /** Nothing is kept any more. */
    void begin() {
        run++;
    }

    /** {@return what is kept of a location} */
    Cell at(Location location) {
        Cell at = (Cell) location.remembered;
        if (at == null || at.of != this) {
            at = new Cell(this);
            location.remembered = at;
        }
        if (at.run != run) {
            at.run = run;
            meet(at, location);
            at.number = -1;
            at.published = null;
            at.publisher = -1;
        }
        return at;
    }

    /** The cell may have been one of another location, in a run before; mostly it was one of the same kind. */
    private void meet(Cell at, Location location) {
        Object object = location.object();
        Class<?> type = object == null ? null : object.getClass();
        if (at.type != type || at.field != location.field() || type == Class.class) {
            at.type = type;
            at.field = location.field();
            at.heap = finder.find(object, at.field);
            if (at.heap == null) {
                note(location);
            }
        }
    }

    /** Fields and elements have values: one that can't be found is named. */
    private void note(Location location) {
        int field = location.field();
        String name = field < 0 ? Names.simple(location.object().getClass()) : Sites.fieldName(field);
        if (field < 0 || name.indexOf('.') > 0) {
            withoutValue.add(name);
        }
    }

    /** {@return the names of fields and elements whose values could not be found} */
    Set<String> withoutValue() {
        return withoutValue;
    }
}
