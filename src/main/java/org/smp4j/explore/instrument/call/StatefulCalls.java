package org.smp4j.explore.instrument.call;

import java.lang.classfile.Opcode;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.smp4j.explore.instrument.call.Treatment.Bridged;
import org.smp4j.explore.instrument.call.Treatment.Listed;
import org.smp4j.explore.instrument.call.Treatment.Quiet;
import org.smp4j.explore.instrument.call.Treatment.Shape;
import org.smp4j.explore.model.Access;

/**
 * Decides the treatment of calls of JDK objects that are no collections and have a state: buffers, dates, formats,
 * matchers and the like. A call is one step, which reads the state or changes it. The state of other such objects is
 * not modelled, and what calls them is listed.
 */
final class StatefulCalls {
    private static final String THROWABLE = "java/lang/Throwable";
    private static final String GENERATOR = "java/util/random/RandomGenerator";
    private static final String BUFFER = "java/nio/Buffer";
    /** Calls of these change them if their names are none of {@link #READS}. */
    private static final List<String> CHANGED = List.of("java/util/Date", "java/util/Calendar",
            "java/util/StringJoiner", "java/util/IntSummaryStatistics", "java/util/LongSummaryStatistics",
            "java/util/DoubleSummaryStatistics", "java/util/SplittableRandom", "java/util/regex/Matcher",
            "java/text/Format", "java/text/BreakIterator", "java/util/zip/Checksum", "java/util/zip/Inflater",
            "java/util/zip/Deflater", "java/security/MessageDigest", "java/security/Signature", "javax/crypto/Cipher",
            "javax/crypto/Mac");
    /** As {@link #CHANGED}; the JDK's are synchronized, or hold a lock, also while they call another one. */
    private static final List<String> GUARDED = List.of("java/io/InputStream", "java/io/OutputStream",
            "java/io/Reader", "java/io/Writer");
    /** These read the fields of other objects. */
    private static final List<String> SERIALIZING = List.of("java/io/ObjectInput", "java/io/ObjectOutput");
    /** What a throwable has of a state: its methods are synchronized. */
    private static final Pattern OF_THROWABLES = Pattern.compile(
            "addSuppressed|getSuppressed|initCause|getCause|setStackTrace|getStackTrace");
    private static final Pattern READS = Pattern.compile("(get|is|has|to|before|after|compare|equals|hashCode|clone|"
            + "length|size|writeTo|available|markSupported|groupCount|namedGroups|pattern|hitEnd|requireEnd).*"
            + "|group|start|end");
    private static final Pattern READS_OF_BUFFERS = Pattern.compile("capacity|remaining|has.*|is.*|arrayOffset|"
            + "equals|hashCode|compareTo|toString|mismatch|alignmentOffset|charAt|length|subSequence|chars");
    /** What reads without arguments, and sets with one. */
    private static final Set<String> PROPERTIES_OF_BUFFERS = Set.of("position", "limit", "order");
    /** These give away what the buffer and another object share then. */
    private static final Pattern PARTS_OF_BUFFERS = Pattern.compile("slice|duplicate|as.*|alignedSlice|array");
    private static final String UNKNOWN = "?";
    private static final List<String> UNMODELLED = List.of("java/io/", "java/net/", "java/security/", "javax/",
            "java/beans/", "java/awt/", "java/text/", "java/util/zip/", "java/util/jar/", "java/util/prefs/",
            "java/util/Formatter", "java/util/Observable");
    private static final String STREAM = "java/util/stream/BaseStream";
    private static final Set<String> ITERATORS = Set.of("iterator", "spliterator");
    private static final List<String> KNOWN = List.of(THROWABLE, "java/io/File");

    private final Hierarchy hierarchy;
    private final Map<String, String> families = new ConcurrentHashMap<>(); // by class; "" for none

    StatefulCalls(Hierarchy hierarchy) {
        this.hierarchy = hierarchy;
    }

