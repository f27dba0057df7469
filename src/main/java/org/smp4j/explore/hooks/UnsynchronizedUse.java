package org.smp4j.explore.hooks;

import java.nio.Buffer;
import java.security.MessageDigest;
import java.security.Signature;
import java.text.BreakIterator;
import java.text.Format;
import java.util.BitSet;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.zip.Checksum;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveLocation;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;

/**
 * Finds unsynchronized use of JDK objects that are not thread-safe. A call that changes such an object is a step in two
 * parts. If another strand uses the object between the parts and the size changes, the JDK promises nothing and
 * elements may be lost. Replacing an element is no such change, and asking for the size is no such use. Two changes at
 * once of a buffer, a format, a set of bits or the like are one too, though nothing has a size there.
 */
final class UnsynchronizedUse {
    private static final List<Class<?>> WITHOUT_SIZE = List.of(Buffer.class, Format.class, Matcher.class, BitSet.class,
            StringJoiner.class, IntSummaryStatistics.class, LongSummaryStatistics.class, DoubleSummaryStatistics.class,
            MessageDigest.class, Signature.class, Checksum.class, Inflater.class, Deflater.class, BreakIterator.class,
            SplittableRandom.class);
    private static final ClassValue<Boolean> HAS_NO_SIZE = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return WITHOUT_SIZE.stream().anyMatch(each -> each.isAssignableFrom(type))
                    || type.getName().equals("javax.crypto.Cipher") || type.getName().equals("javax.crypto.Mac");
        }
    };

    private UnsynchronizedUse() {
    }

    /** After the step of a call on such an object, and before the call itself. */
    static void used(LiveStrand strand, Object object, int field, int site, int mode) {
        Execution x = strand.execution;
        if (x.count == 1) {
            return;
        }
        LiveLocation location = x.locations.find(object, field, site);
        if (location.changer != null && location.changer != strand) {
            String operation = Sites.get(site).operation();
            location.disturbed |= HAS_NO_SIZE.get(object.getClass()) ? (mode & Access.WRITE) != 0
                    : !operation.equals("size") && !operation.equals("isEmpty") && !operation.equals("length");
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
    static void changed(LiveStrand strand) {
        Execution x = strand.execution;
        Object object = strand.disturbed;
        strand.disturbed = null;
        if (HAS_NO_SIZE.get(object.getClass()) || size(strand, object) != strand.sizeBefore) {
            x.end(strand, new Failure("unsafe use", Names.simple(object.getClass()) + "#" + x.locations.idOf(object)
                    + " is not thread-safe, and is changed while another thread uses it", List.of(), null));
        }
    }

    private static int size(LiveStrand strand, Object object) {
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
