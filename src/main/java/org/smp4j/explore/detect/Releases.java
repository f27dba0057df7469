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
import org.smp4j.explore.run.StrandSet;

/**
 * Objects that must not be used any more, by any strand or by the strands that have let go of them. As long as there
 * are none the check is the read of one field.
 */
public final class Releases {
    private static final class Release {
        boolean freed;
        Strand freedBy;
        int freedAt;
        final StrandSet letGoBy = new StrandSet();
        int letGoAt;
    }

    private final Run x;
    private final Assumptions unseen;
    private final Map<Object, Release> releases = new IdentityHashMap<>();
    private final List<Release> letGo = new ArrayList<>();
    private Class<?>[] types = new Class<?>[4];
    private int typeCount;
    /** Whether there are such objects in this run. */
    public boolean any;

    /** Makes one for a run, with the assumptions to which a release adds. */
    public Releases(Run x, Assumptions unseen) {
        this.x = x;
        this.unseen = unseen;
    }

    /** Forgets the objects of the run before. */
    public void begin() {
        if (any) {
            any = false;
            typeCount = 0;
            releases.clear();
            letGo.clear();
        }
    }

    /** No strand may use the object from here on. */
    public void free(Strand strand, Object object) {
        x.held().released(object);
        Release release = of(object);
        release.freed = true;
        release.freedBy = strand;
        release.freedAt = strand.site();
    }

    /** The strand may not use the object from here on. */
    public void letGo(Strand strand, Object object) {
        x.held().happened();
        Release release = of(object);
        if (release.letGoBy.isEmpty()) {
            letGo.add(release);
        }
        release.letGoBy.add(strand);
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

    /** The object has an owner again, which may pass it on. */
    public void own(Object object) {
        x.held().released(object);
        Release release = any ? releases.get(object) : null;
        if (release != null) {
            release.freed = false;
        }
    }

    /** The strand may use again all objects that it has let go of. */
    public void forget(Strand strand) {
        x.held().happened();
        for (int i = letGo.size() - 1; i >= 0; i--) {
            letGo.get(i).letGoBy.remove(strand);
            if (letGo.get(i).letGoBy.isEmpty()) {
                letGo.remove(i);
            }
        }
    }

    /**
     * {@return the failure if the strand must not use this object, null if it may; asked only if there is {@link #any}}
     */
    public Failure misuse(Strand strand, Object object, int site) {
        if (object == null || !isOf(object.getClass())) {
            return null;
        }
        Release release = releases.get(object);
        if (release == null || !release.freed && !release.letGoBy.has(strand)) {
            return null;
        }
        String told = release.freed
                ? x.column(release.freedBy) + " gave it up, last at " + Sites.get(release.freedAt).place()
                : "it had let go of it at " + Sites.get(release.letGoAt).place();
        return new Failure("use after release", x.column(strand) + " " + use(strand, object, site) + " after " + told,
                List.of(), null);
    }

    /** {@return the words of a report for a strand's use of an object at a site} */
    public String use(Strand strand, Object object, int site) {
        String name = x.ask(strand, by -> by.called(object));
        return "uses " + (name == null ? Names.simple(object.getClass()) + "#" + x.idOf(object) : name) + " at "
                + Sites.get(site).place();
    }
}