    /** The treatment of a call; null if it reaches no such object, or names an interface that others implement. */
    Treatment treat(String owner, String name, MethodTypeDesc type, Opcode opcode) {
        if (owner.startsWith("java/util/stream/")) {
            return stream(owner, name, type, opcode == Opcode.INVOKESTATIC);
        }
        if (opcode == Opcode.INVOKESTATIC || CallRules.HARMLESS.contains(name)) {
            return name.equals("<init>") && wraps(owner, type) ? new Listed() : null;
        }
        if (owner.equals("java/lang/CharSequence") && opcode == Opcode.INVOKEINTERFACE) {
            return new Bridged(Shape.OBJECT, Access.READ | Access.PLAIN, Quiet.NEVER);
        }
        if (owner.equals("java/lang/Appendable")) {
            return new Bridged(Shape.OBJECT, Access.EXCHANGE, Quiet.IF_LOCKING);
        }
        if (OF_THROWABLES.matcher(name).matches() && hierarchy.isA(owner, THROWABLE)) {
            return new Bridged(Shape.OBJECT, name.startsWith("get") ? Access.READ | Access.ACQUIRE : Access.EXCHANGE,
                    Quiet.NEVER);
        }
        String family = families.computeIfAbsent(owner, this::family);
        if (family.equals(BUFFER)) {
            return PARTS_OF_BUFFERS.matcher(name).matches() ? new Listed()
                    : new Bridged(Shape.OBJECT, ofBuffer(name, type), Quiet.NEVER);
        }
        boolean reads = READS.matcher(name).matches();
        if (CHANGED.contains(family)) {
            return new Bridged(Shape.OBJECT, reads ? Access.READ | Access.PLAIN
                    : Access.READ | Access.WRITE | Access.PLAIN, Quiet.NEVER);
        }
        if (family.equals(GENERATOR)) {
            return new Bridged(Shape.OBJECT, Access.EXCHANGE, Quiet.NEVER);
        }
        if (GUARDED.contains(family)) {
            return new Bridged(Shape.OBJECT, reads ? Access.READ | Access.ACQUIRE : Access.EXCHANGE, Quiet.IF_LOCKING);
        }
        return family.isEmpty() || opcode == Opcode.INVOKEINTERFACE ? null : new Listed();
    }

    /** A stream reads the object of which it is made when it ends: a call that ends it is a step, like its making. */
    private Treatment stream(String owner, String name, MethodTypeDesc type, boolean isStatic) {
        if (isStatic) {
            return owner.endsWith("/StreamSupport") ? new Bridged(Shape.WRAPPER, 0, Quiet.NEVER)
                    : name.equals("concat") ? new Listed() : null;
        }
        if (!hierarchy.isA(owner, STREAM) || name.equals("close") || name.equals("isParallel")) {
            return null;
        }
        boolean givesStream = type.returnType().isClassOrInterface()
                && hierarchy.isA(Hierarchy.internalName(type.returnType()), STREAM);
        return givesStream || ITERATORS.contains(name) ? new Bridged(Shape.WRAPPER, Access.READ, Quiet.NEVER)
                : new Bridged(Shape.OBJECT, Access.READ | Access.PLAIN, Quiet.NEVER);
    }

    /** Reading or setting an element by its index is no race: other elements may belong to other threads. */
    private static int ofBuffer(String name, MethodTypeDesc type) {
        boolean isElement = type.parameterCount() > 0 && type.parameterType(0).equals(ConstantDescs.CD_int);
        if (name.startsWith("get") && isElement) {
            return Access.READ;
        }
        if (name.startsWith("put") && isElement && type.parameterCount() > 1) {
            return Access.WRITE;
        }
        boolean reads = READS_OF_BUFFERS.matcher(name).matches()
                || PROPERTIES_OF_BUFFERS.contains(name) && type.parameterCount() == 0;
        return Access.PLAIN | Access.READ | (reads ? 0 : Access.WRITE);
    }

    /** Whether a constructor makes a stream that shares another one, which others may use beside it. */
    private boolean wraps(String owner, MethodTypeDesc type) {
        return owner.startsWith("java/io/") && type.parameterCount() > 0 && type.parameterType(0).isClassOrInterface()
                && GUARDED.contains(families.computeIfAbsent(Hierarchy.internalName(type.parameterType(0)),
                this::family));
    }

    /** The class of these lists that a class extends; a mark for one that is not modelled; "" for others. */
    private String family(String owner) {
        if (owner.startsWith("java/lang/") || owner.startsWith("java/util/concurrent/")) {
            return "";
        }
        if (SERIALIZING.stream().anyMatch(type -> hierarchy.isA(owner, type))) {
            return UNKNOWN;
        }
        for (List<String> list : List.of(List.of(BUFFER), CHANGED, GUARDED, List.of(GENERATOR))) {
            for (String family : list) {
                if (hierarchy.isA(owner, family)) {
                    return family;
                }
            }
        }
        boolean known = UNMODELLED.stream().noneMatch(owner::startsWith)
                || KNOWN.stream().anyMatch(type -> hierarchy.isA(owner, type));
        return known ? "" : UNKNOWN;
    }
}
