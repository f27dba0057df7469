package org.smp4j.explore.engine;

import java.util.Arrays;
import org.smp4j.explore.detect.FieldMeetings;
import org.smp4j.explore.environment.FieldNames;
import org.smp4j.explore.environment.ObjectNumbers;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;

/**
 * The locations of one schedule by object and field, numbered in the order of first use. All are dropped at once for
 * the next schedule.
 *
 * <p>In most scenarios few objects share a field, so a search through their chain is faster than a new object's
 * identity hash code. If there are more, a table has the others.
 */
public final class Locations {
    private static final int LIMIT = 1 << 22;
    private static final int NEAR_BITS = 7;
    private static final int NEAR_BITS_OF_MANY = 10;
    private static final int MANY = 256;
    private static final int MOST_NEAR = 6;

    public final FieldMeetings meetings = new FieldMeetings();
    /** Names for atomics and arrays. */
    public final FieldNames fields = new FieldNames();
    private LiveLocation[] near = new LiveLocation[1 << NEAR_BITS];
    private int nearShift = Integer.SIZE - NEAR_BITS;
    private LiveLocation[] far = new LiveLocation[256];
    private int farCount;
    private LiveLocation[] pool = new LiveLocation[256];
    private LiveLocation[] bySite = new LiveLocation[1024];
    private int used;
    private int epoch = 1;
    // Objects in the order of their first use, for names.
    private final ObjectNumbers objects = new ObjectNumbers();
    private final Execution x;

    Locations(Execution x) {
        this.x = x;
    }

    void clear() {
        if (used > MANY && near.length < 1 << NEAR_BITS_OF_MANY) {
            near = new LiveLocation[1 << NEAR_BITS_OF_MANY];
            nearShift = Integer.SIZE - NEAR_BITS_OF_MANY;
        }
        used = 0;
        epoch++;
        meetings.begin();
        Arrays.fill(near, null); // sequential writes are cheaper than a run number to check in each entry
        if (farCount > 0) {
            Arrays.fill(far, null);
            farCount = 0;
        }
        objects.clear();
        fields.begin();
        if (x.weak != null) {
            x.weak.begin(x.strategy.ordersVolatile());
        }
    }

    int size() {
        return used;
    }

    /** As {@link #find(Object, int)}, with a cache: a site mostly reaches the same location again. */
    public LiveLocation find(Object object, int field, int site) {
        if (site >= bySite.length) {
            bySite = Arrays.copyOf(bySite, Math.max(site + 1, 2 * bySite.length));
        }
        LiveLocation last = bySite[site];
        if (last != null && last.object == object && last.field == field && last.epoch == epoch) {
            return last;
        }
        LiveLocation found = find(object, field);
        bySite[site] = found;
        return found;
    }

    /** {@return the location} */
    public LiveLocation find(Object object, int field) {
        int slot = field * 0x9E3779B9 >>> nearShift;
        LiveLocation location = near[slot];
        for (int i = 1; location != null; i++, location = location.near) {
            if (location.object == object && location.field == field) {
                return location;
            }
            if (i == MOST_NEAR) {
                return findFar(object, field);
            }
        }
        location = add(object, field);
        location.near = near[slot];
        near[slot] = location;
        return location;
    }

    private LiveLocation findFar(Object object, int field) {
        int slot = farSlot(object, field);
        for (LiveLocation found; (found = far[slot]) != null; slot = slot + 1 & far.length - 1) {
            if (found.object == object && found.field == field) {
                return found;
            }
        }
        LiveLocation location = add(object, field);
        far[slot] = location;
        if (2 * ++farCount > far.length) {
            grow();
        }
        return location;
    }

    private int farSlot(Object object, int field) {
        return (System.identityHashCode(object) * 31 + field) * 0x9E3779B9 >>> 8 & far.length - 1;
    }

    private LiveLocation add(Object object, int field) {
        if (used == pool.length) {
            if (used == LIMIT) {
                throw Refusal.met("the scenario touches more than " + LIMIT + " shared locations in one schedule");
            }
            pool = Arrays.copyOf(pool, 2 * used);
        }
        LiveLocation location = pool[used];
        if (location == null) {
            location = new LiveLocation();
            pool[used] = location;
        }
        location.reset(object, field, used++, epoch);
        return location;
    }

    private void grow() {
        LiveLocation[] before = far;
        far = new LiveLocation[2 * before.length];
        for (LiveLocation location : before) {
            if (location != null) {
                int slot = farSlot(location.object, location.field);
                while (far[slot] != null) {
                    slot = slot + 1 & far.length - 1;
                }
                far[slot] = location;
            }
        }
    }

    /** {@return the number of an object among those of its class that this schedule has asked for, from 0} */
    public int idOf(Object object) {
        return objects.idOf(object);
    }

    /** {@return a location as a reader would name it} */
    String name(Location of) {
        LiveLocation location = (LiveLocation) of;
        String field = location.field >= 0 ? Sites.fieldName(location.field) : null;
        if (location.object == null || isOfClass(location, field)) {
            return shortName(field);
        }
        if (location.object instanceof ClassInitialization.State state) {
            return state.name.substring(state.name.lastIndexOf('.') + 1);
        }
        if (location.isThreads()) {
            Thread thread = (Thread) location.object;
            LiveStrand strand = x.strandTable.of(thread);
            return (strand == null ? thread.getName() : strand.name()) + " " + shortName(field);
        }
        String held = x.view.inStretch() ? fields.of(location.object, field == null ? -1 - location.field : -1, objects)
                : null;
        if (held != null) {
            return held;
        }
        String object = Names.simple(location.object.getClass()) + "#" + idOf(location.object);
        if (field == null) {
            String component = location.object.getClass().isArray()
                    ? Names.simple(location.object.getClass().componentType())
                    : Names.simple(location.object.getClass());
            return component + "#" + idOf(location.object) + "[" + (-1 - location.field) + "]";
        }
        return object + "." + field.substring(field.lastIndexOf('.') + 1);
    }

    /** Whether a location is a static field of a class that is another one in each run. */
    private static boolean isOfClass(LiveLocation location, String field) {
        return location.object instanceof Class<?> && field != null && field.indexOf('.') >= 0;
    }

    private static String shortName(String field) {
        int last = field.lastIndexOf('.');
        return field.substring(field.lastIndexOf('.', last - 1) + 1);
    }

}
