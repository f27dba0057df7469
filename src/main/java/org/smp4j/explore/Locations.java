package org.smp4j.explore;

import java.util.Arrays;

/** The locations of one schedule, found by object and field; numbered in the order of their first touch. Emptied at once for the next schedule. */
final class Locations {
    private static final int LIMIT = 1 << 22;

    private Location[] slots = new Location[256];
    private Location[] pool = new Location[256];
    private Location[] bySite = new Location[1024];
    private int used;
    private int epoch = 1;
    // Objects by the order of their first touch, for names.
    private final Ids objects = new Ids();

    void clear() {
        used = 0;
        epoch++;
        Arrays.fill(slots, null); // a stretch of memory in order: cheaper than another word to look at for each slot
        objects.clear();
    }

    int size() {
        return used;
    }

    Location get(int id) {
        return pool[id];
    }

    /** As {@link #find(Object, int)}; a site mostly reaches the same location again. */
    Location find(Object object, int field, int site) {
        if (site >= bySite.length) {
            bySite = Arrays.copyOf(bySite, Math.max(site + 1, 2 * bySite.length));
        }
        Location last = bySite[site];
        if (last != null && last.object == object && last.field == field && last.epoch == epoch) {
            return last;
        }
        Location found = find(object, field);
        bySite[site] = found;
        return found;
    }

    Location find(Object object, int field) {
        int mask = slots.length - 1;
        int hash = (System.identityHashCode(object) * 31 + field) * 0x9E3779B9;
        int slot = hash >>> 8 & mask;
        for (Location found; (found = slots[slot]) != null; slot = slot + 1 & mask) {
            if (found.object == object && found.field == field) {
                return found;
            }
        }
        return add(object, field, slot);
    }

    private Location add(Object object, int field, int slot) {
        if (used == pool.length) {
            if (used == LIMIT) {
                throw new ExplorerException("the scenario touches more than " + LIMIT + " shared locations in one schedule");
            }
            pool = Arrays.copyOf(pool, 2 * used);
        }
        Location location = pool[used];
        if (location == null) {
            location = new Location();
            pool[used] = location;
        }
        location.reset(object, field, used++, epoch);
        slots[slot] = location;
        if (2 * used > slots.length) {
            grow();
        }
        return location;
    }

    private void grow() {
        slots = new Location[2 * slots.length];
        int mask = slots.length - 1;
        for (int i = 0; i < used; i++) {
            Location location = pool[i];
            int slot = (System.identityHashCode(location.object) * 31 + location.field) * 0x9E3779B9 >>> 8 & mask;
            while (slots[slot] != null) {
                slot = slot + 1 & mask;
            }
            slots[slot] = location;
        }
    }

    /** {@return the number of an object among those of its class that this schedule has asked for, from 0} */
    int idOf(Object object) {
        return objects.idOf(object);
    }

    /** {@return a location as a reader would name it} */
    String name(Location location) {
        String field = location.field >= 0 ? Sites.fieldName(location.field) : null;
        if (location.object == null) {
            return shortName(field);
        }
        if (location.object instanceof Strand strand) {
            return strand.name() + " " + shortName(field);
        }
        String object = simpleName(location.object.getClass()) + "#" + idOf(location.object);
        if (field == null) {
            String component = location.object.getClass().isArray() ? simpleName(location.object.getClass().componentType()) : simpleName(location.object.getClass());
            return component + "#" + idOf(location.object) + "[" + (-1 - location.field) + "]";
        }
        return object + "." + field.substring(field.lastIndexOf('.') + 1);
    }

    private static String shortName(String field) {
        int last = field.lastIndexOf('.');
        return field.substring(field.lastIndexOf('.', last - 1) + 1);
    }

    static String simpleName(Class<?> type) {
        if (type.isArray()) {
            return simpleName(type.componentType()) + "[]";
        }
        String name = type.getName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
