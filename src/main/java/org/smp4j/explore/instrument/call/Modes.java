package org.smp4j.explore.instrument.call;

import java.lang.classfile.TypeKind;
import static org.smp4j.explore.model.Access.ACQUIRE;
import static org.smp4j.explore.model.Access.CONDITIONAL;
import static org.smp4j.explore.model.Access.EXCHANGE;
import static org.smp4j.explore.model.Access.PLAIN;
import static org.smp4j.explore.model.Access.READ;
import static org.smp4j.explore.model.Access.RELEASE;
import static org.smp4j.explore.model.Access.SAME_KIND;
import static org.smp4j.explore.model.Access.UNORDERED;
import static org.smp4j.explore.model.Access.VOLATILE;
import static org.smp4j.explore.model.Access.WALK;
import static org.smp4j.explore.model.Access.WRITE;

import java.util.Set;

/**
 * The mode of an access, meaning its kind and its memory ordering, by the name of its method; 0 for a method that is no
 * access.
 */
public final class Modes {
    private static final Set<String> READS_OF_COLLECTIONS = Set.of("get", "getOrDefault", "containsKey",
            "containsValue", "contains", "containsAll", "size", "isEmpty", "peek", "peekFirst", "peekLast", "element",
            "getFirst", "getLast", "first", "last", "iterator", "listIterator", "descendingIterator", "spliterator",
            "stream", "parallelStream", "forEach", "toArray", "indexOf", "lastIndexOf", "entrySet", "keySet", "values",
            "navigableKeySet", "descendingMap", "descendingKeySet", "descendingSet", "subMap", "headMap", "tailMap",
            "subSet", "headSet", "tailSet", "subList", "firstKey", "lastKey", "firstEntry", "lastEntry", "floor",
            "floorKey", "floorEntry", "ceiling", "ceilingKey", "ceilingEntry", "higher", "higherKey", "higherEntry",
            "lower", "lowerKey", "lowerEntry", "comparator", "hasNext", "hasPrevious", "nextIndex", "previousIndex",
            "hashCode", "equals", "toString", "mappingCount", "search", "searchKeys", "searchValues", "searchEntries",
            "reduce", "reduceKeys", "reduceValues", "reduceEntries", "forEachKey", "forEachValue", "forEachEntry",
            "reversed", "sequencedKeySet", "sequencedValues", "sequencedEntrySet", "remainingCapacity", "cardinality",
            "nextSetBit", "nextClearBit", "previousSetBit", "previousClearBit", "length", "intersects", "getKey",
            "getValue", "clone", "elementAt", "elements", "keys", "firstElement", "lastElement", "hasMoreElements",
            "next", "previous", "nextElement", "tryAdvance", "forEachRemaining", "capacity", "copyInto", "getProperty",
            "stringPropertyNames", "propertyNames", "toLongArray", "toByteArray", "charAt", "substring", "subSequence",
            "chars", "codePoints", "codePointAt", "codePointBefore", "codePointCount", "offsetByCodePoints", "getChars",
            "compareTo");
    private static final Set<String> WALKS = Set.of("iterator", "spliterator", "forEach", "stream",
            "parallelStream", "toArray",
            "toString", "removeIf", "replaceAll", "elements", "keys", "forEachKey", "forEachValue", "forEachEntry",
            "search", "searchKeys", "searchValues", "searchEntries", "reduce", "reduceKeys", "reduceValues",
            "reduceEntries");
    private static final Set<String> VIEWS = Set.of("iterator", "listIterator", "descendingIterator", "spliterator",
            "entrySet", "keySet", "values", "navigableKeySet", "descendingMap", "descendingKeySet", "descendingSet",
            "subMap", "headMap", "tailMap", "subSet", "headSet", "tailSet", "subList", "reversed", "sequencedKeySet",
            "sequencedValues", "sequencedEntrySet", "elements", "keys", "stream", "parallelStream", "chars",
            "codePoints");
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

    /** The mode of a method of {@code VarHandle}: without a suffix it is a plain read or write. */
    static int ofHandle(String name) {
        return switch (name) {
            case "get" -> READ | UNORDERED;
            case "getOpaque" -> READ;
            case "getAcquire" -> READ | ACQUIRE;
            case "getVolatile" -> READ | ACQUIRE | VOLATILE;
            case "set", "setOpaque" -> WRITE;
            case "setRelease" -> WRITE | RELEASE;
            case "setVolatile" -> WRITE | RELEASE | VOLATILE;
            default -> ofExchange(name);
        };
    }

    /** The mode of a method of the JDK's internal {@code Unsafe}: its plain accesses race on purpose. */
    static int ofUnsafe(String name) {
        if (!name.startsWith("get") && !name.startsWith("put") || name.startsWith("getAnd")) {
            return ofExchange(name);
        }
        if (name.endsWith("Unsafe")) {
            return 0;
        }
        boolean reads = name.startsWith("get");
        int kind = reads ? READ : WRITE;
        int order = reads ? ACQUIRE : RELEASE;
        return name.endsWith("Volatile") ? kind | order | VOLATILE
                : name.endsWith("Acquire") || name.endsWith("Release") ? kind | order
                : reads && !name.endsWith("Opaque") ? kind | UNORDERED : kind;
    }

    /** The mode of a method of {@code sun.misc.Unsafe}; its plain accesses are taken for those of a VarHandle. */
    static int ofSunUnsafe(String name) {
        return name.startsWith("putOrdered") ? WRITE | RELEASE
                : name.startsWith("compareAndSwap") || name.startsWith("getAnd")
                ? ofExchange(name.replace("Swap", "Set")) : ofUnsafe(name);
    }

