package org.smp4j.explore.instrument.code;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.function.Predicate;
import org.smp4j.explore.hooks.ClassNames;
import org.smp4j.explore.instrument.call.Hierarchy;

/**
 * Adds a {@code hashCode} to a class that inherits it from {@code Object}: the JDK's identity hash code is another one
 * in each run, and with it the order of every hash table. The first call fixes the hash code for the object's life, as
 * tables that outlive a schedule require.
 */
final class IdentityHash {
    private static final String NAME = "hashCode";
    private static final String TYPE = "()I";
    /** The class with the method that stands in for {@code Object.toString}, and the method's type. */
    static final ClassDesc NAMES = ClassDesc.of(ClassNames.class.getName());
    static final MethodTypeDesc TEXT = MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_Object);
    private static final String FIELD = "smp4j$hash";

    private IdentityHash() {
    }

    /** Adds a {@code toString} to a renamed class that inherits it from {@code Object}. */
    static void addTextTo(ClassBuilder type, ClassModel model, Hierarchy hierarchy) {
        MethodTypeDesc text = MethodTypeDesc.of(ConstantDescs.CD_String);
        if (!model.flags().has(AccessFlag.INTERFACE) && "java/lang/Object".equals(hierarchy.declaring(
                model.thisClass().asInternalName(), "toString", text.descriptorString()))) {
            type.withMethodBody("toString", text, ClassFile.ACC_PUBLIC | ClassFile.ACC_SYNTHETIC, code -> code.aload(0)
                    .invokestatic(NAMES, "text", TEXT).areturn());
        }
    }

    static boolean isNeeded(ClassModel model, Hierarchy hierarchy, Predicate<String> rewritten) {
        if (model.flags().has(AccessFlag.INTERFACE) || model.flags().has(AccessFlag.MODULE)
                || model.superclass().isEmpty()) {
            return false;
        }
        String parent = model.superclass().get().asInternalName();
        return !rewritten.test(parent.replace('/', '.'))
                && model.methods().stream().noneMatch(method -> method.methodName().equalsString(NAME)
                        && method.methodType().equalsString(TYPE))
                && "java/lang/Object".equals(hierarchy.declaring(parent, NAME, TYPE));
    }

    static void addTo(ClassBuilder type, ClassDesc owner, ClassDesc hooks) {
        type.withField(FIELD, ConstantDescs.CD_int,
                ClassFile.ACC_PRIVATE | ClassFile.ACC_TRANSIENT | ClassFile.ACC_SYNTHETIC);
        type.withMethodBody(NAME, MethodTypeDesc.ofDescriptor(TYPE),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_SYNTHETIC, code -> {
            Label known = code.newLabel();
            code.aload(0).getfield(owner, FIELD, ConstantDescs.CD_int).dup().ifne(known).pop();
            code.aload(0).dup().invokestatic(hooks, "identityHashCode",
                    MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_Object));
            code.dup_x1().putfield(owner, FIELD, ConstantDescs.CD_int);
            code.labelBinding(known).ireturn();
        });
    }
}
