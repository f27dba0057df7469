package org.smp4j.explore;

import java.util.Collection;
import java.util.Map;

/**
 * The use of objects of the JDK that are not thread-safe. A call that changes one is a step of two parts: where another strand uses the object between them the JDK
 * promises nothing once its size changes, and elements may be lost. To replace an element is no such change, and to ask for the size no such use.
 */
final class Unsafe {
    private final Execution x;

    Unsafe(Execution x) {
        this.x = x;
    }

    /** After the step of a call on such an object, before the call. */
    void used(Strand strand, Object object, int field, int site, int mode) {
        if (x.count == 1) {
            return;
        }
        Location location = x.locations.find(object, field, site);
        if (location.changer != null && location.changer != strand) {
            String operation = Sites.get(site).operation();
            location.disturbed |= !operation.equals("size") && !operation.equals("isEmpty") && !operation.equals("length");
        }
        strand.disturbed = null;
        if ((mode & Access.WRITE) == 0) {
            return;
        }
        boolean isFirst = location.changer == null;
        if (isFirst) {
            location.changer = strand;
            location.disturbed = false;
        }
        x.announce(strand, site, location, mode);
        x.decide(strand);
        x.perform(strand);
        if (!isFirst || location.disturbed) {
            strand.disturbed = object;
            strand.sizeBefore = size(strand, object);
        }
        if (isFirst) {
            location.changer = null;
        }
    }

    /** After the call. */
    void changed(Strand strand) {
        Object object = strand.disturbed;
        strand.disturbed = null;
        if (size(strand, object) != strand.sizeBefore) {
            x.end(strand, Failure.of("unsafe use", Locations.simpleName(object.getClass()) + "#" + x.locations.idOf(object)
                    + " is not thread-safe, and is changed while another thread uses it"));
        }
    }

    private static int size(Strand strand, Object object) {
        strand.quiet++;
        try {
            return switch (object) {
                case Collection<?> collection -> collection.size();
                case Map<?, ?> map -> map.size();
                case CharSequence text -> text.length();
                default -> 0;
            };
        } finally {
            strand.quiet--;
        }
    }
}
