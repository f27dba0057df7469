package org.smp4j.explore.instrument.call;

import java.lang.classfile.TypeKind;
import static org.smp4j.explore.model.Access.ACQUIRE;
import static org.smp4j.explore.model.Access.CONDITIONAL;
import static org.smp4j.explore.model.Access.EXCHANGE;
import static org.smp4j.explore.model.Access.PLAIN;
import static org.smp4j.explore.model.Access.READ;
import static org.smp4j.explore.model.Access.RELEASE;
import static org.smp4j.explore.model.Access.WALK;
import static org.smp4j.explore.model.Access.WRITE;

import java.util.Set;

/** What an access does and which order it makes, as its method's name says; 0 for a method that is no access. */
public final class Modes {
    private static final Set<String> READS_OF_COLLECTIONS = Set.of("get", "getOrDefault", "containsKey",
            "containsValue", "contains", "containsAll", "size", "isEmpty", "peek", "peekFirst", "peekLast", "element",
            "getFirst", "getLast", "first", "last", "iterator", "listIterator", "descendingIterator", "spliterator",
            "stream", "forEach", "toArray", "indexOf", "lastIndexOf", "entrySet", "keySet", "values", "navigableKeySet",
            "descendingMap", "descendingKeySet", "descendingSet", "subMap", "headMap", "tailMap", "subSet", "headSet",
            "tailSet", "subList", "firstKey", "lastKey", "firstEntry", "lastEntry", "floor", "floorKey", "floorEntry",
            "ceiling", "ceilingKey", "ceilingEntry", "higher", "higherKey", "higherEntry", "lower", "lowerKey",
            "lowerEntry", "comparator", "hasNext", "hasPrevious", "nextIndex", "previousIndex", "hashCode",
            "equals", "toString", "mappingCount", "search", "searchKeys", "searchValues", "searchEntries", "reduce",
            "reduceKeys", "reduceValues", "reduceEntries", "forEachKey", "forEachValue", "forEachEntry", "reversed",
            "sequencedKeySet", "sequencedValues", "sequencedEntrySet", "remainingCapacity", "cardinality", "nextSetBit",
            "nextClearBit", "previousSetBit", "previousClearBit", "length", "intersects", "getKey", "getValue", "clone",
            "elementAt", "elements", "keys", "firstElement", "lastElement", "hasMoreElements", "next", "previous",
            "nextElement", "tryAdvance", "forEachRemaining", "capacity", "copyInto", "getProperty",
            "stringPropertyNames", "propertyNames", "toLongArray", "toByteArray", "charAt", "substring", "subSequence",
            "chars", "codePoints", "codePointAt", "codePointBefore", "codePointCount", "offsetByCodePoints", "getChars",
            "compareTo");
    private static final Set<String> WALKS = Set.of("iterator", "spliterator", "forEach", "stream", "toArray",
            "toString", "removeIf", "replaceAll", "elements", "keys", "forEachKey", "forEachValue", "forEachEntry",
            "search", "searchKeys", "searchValues", "searchEntries", "reduce", "reduceKeys", "reduceValues",
            "reduceEntries");
    private static final Set<String> VIEWS = Set.of("iterator", "listIterator", "descendingIterator", "spliterator",
            "entrySet", "keySet", "values", "navigableKeySet", "descendingMap", "descendingKeySet", "descendingSet",
            "subMap", "headMap", "tailMap", "subSet", "headSet", "tailSet", "subList", "reversed", "sequencedKeySet",
            "sequencedValues", "sequencedEntrySet", "elements", "keys");
    private static final Set<String> MAPS = Set.of("java/util/Map", "java/util/AbstractMap",
            "java/util/concurrent/ConcurrentMap", "java/util/concurrent/ConcurrentHashMap");
    private static final Set<String> KEYED = Set.of("put", "putIfAbsent", "remove", "replace", "compute",
            "computeIfAbsent", "computeIfPresent", "merge");
    private static final Set<String> ORDERING = Set.of("HashSet", "HashMap", "Hashtable", "IdentityHashMap",
            "ConcurrentHashMap", "WeakHashMap");
    private static final Set<String> GUARDED = Set.of("java/util/Vector", "java/util/Stack", "java/util/Hashtable",
            "java/util/Properties", "java/util/Random", "java/lang/StringBuffer");
    private static final Set<String> READS_OF_ADDERS = Set.of("sum", "get", "longValue", "intValue", "doubleValue",
            "floatValue", "toString", "getReference", "getStamp", "isMarked");
    private static final Set<String> VALUES = Set.of("intValue", "longValue", "floatValue", "doubleValue", "byteValue",
            "shortValue", "toString");

    private Modes() {
    }

