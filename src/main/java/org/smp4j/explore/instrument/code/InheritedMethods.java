package org.smp4j.explore.instrument.code;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.function.Predicate;
import org.smp4j.explore.hooks.ClassNames;
import org.smp4j.explore.hooks.Shims;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.shadow.Defaults.Default;
import org.smp4j.explore.instrument.shadow.Defaults;

/**
 * Adds to a class the methods that it would inherit from the JDK, and that must be other ones. A {@code hashCode} in
 * place of {@code Object}'s: the JDK's identity hash code is another one in each run, and with it the order of every
 * hash table. The first call fixes the hash code for the object's life, as tables that outlive a schedule require. And
 * {@link Defaults}: a call finds them here whatever type it names, also from code that is not rewritten.
 */
final class InheritedMethods {
    private static final String NAME = "hashCode";
    private static final String TYPE = "()I";
    /** The class with the method that stands in for {@code Object.toString}, and the method's type. */
    static final ClassDesc NAMES = ClassDesc.of(ClassNames.class.getName());
    static final MethodTypeDesc TEXT = MethodTypeDesc.of(ConstantDescs.CD_String, ConstantDescs.CD_Object);
    private static final ClassDesc SHIMS = ClassDesc.of(Shims.class.getName());
    private static final MethodTypeDesc VOID = MethodTypeDesc.ofDescriptor("()V");
    private static final String FIELD = "smp4j$hash";

    private InheritedMethods() {
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

    /** Adds the default methods of interfaces that ask for the running thread, which are rewritten elsewhere. */
    static void addDefaultsTo(ClassBuilder type, ClassContext context, ClassModel model) {
        String name = model.thisClass().asInternalName();
        if (model.flags().has(AccessFlag.INTERFACE) || Defaults.isHolder(name)) {
            return;
        }
        String parent = model.superclass().map(ClassEntry::asInternalName).orElse(null);
        for (Default method : Defaults.all()) {
            if (inherits(context.hierarchy, name, method) && !inherits(context.hierarchy, parent, method)) {
                type.withMethodBody(method.name(), MethodTypeDesc.ofDescriptor(method.descriptor()),
                        ClassFile.ACC_PUBLIC | ClassFile.ACC_SYNTHETIC, code -> {
                    if (!context.isShadow) {
                        code.invokestatic(SHIMS, "border", VOID);
                    }
                    code.aload(0).invokestatic(method.holder(), method.name(), method.type());
                    if (!context.isShadow) {
                        code.invokestatic(SHIMS, "border", VOID);
                    }
                    code.return_(TypeKind.from(method.type().returnType()));
                });
            }
        }
    }

    private static boolean inherits(Hierarchy hierarchy, String type, Default method) {
        return type != null && method.owner().equals(hierarchy.declaring(type, method.name(), method.descriptor()));
    }
}
