package org.smp4j.explore.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/**
 * What must not be touched any more, by anybody or by who has let go of it. While there is nothing of the kind it costs
 * a look at a field.
 */
public final class Releases {
    private static final class Release {
        boolean freed;
        Strand freedBy;
        int freedAt;
        long letGoBy;
        int letGoAt;
    }

    private final Run x;
    private final Assumptions unseen;
    private final Map<Object, Release> releases = new IdentityHashMap<>();
    private final List<Release> letGo = new ArrayList<>();
    private Class<?>[] types = new Class<?>[4];
    private int typeCount;
    public boolean any;

    public Releases(Run x, Assumptions unseen) {
        this.x = x;
        this.unseen = unseen;
    }

    public void begin() {
        if (any) {
            any = false;
            typeCount = 0;
            releases.clear();
            letGo.clear();
        }
    }

    /** Nobody may touch it. */
    public void free(Strand strand, Object object) {
        x.held().released(object);
        Release release = of(object);
        release.freed = true;
        release.freedBy = strand;
        release.freedAt = strand.site();
    }

    /** The strand may not touch it. */
    public void letGo(Strand strand, Object object) {
        x.held().happened();
        Release release = of(object);
        if (release.letGoBy == 0) {
            letGo.add(release);
        }
        release.letGoBy |= strand.bit;
        release.letGoAt = strand.site();
    }

    private Release of(Object object) {
        any = true;
        unseen.add(Assumptions.Rule.RELEASE);
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
    public void own(Object object) {
        x.held().released(object);
        Release release = any ? releases.get(object) : null;
        if (release != null) {
            release.freed = false;
        }
    }

    /** What the strand has let go of it may touch again. */
    public void forget(Strand strand) {
        x.held().happened();
        for (int i = letGo.size() - 1; i >= 0; i--) {
            letGo.get(i).letGoBy &= ~strand.bit;
            if (letGo.get(i).letGoBy == 0) {
                letGo.remove(i);
            }
        }
    }

    /** {@return what is wrong if the strand must not touch this, null if nothing is; where there is {@link #any}} */
    public Failure misuse(Strand strand, Object object, int site) {
        if (object == null || !isOf(object.getClass())) {
            return null;
        }
        Release release = releases.get(object);
        if (release == null || !release.freed && (release.letGoBy & strand.bit) == 0) {
            return null;
        }
        String told = release.freed
                ? x.column(release.freedBy) + " gave it up, last at " + Sites.get(release.freedAt).place()
                : "it had let go of it at " + Sites.get(release.letGoAt).place();
        return new Failure("use after release", x.column(strand) + " " + use(object, site) + " after " + told,
                List.of(), null);
    }

    /** {@return what a strand does to an object, for a report} */
    public String use(Object object, int site) {
        return "uses " + Names.simple(object.getClass()) + "#" + x.idOf(object) + " at " + Sites.get(site).place();
    }
}