    /** Of a method of {@code VarHandle}: without a suffix it is a plain read or write, though whole. */
    static int ofHandle(String name) {
        return switch (name) {
            case "get", "getOpaque" -> READ;
            case "getAcquire", "getVolatile" -> READ | ACQUIRE;
            case "set", "setOpaque" -> WRITE;
            case "setRelease", "setVolatile" -> WRITE | RELEASE;
            default -> ofExchange(name);
        };
    }

    /** Of a fence; one that orders only loads, or only stores, counts for both. */
    public static int ofFence(String name) {
        return switch (name) {
            case "acquireFence", "loadLoadFence" -> ACQUIRE;
            case "releaseFence", "storeStoreFence" -> RELEASE;
            default -> ACQUIRE | RELEASE;
        };
    }

    /** Of a method of {@code AtomicInteger} and the like: without a suffix it is volatile. */
    static int ofAtomic(String name) {
        return switch (name) {
            case "get", "getAcquire" -> READ | ACQUIRE;
            case "getPlain", "getOpaque" -> READ;
            case "set", "setRelease", "lazySet" -> WRITE | RELEASE;
            case "setPlain", "setOpaque" -> WRITE;
            case "weakCompareAndSet", "weakCompareAndSetPlain" -> READ | WRITE | CONDITIONAL;
            case "incrementAndGet", "decrementAndGet", "addAndGet", "updateAndGet", "accumulateAndGet",
                    "getAndIncrement", "getAndDecrement" -> EXCHANGE;
            default -> VALUES.contains(name) ? READ | ACQUIRE : ofExchange(name);
        };
    }

    /** Of a read that may write too. */
    private static int ofExchange(String name) {
        int kind;
        if (name.startsWith("compareAnd") || name.startsWith("weakCompareAnd")) {
            kind = READ | WRITE | CONDITIONAL;
        } else if (name.startsWith("getAnd")) {
            kind = READ | WRITE;
        } else {
            return 0;
        }
        if (name.endsWith("Plain")) {
            return kind;
        }
        return kind | (name.endsWith("Release") ? 0 : ACQUIRE) | (name.endsWith("Acquire") ? 0 : RELEASE);
    }

    /** How many values an access takes after its coordinates. */
    public static int values(String name) {
        if (name.startsWith("compareAnd") || name.startsWith("weakCompareAnd")) {
            return 2;
        }
        return name.startsWith("set") || name.equals("lazySet") || name.startsWith("getAnd") ? 1 : 0;
    }

    /** Of a method of an adder, or of an atomic pair of a reference and a mark. */
    static int ofAdder(String name) {
        return READS_OF_ADDERS.contains(name) ? READ | ACQUIRE : EXCHANGE;
    }

    /** Of a method of a collection, map, iterator or the like. */
    static int ofCollection(String owner, String name) {
        boolean reads = READS_OF_COLLECTIONS.contains(name);
        int walks = WALKS.contains(name) ? WALK : 0;
        if (owner.startsWith("java/util/concurrent/") || GUARDED.contains(owner)) {
            return walks | (reads ? READ | ACQUIRE : EXCHANGE);
        }
        return walks | (reads ? READ | PLAIN : READ | WRITE | PLAIN);
    }

    /** Whether a collection has an order of its own, whatever the one in which its elements come. */
    static boolean makesOrder(String owner) {
        String simple = owner.substring(owner.lastIndexOf('/') + 1);
        return ORDERING.contains(simple) || simple.startsWith("Tree") || simple.startsWith("Enum")
                || simple.startsWith("ConcurrentSkipList");
    }

    /** Whether a method of a collection takes what another collection holds. */
    public static boolean takesAll(String name) {
        return name.equals("addAll") || name.equals("putAll");
    }

    /** Whether the JDK leaves it to the caller to hold the monitor of a synchronized collection. */
    public static boolean isUnguarded(String name) {
        return name.equals("iterator") || name.equals("listIterator") || name.equals("spliterator")
                || name.equals("stream");
    }

    public static boolean isGuarded(String owner) {
        return GUARDED.contains(owner) && !owner.equals("java/util/Random");
    }

    /** Whether a method changes the value of the key that is its first argument, if it is one of a map. */
    public static boolean changesKey(String owner, String name) {
        return MAPS.contains(owner) && KEYED.contains(name);
    }

    /** Whether a method of a collection gives a view of it, or a walk through it. */
    public static boolean givesView(String name) {
        return VIEWS.contains(name);
    }

    /** Whether it gives what may be an entry of the map that is walked through. */
    public static boolean givesEntry(String name) {
        return name.equals("next") || name.equals("previous") || name.equals("nextElement");
    }

    /**
     * The elements of an array, as an instruction names them: it does not tell bytes from booleans, nor one class from
     * another.
     */
    public static String arrayName(TypeKind kind) {
        return switch (kind) {
            case REFERENCE -> "Object[]";
            case BOOLEAN, BYTE -> "byte[]";
            default -> kind.upperBound().displayName() + "[]";
        };
    }
}
