package org.smp4j.explore.instrument.call;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.smp4j.explore.model.Access;

/**
 * What calls of the JDK do to objects that they are given, or whose class they do not name: they read collections,
 * builders, atomics and arrays, or write to arrays.
 */
public final class PassedArguments {
    private static final int READ = Access.READ | Access.PLAIN;
    private static final int WALK = READ | Access.WALK;
    private static final int EQUAL = READ | Access.COMPARE;
    private static final int WRITE = Access.WRITE | Access.PLAIN;
    private static final int[] NONE = {};
    /** Packages and classes whose calls of arrays are modelled, listed or refused elsewhere, or keep the array. */
    private static final List<String> OTHERS = List.of("java/lang/System", "java/lang/reflect/", "java/lang/invoke/",
            "java/lang/Class", "java/lang/Thread", "java/util/Arrays", "java/util/Collections",
            "java/util/concurrent/");
    /** Methods that write to an array that they are given. */
    private static final Set<String> WRITERS = Set.of("toArray", "read", "readFully", "readNBytes", "nextBytes",
            "getChars", "getBytes", "get", "copyInto", "inflate", "deflate", "digest", "doFinal", "sign", "toChars");
    /** Those of {@link #WRITERS} that read an array if it is all that they are given. */
    private static final Set<String> ENDS = Set.of("digest", "doFinal");
    private static final Set<String> TEXTS = Set.of("java/lang/String", "java/lang/StringBuilder",
            "java/lang/StringBuffer", "java/io/PrintStream", "java/io/PrintWriter", "java/util/regex/Pattern");
    /** Methods of {@link #TEXTS} that read the text of their arguments. */
    private static final Set<String> READ_TEXT = Set.of("<init>", "valueOf", "format", "formatted", "join",
            "contentEquals", "contains", "replace", "append", "insert", "print", "println", "printf", "matcher",
            "matches", "split");
    /** Methods that read what they are called on, of classes that tell nothing of it. */
    private static final Set<String> RECEIVERS = Set.of("java/lang/Object.toString", "java/lang/Thread.toString",
            "java/lang/Number.intValue", "java/lang/Number.longValue", "java/lang/Number.doubleValue",
            "java/lang/Number.floatValue", "java/lang/Number.shortValue", "java/lang/Number.byteValue",
            "java/lang/Comparable.compareTo");
    private static final Set<String> EQUALITY = Set.of("equals", "hashCode");
    private static final Set<String> OF_OBJECTS = Set.of("equals", "hash", "hashCode", "deepEquals");
    private static final Set<String> TAKING = Set.of("addAll", "putAll");
    private static final Set<String> COMPARING = Set.of("containsAll", "removeAll", "retainAll", "equals");
    /** Methods of collections that compare their first argument with elements or keys, or its hash code. */
    private static final Set<String> SEARCHING = Set.of("contains", "remove", "indexOf", "lastIndexOf", "search",
            "removeFirstOccurrence", "removeLastOccurrence", "containsKey", "containsValue", "get", "getOrDefault",
            "put", "putIfAbsent", "replace", "compute", "computeIfAbsent", "computeIfPresent", "merge", "floor",
            "ceiling", "lower", "higher", "floorKey", "ceilingKey", "lowerKey", "higherKey");
    /** These compare all that they are given. */
    private static final Set<String> REPLACING = Set.of("remove", "replace");
    /** Types of what a collection is made of. */
    private static final Set<String> COPIED = Set.of("java/util/Collection", "java/util/Map", "java/util/SortedSet",
            "java/util/SortedMap", "java/util/PriorityQueue");
    private static final Set<String> ADDING = Set.of("add", "offer");
    private static final Pattern ORDERED = Pattern.compile("java/util/.*(Set|Priority).*");
    /** Objects of these classes do not change. */
    private static final Set<ClassDesc> CONSTANT = Set.of(ConstantDescs.CD_String, ConstantDescs.CD_Integer,
            ConstantDescs.CD_Long, ConstantDescs.CD_Short, ConstantDescs.CD_Byte, ConstantDescs.CD_Character,
            ConstantDescs.CD_Boolean, ConstantDescs.CD_Float, ConstantDescs.CD_Double, ConstantDescs.CD_Class);

    private PassedArguments() {
    }

