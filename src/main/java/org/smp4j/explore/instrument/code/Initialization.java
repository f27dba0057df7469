package org.smp4j.explore.instrument.code;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.FieldModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import org.smp4j.explore.engine.ClassInitialization;

/**
 * Generates the code that initializes a class within each run, as JLS 12.4.2 requires: the static initializer becomes
 * an ordinary method, static finals can be assigned again, and each use of the class first calls a method that
 * initializes it if need be.
 */
final class Initialization {
    private static final String INITIALIZE = "smp4j$initialize";
    private static final String INITIALIZER = "smp4j$clinit";
    private static final MethodTypeDesc USE = MethodTypeDesc.ofDescriptor("(I)V");
    private static final MethodTypeDesc VOID = MethodTypeDesc.ofDescriptor("()V");
    private static final MethodTypeDesc BEGINS = MethodTypeDesc.ofDescriptor("(Ljava/lang/Class;II)Z");
    private static final MethodTypeDesc ENDS = MethodTypeDesc.ofDescriptor(
            "(Ljava/lang/Class;IILjava/lang/Throwable;)V");

    private Initialization() {
    }

    /** The type of that method, which takes the site of the use. */
    static void use(CodeBuilder code, ClassDesc type, int site) {
        code.loadConstant(site).invokestatic(type, INITIALIZE, USE);
    }

    /** Gives the static initializer another name. */
    static void move(ClassBuilder type, ClassContext context, MethodModel initializer) {
        type.withMethod(INITIALIZER, VOID, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                method -> method.transformCode(initializer.code().orElseThrow(),
                        new MethodRewriter(context, initializer)));
    }

    /** Whether a field gets its value from the static initializer, or has the default value. */
    private static boolean isInitialized(FieldModel field) {
        return field.flags().has(AccessFlag.STATIC) && field.findAttribute(Attributes.constantValue()).isEmpty();
    }

    static void makeAssignable(ClassBuilder type, FieldModel field) {
        if (!isInitialized(field) || !field.flags().has(AccessFlag.FINAL)) {
            type.with(field);
            return;
        }
        int flags = field.flags().flagsMask() & ~ClassFile.ACC_FINAL;
        type.transformField(field, (builder, element) -> {
            if (element instanceof AccessFlags) {
                builder.withFlags(flags);
            } else {
                builder.with(element);
            }
        });
    }

    /** Adds the method that initializes the class. */
    static void addTo(ClassBuilder type, ClassContext context, ClassModel model) {
        int id = ClassInitialization.idOf(model.thisClass().asInternalName().replace('/', '.'));
        ClassDesc hooks = context.options.hooks();
        type.withMethodBody(INITIALIZE, USE, ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                code -> {
            Label done = code.newLabel();
            code.loadConstant(context.type).loadConstant(id).iload(0).invokestatic(hooks, "initializes", BEGINS)
                    .ifeq(done);
            Label start = code.newBoundLabel();
            for (FieldModel field : model.fields()) {
                if (isInitialized(field)) {
                    reset(code, context.type, field);
                }
            }
            String parent = model.superclass().orElseThrow().asInternalName();
            if (context.initializers.areNeeded(parent)) {
                code.iload(0).invokestatic(ClassDesc.ofInternalName(parent), INITIALIZE, USE);
            }
            if (Initializers.method(model, ConstantDescs.CLASS_INIT_NAME, "()V") != null) {
                code.invokestatic(context.type, INITIALIZER, VOID);
            }
            Label end = code.newBoundLabel();
            code.loadConstant(context.type).loadConstant(id).iload(0).aconst_null()
                    .invokestatic(hooks, "initialized", ENDS).goto_(done);
            Label failed = code.newBoundLabel();
            int thrown = code.allocateLocal(TypeKind.REFERENCE);
            code.astore(thrown).loadConstant(context.type).loadConstant(id).iload(0).aload(thrown)
                    .invokestatic(hooks, "initialized", ENDS).aload(thrown).athrow();
            code.exceptionCatchAll(start, end, failed);
            code.labelBinding(done).return_();
        });
    }

    private static void reset(CodeBuilder code, ClassDesc owner, FieldModel field) {
        ClassDesc type = field.fieldTypeSymbol();
        switch (TypeKind.from(type).asLoadable()) {
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            case REFERENCE -> code.aconst_null();
            default -> code.iconst_0();
        }
        code.putstatic(owner, field.fieldName().stringValue(), type);
    }
}
