package org.smp4j.explore.instrument.code;

import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.smp4j.explore.instrument.call.CallRules;

/**
 * Decides which classes are initialized as part of each run: those whose static initializer has, or leads to, an effect
 * that a program could see. The statics of all other classes are constants, so no code can tell when they were
 * initialized, and how often. Class names are internal ones.
 */
public final class Initializers {
    private final Function<String, ClassModel> models;
    private final Predicate<String> rewritten;
    private final Map<String, Boolean> needed = new HashMap<>();
    private final Map<String, Boolean> harmless = new HashMap<>();
    private final Map<String, Boolean> immutable = new HashMap<>();
    private final Set<String> asked = new HashSet<>();

    /**
     * @param models returns the class file of a class, or null
     * @param rewritten which classes are rewritten, by binary name
     */
    public Initializers(Function<String, ClassModel> models, Predicate<String> rewritten) {
        this.models = models;
        this.rewritten = rewritten;
    }

    boolean isRewritten(String type) {
        return !type.startsWith("[") && rewritten.test(type.replace('/', '.'));
    }

    ClassModel model(String type) {
        return isRewritten(type) ? models.apply(type) : null;
    }

    /** Whether a use of a class may have to initialize the class or a superclass within the run. */
    public synchronized boolean areNeeded(String type) {
        Boolean known = needed.get(type);
        if (known == null) {
            ClassModel model = model(type);
            known = model != null && !CallRules.isUnsafe(type) && !isSpecial(model)
                    && (!isHarmless(type) || areNeeded(parent(model)));
            needed.put(type, known);
        }
        return known;
    }

    /**
     * Whether a class is initialized once for all runs: the fields of an interface can't be made assignable, and the
     * JVM keeps lists of an enum's constants.
     */
    private static boolean isSpecial(ClassModel model) {
        return model.flags().has(AccessFlag.INTERFACE) || model.flags().has(AccessFlag.ENUM)
                || model.flags().has(AccessFlag.MODULE)
                || model.superclass().isEmpty() || parent(model).equals("java/lang/Enum")
                || model.fields().stream()
                .anyMatch(field -> field.fieldName().stringValue().startsWith(MethodRewriter.ENUM_TABLE));
    }

    private static String parent(ClassModel model) {
        return model.superclass().map(ClassEntry::asInternalName).orElse("java/lang/Object");
    }

    /** Whether a class's own initializer makes only values that never change. */
    synchronized boolean isHarmless(String type) {
        Boolean known = harmless.get(type);
        if (known != null) {
            return known;
        }
        ClassModel model = model(type);
        MethodModel initializer = model == null ? null : method(model, ConstantDescs.CLASS_INIT_NAME, "()V");
        if (initializer == null) {
            harmless.put(type, true);
            return true;
        }
        if (!asked.add(type)) {
            return false; // two classes need each other: a program can see the order of their initialization
        }
        boolean result = new Harmless(this, type).initializer(initializer);
        asked.remove(type);
        harmless.put(type, result);
        return result;
    }

    /** Whether objects of a class never change, provided that the values of their fields never change. */
    synchronized boolean isImmutable(String type) {
        if (type.equals("java/lang/Object") || type.equals("java/lang/Record") || type.equals("java/lang/Enum")) {
            return true;
        }
        Boolean known = immutable.get(type);
        if (known == null) {
            ClassModel model = model(type);
            known = model != null && model.fields().stream().allMatch(Initializers::stays)
                    && isImmutable(parent(model));
            immutable.put(type, known);
        }
        return known;
    }

    private static boolean stays(FieldModel field) {
        return field.flags().has(AccessFlag.STATIC) || field.flags().has(AccessFlag.FINAL)
                && !field.fieldType().stringValue().startsWith("[");
    }

    static MethodModel method(ClassModel model, String name, String type) {
        return model.methods().stream().filter(method -> method.methodName().equalsString(name)
                && method.methodType().equalsString(type)).findFirst().orElse(null);
    }
}
