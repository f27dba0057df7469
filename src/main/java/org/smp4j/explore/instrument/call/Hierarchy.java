package org.smp4j.explore.instrument.call;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.smp4j.explore.engine.Refusal;

/**
 * The declarations of classes and members, read from class files without loading them. Class names are internal ones,
 * with slashes.
 */
public final class Hierarchy {
    /** A field as its class declares it. */
    public record Field(String owner, boolean isFinal, boolean isVolatile) {
    }

    /** A class as its file describes it. Members are read on first use; for most JDK classes no caller needs them. */
    private static final class Type {
        final String parent;
        final List<String> interfaces;
        final boolean isInterface;
        private final ClassModel model;
        private Map<String, Field> fields;
        private Set<String> methods;

        Type(ClassModel model) {
            this.model = model;
            parent = model == null ? null : model.superclass().map(ClassEntry::asInternalName).orElse(null);
            interfaces = model == null ? List.of()
                    : model.interfaces().stream().map(ClassEntry::asInternalName).toList();
            isInterface = model != null && model.flags().has(AccessFlag.INTERFACE);
        }

        synchronized Map<String, Field> fields() {
            if (fields == null) {
                fields = new HashMap<>();
                for (FieldModel field : model == null ? List.<FieldModel>of() : model.fields()) {
                    int flags = field.flags().flagsMask();
                    fields.put(field.fieldName().stringValue() + field.fieldType().stringValue(),
                            new Field(model.thisClass().asInternalName(),
                            (flags & ClassFile.ACC_FINAL) != 0, (flags & ClassFile.ACC_VOLATILE) != 0));
                }
            }
            return fields;
        }

        synchronized Set<String> methods() {
            if (methods == null) {
                methods = new HashSet<>();
                for (MethodModel method : model == null ? List.<MethodModel>of() : model.methods()) {
                    methods.add(method.methodName().stringValue() + method.methodType().stringValue());
                }
            }
            return methods;
        }
    }

    private static final Type UNKNOWN = new Type(null);

    private final Function<String, byte[]> files;
    private final Map<String, Type> types = new ConcurrentHashMap<>();
    private final ClassHierarchyResolver resolver;

    /** @param files returns the class file at a path, or null */
    public Hierarchy(Function<String, byte[]> files) {
        this.files = files;
        resolver = type -> {
            Type found = type(internalName(type));
            if (found == UNKNOWN) { // likely of an optional library: such code may never run
                return ClassHierarchyResolver.ClassHierarchyInfo.ofClass(ConstantDescs.CD_Object);
            }
            return found.isInterface ? ClassHierarchyResolver.ClassHierarchyInfo.ofInterface()
                    : ClassHierarchyResolver.ClassHierarchyInfo.ofClass(
                            found.parent == null ? null : ClassDesc.ofInternalName(found.parent));
        };
    }

    /** The internal name of a class, with slashes. */
    public static String internalName(ClassDesc type) {
        String descriptor = type.descriptorString();
        return type.isClassOrInterface() ? descriptor.substring(1, descriptor.length() - 1) : descriptor;
    }

    /** The resolver for generating stack maps. */
    public ClassHierarchyResolver resolver() {
        return resolver;
    }

    private Type type(String name) {
        return types.computeIfAbsent(name, this::read);
    }

    private Type read(String name) {
        byte[] file = files.apply(name + ".class");
        try {
            return file == null ? UNKNOWN : new Type(ClassFile.of().parse(file));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Refusal.met(name.replace('/', '.') + " can't be loaded: its class file is damaged (" + reason(e)
                    + "); compile it again");
        }
    }

    /** The field that a class file refers to; null if its class can't be found. */
    public Field field(String owner, String name, String type) {
        Type found = type(owner);
        Field field = found.fields().get(name + type);
        for (int i = 0; field == null && i < found.interfaces.size(); i++) {
            field = field(found.interfaces.get(i), name, type);
        }
        return field == null && found.parent != null ? field(found.parent, name, type) : field;
    }

    /** The class or interface that declares the method which a class file refers to; null if none can be found. */
    public String declaring(String owner, String name, String type) {
        for (String here = owner; here != null; here = type(here).parent) {
            if (type(here).methods().contains(name + type)) {
                return here;
            }
        }
        for (String here = owner; here != null; here = type(here).parent) {
            for (String parent : type(here).interfaces) {
                String found = declaring(parent, name, type);
                if (found != null) {
                    return found;
                }
            }
        }
        return type(owner).isInterface && type("java/lang/Object").methods().contains(name + type)
                ? "java/lang/Object" : null;
    }

    /** A class's file, or null if there is none. */
    public ClassModel model(String name) {
        return type(name).model;
    }

    /** Whether a class or interface is another one, or extends or implements it. */
    public boolean isA(String name, String ancestor) {
        if (name.equals(ancestor)) {
            return true;
        }
        Type found = type(name);
        return found.parent != null && isA(found.parent, ancestor)
                || found.interfaces.stream().anyMatch(parent -> isA(parent, ancestor));
    }

    /** The type and the first line of an error, for a message. */
    public static String reason(Throwable e) {
        return e.getClass().getSimpleName()
                + (e.getMessage() == null ? "" : ": " + e.getMessage().lines().findFirst().orElse(""));
    }
}
