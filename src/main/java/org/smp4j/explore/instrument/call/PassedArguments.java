package org.smp4j.explore.instrument.call;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.smp4j.explore.model.Access;

/**
 * What calls of the JDK do to objects that they are given, or whose class they do not name: they read collections,
 * builders, atomics and arrays, or write to arrays.
 */
public final class PassedArguments {
    private static final int READ = Access.READ | Access.PLAIN;
    private static final int WALK = READ | Access.WALK;
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
    private static final Set<String> RECEIVERS = Set.of("java/lang/Object.toString", "java/lang/Object.equals",
            "java/lang/Number.intValue", "java/lang/Number.longValue", "java/lang/Number.doubleValue",
            "java/lang/Number.floatValue", "java/lang/Number.shortValue", "java/lang/Number.byteValue",
            "java/lang/Comparable.compareTo", "java/lang/Object.hashCode");
    private static final Set<String> OF_OBJECTS = Set.of("toString", "equals", "hash", "hashCode", "deepEquals");
    private static final Set<String> OF_COLLECTIONS = Set.of("addAll", "putAll", "containsAll", "removeAll",
            "retainAll", "equals");
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
        int receiver = RECEIVERS.contains(owner + "." + name) ? WALK : 0;
        return receiver == 0 && modes.length == 0 ? modes
                : IntStream.concat(IntStream.of(receiver), Arrays.stream(modes.length > 0 ? modes
                : new int[type.parameterCount()])).toArray();
    }

    private static int[] ofArguments(String owner, String name, MethodTypeDesc type) {
        if (!Rewritten.isPlatform(owner.replace('/', '.')) || owner.startsWith("[")
                || OTHERS.stream().anyMatch(owner::startsWith)) {
            return NONE;
        }
        int objects = TEXTS.contains(owner) && READ_TEXT.contains(name) ? WALK
                : RECEIVERS.contains(owner + "." + name)
                || owner.equals("java/util/Objects") && OF_OBJECTS.contains(name)
                || owner.startsWith("java/util/") && OF_COLLECTIONS.contains(name) ? READ : 0;
        boolean writes = WRITERS.contains(name) && !(ENDS.contains(name) && type.parameterCount() == 1);
        return modes(type, objects, writes ? WRITE : objects == 0 ? READ : WALK);
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