    /**
     * {@return the mode of the access to the receiver and to each argument of a call, 0 for none; empty if there is no
     * access at all}
     *
     * @param owner the internal name of the class that the call names
     * @param name the method
     * @param type its type
     * @param isVirtual whether it has a receiver, whose class may be another one
     */
    public static int[] modes(String owner, String name, MethodTypeDesc type, boolean isVirtual) {
        int[] modes = ofArguments(owner, name, type);
        if (!isVirtual) {
            return modes;
        }
        int receiver = ofReceiver(owner, name);
        return receiver == 0 && modes.length == 0 ? modes
                : IntStream.concat(IntStream.of(receiver), Arrays.stream(modes.length > 0 ? modes
                : new int[type.parameterCount()])).toArray();
    }

    private static int ofReceiver(String owner, String name) {
        boolean isAny = owner.equals("java/lang/Object") || owner.startsWith("java/util/");
        return RECEIVERS.contains(owner + "." + name) || isAny && name.equals("toString") ? WALK
                : isAny && EQUALITY.contains(name) ? EQUAL : 0;
    }

    private static int[] ofArguments(String owner, String name, MethodTypeDesc type) {
        boolean isPlatform = Rewritten.isPlatform(owner.replace('/', '.')) && !owner.startsWith("[");
        if (isPlatform && compares(owner, name, type)) {
            int[] modes = new int[type.parameterCount()];
            Arrays.fill(modes, 0, REPLACING.contains(name) ? modes.length : 1, Access.COMPARE);
            return modes;
        }
        if (isPlatform && copies(owner, name, type)) {
            return modes(type, Modes.makesOrder(owner) || ORDERED.matcher(owner).matches() || owner.endsWith("/Map")
                    ? EQUAL : READ, 0);
        }
        if (!isPlatform || OTHERS.stream().anyMatch(owner::startsWith)) {
            return NONE;
        }
        boolean ofObjects = owner.equals("java/util/Objects");
        boolean ofCollections = owner.startsWith("java/util/");
        int objects = TEXTS.contains(owner) && READ_TEXT.contains(name) || ofObjects && name.equals("toString") ? WALK
                : owner.equals("java/lang/Object") && name.equals("equals") || ofObjects && OF_OBJECTS.contains(name)
                || ofCollections && COMPARING.contains(name) ? EQUAL
                : RECEIVERS.contains(owner + "." + name) || ofCollections && TAKING.contains(name) ? READ : 0;
        boolean writes = WRITERS.contains(name) && !(ENDS.contains(name) && type.parameterCount() == 1);
        return modes(type, objects, writes ? WRITE : objects == 0 ? READ : WALK);
    }

    /** {@return whether a call makes a collection of the JDK of the elements of another one, and of nothing else} */
    static boolean copies(String owner, String name, MethodTypeDesc type) {
        return owner.startsWith("java/util/") && !owner.startsWith("java/util/concurrent/")
                && (name.equals("<init>") || name.equals("copyOf")) && type.parameterCount() == 1
                && COPIED.contains(Hierarchy.internalName(type.parameterType(0)));
    }

    private static boolean compares(String owner, String name, MethodTypeDesc type) {
        return type.parameterCount() > 0 && owner.startsWith("java/util/")
                && type.parameterType(0).equals(ConstantDescs.CD_Object)
                && (SEARCHING.contains(name) || ADDING.contains(name) && ORDERED.matcher(owner).matches());
    }

    /** {@return the same of a concatenation of strings} */
    public static int[] ofConcatenation(MethodTypeDesc type) {
        return modes(type, WALK, 0); // an array has its hash code as text
    }

    private static int[] modes(MethodTypeDesc type, int objects, int arrays) {
        int[] modes = new int[type.parameterCount()];
        boolean any = false;
        for (int i = 0; i < modes.length; i++) {
            ClassDesc parameter = type.parameterType(i);
            modes[i] = parameter.isArray() ? arrays
                    : parameter.isPrimitive() || CONSTANT.contains(parameter) ? 0 : objects;
            any |= modes[i] != 0;
        }
        return any ? modes : NONE;
    }

    /** {@return the name of what an argument of a type is, for a site} */
    public static String target(ClassDesc type) {
        return type.isArray() ? Modes.arrayName(TypeKind.from(type.componentType()))
                : Hierarchy.internalName(type).replace('/', '.');
    }
}