    /** The mode of a fence; a search for data races takes one of loads only, or of stores only, for both. */
    public static int ofFence(String name) {
        return switch (name) {
            case "acquireFence", "loadFence" -> ACQUIRE;
            case "loadLoadFence" -> ACQUIRE | SAME_KIND;
            case "releaseFence", "storeFence" -> RELEASE;
            case "storeStoreFence" -> RELEASE | SAME_KIND;
            default -> ACQUIRE | RELEASE | VOLATILE;
        };
    }

    /** The mode of a method of {@code AtomicInteger} and similar classes: without a suffix it is volatile. */
    static int ofAtomic(String name) {
        return switch (name) {
            case "get" -> READ | ACQUIRE | VOLATILE;
            case "getAcquire" -> READ | ACQUIRE;
            case "getPlain" -> READ | UNORDERED;
            case "getOpaque" -> READ;
            case "set" -> WRITE | RELEASE | VOLATILE;
            case "setRelease", "lazySet" -> WRITE | RELEASE;
            case "setPlain", "setOpaque" -> WRITE;
            case "weakCompareAndSet", "weakCompareAndSetPlain" -> READ | WRITE | CONDITIONAL | UNORDERED;
            case "incrementAndGet", "decrementAndGet", "addAndGet", "updateAndGet", "accumulateAndGet",
                    "getAndIncrement", "getAndDecrement" -> EXCHANGE | VOLATILE;
            default -> VALUES.contains(name) ? READ | ACQUIRE | VOLATILE : ofExchange(name);
        };
    }

    /** The mode of a read-modify-write. */
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
            return kind | UNORDERED;
        }
        boolean acquires = !name.endsWith("Release");
        boolean releases = !name.endsWith("Acquire");
        return kind | (acquires ? ACQUIRE : 0) | (releases ? RELEASE : 0) | (acquires && releases ? VOLATILE : 0);
    }

    /** The number of values that an access takes after its coordinates. */
    public static int values(String name) {
        if (name.startsWith("compareAnd") || name.startsWith("weakCompareAnd")) {
            return 2;
        }
        return name.startsWith("set") || name.equals("lazySet") || name.startsWith("getAnd") ? 1 : 0;
    }

    /** The mode of a method of an adder, or of an atomic pair of a reference and a mark. */
    static int ofAdder(String name) {
        return READS_OF_ADDERS.contains(name) ? READ | ACQUIRE : EXCHANGE;
    }

    /** The mode of a method of a collection, map, iterator or similar class. */
    static int ofCollection(String owner, String name) {
        boolean reads = READS_OF_COLLECTIONS.contains(name);
        int walks = WALKS.contains(name) ? WALK : 0;
        if (owner.startsWith("java/util/concurrent/") || GUARDED.contains(owner)) {
            return walks | (reads ? READ | ACQUIRE : EXCHANGE);
        }
        return walks | (reads ? READ | PLAIN : READ | WRITE | PLAIN);
    }

    /** Whether a method makes a collection whose order each JVM draws when it starts. */
    static boolean drawsOrder(String owner, String name) {
        return (owner.equals("java/util/Set") || owner.equals("java/util/Map"))
                && (name.equals("of") || name.equals("copyOf") || name.equals("ofEntries"));
    }

    /** Whether a collection orders its elements itself, whatever the order in which they are added. */
    static boolean makesOrder(String owner) {
        String simple = owner.substring(owner.lastIndexOf('/') + 1);
        return ORDERING.contains(simple) || simple.startsWith("Tree") || simple.startsWith("Enum")
                || simple.startsWith("ConcurrentSkipList");
    }

    /** Whether a method of a collection adds the elements of another collection. */
    public static boolean takesAll(String name) {
        return name.equals("addAll") || name.equals("putAll");
    }

    /** Whether the JDK requires the caller to hold the monitor of a synchronized collection. */
    public static boolean isUnguarded(String name) {
        return name.equals("iterator") || name.equals("listIterator") || name.equals("spliterator")
                || name.equals("stream") || name.equals("parallelStream");
    }

    /** Whether the methods of a class are synchronized on the object. */
    public static boolean isGuarded(String owner) {
        return GUARDED.contains(owner) && !owner.equals("java/util/Random");
    }

    /** Whether a method of a stream compares elements with each other, joins them, or puts them into a collection. */
    public static boolean comparesElements(String owner, String name, int parameters) {
        return owner.equals("java/util/stream/Stream") && (name.equals("distinct") || name.equals("min")
                || name.equals("max") || name.equals("sorted") && parameters == 0
                || name.equals("collect") && parameters == 1);
    }

    /** Whether a method of a map changes the value of the key that is its first argument. */
    public static boolean changesKey(String owner, String name) {
        return MAPS.contains(owner) && KEYED.contains(name);
    }

    /** Whether a method of a collection returns a view or an iterator. */
    public static boolean givesView(String name) {
        return VIEWS.contains(name);
    }

    /** Whether a method returns an element of an iteration, which may be an entry of a map. */
    public static boolean givesEntry(String name) {
        return name.equals("next") || name.equals("previous") || name.equals("nextElement");
    }

    /**
     * The name of an array's elements, as far as an instruction tells: it does not distinguish bytes from booleans, nor
     * one class from another.
     */
    public static String arrayName(TypeKind kind) {
        return switch (kind) {
            case REFERENCE -> "Object[]";
            case BOOLEAN, BYTE -> "byte[]";
            default -> kind.upperBound().displayName() + "[]";
        };
    }
}
