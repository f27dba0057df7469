package org.smp4j.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** What must not be touched any more, by anybody or by who has let go of it. While there is nothing of the kind it costs a look at a field. */
final class Releases {
    private static final class Release {
        boolean freed;
        Strand freedBy;
        int freedAt;
        long letGoBy;
        int letGoAt;
    }

    private final Execution x;
    private final Map<Object, Release> releases = new IdentityHashMap<>();
    private final List<Release> letGo = new ArrayList<>();
    private Class<?>[] types = new Class<?>[4];
    private int typeCount;
    boolean any;

    Releases(Execution x) {
        this.x = x;
    }

    void begin() {
        if (any) {
            any = false;
            typeCount = 0;
            releases.clear();
            letGo.clear();
        }
    }

    /** Nobody may touch it. */
    void free(Strand strand, Object object) {
        x.hold.released(object);
        Release release = of(object);
        release.freed = true;
        release.freedBy = strand;
        release.freedAt = strand.site;
    }

    /** The strand may not touch it. */
    void letGo(Strand strand, Object object) {
        x.hold.events++;
        Release release = of(object);
        if (release.letGoBy == 0) {
            letGo.add(release);
        }
        release.letGoBy |= strand.bit;
        release.letGoAt = strand.site;
    }

    private Release of(Object object) {
        any = true;
        x.unseen.add(Unseen.Rule.RELEASE);
        Class<?> type = object.getClass();
        if (!isOf(type)) {
            if (typeCount == types.length) {
                types = Arrays.copyOf(types, 2 * typeCount);
            }
            types[typeCount++] = type;
        }
        return releases.computeIfAbsent(object, _ -> new Release());
    }

    private boolean isOf(Class<?> type) {
        for (int i = 0; i < typeCount; i++) {
            if (types[i] == type) {
                return true;
            }
        }
        return false;
    }

    /** It has an owner again, who may pass it on. */
    void own(Object object) {
        x.hold.released(object);
        Release release = any ? releases.get(object) : null;
        if (release != null) {
            release.freed = false;
        }
    }

    /** What the strand has let go of it may touch again. */
    void forget(Strand strand) {
        x.hold.events++;
        for (int i = letGo.size() - 1; i >= 0; i--) {
            letGo.get(i).letGoBy &= ~strand.bit;
            if (letGo.get(i).letGoBy == 0) {
                letGo.remove(i);
            }
        }
    }

    /** Ends the run if the strand must not touch this; where there is {@link #any}. */
    void check(Strand strand, Object object, int site) {
        if (object == null || !isOf(object.getClass())) {
            return;
        }
        Release release = releases.get(object);
        if (release == null || !release.freed && (release.letGoBy & strand.bit) == 0) {
            return;
        }
        String use = "uses " + Locations.simpleName(object.getClass()) + "#" + x.locations.idOf(object) + " at " + Sites.get(site).place();
        if (x.observer != null) {
            x.observer.note(x, strand, use); // the use itself is no step any more
        }
        String told = release.freed ? x.interrupts.column(release.freedBy) + " gave it up, last at " + Sites.get(release.freedAt).place()
                : "it had let go of it at " + Sites.get(release.letGoAt).place();
        x.end(strand, Failure.of("use after release", x.interrupts.column(strand) + " " + use + " after " + told));
    }
}
