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
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import org.smp4j.explore.engine.ClassInitialization;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.loaders.LoaderHooks;

/**
 * Generates the code that initializes a class within each run, as JLS 12.4.2 requires: the static initializer becomes
 * an ordinary method, static finals can be assigned again, and each use of the class first calls a method that
 * initializes it if need be.
 */
final class Initialization {
    /** The class with what a class calls that a class loader of the program defines. */
    static final ClassDesc LOADERS = LoaderHooks.class.describeConstable().orElseThrow();

    private static final String INITIALIZE = "smp4j$initialize";
    private static final String INITIALIZER = "smp4j$clinit";
    private static final MethodTypeDesc USE = MethodTypeDesc.ofDescriptor("(I)V");
    private static final MethodTypeDesc VOID = MethodTypeDesc.ofDescriptor("()V");
    private static final MethodTypeDesc BEGINS = MethodTypeDesc.ofDescriptor("(Ljava/lang/Class;II)Z");
    private static final MethodTypeDesc ENDS = MethodTypeDesc.ofDescriptor(
            "(Ljava/lang/Class;IILjava/lang/Throwable;)V");

    private static final MethodTypeDesc DEFINED_BEGINS = MethodTypeDesc.ofDescriptor("(Ljava/lang/Class;I)Z");
    private static final MethodTypeDesc DEFINED_ENDS = MethodTypeDesc.ofDescriptor(
            "(Ljava/lang/Class;ILjava/lang/Throwable;)V");
    private static final MethodTypeDesc NEEDS = MethodTypeDesc.ofDescriptor(
            "(Ljava/lang/Class;Ljava/lang/String;I)V");
    private static final MethodTypeDesc STATIC_FIELD = MethodTypeDesc.ofDescriptor("(Ljava/lang/Class;I)V");

    private Initialization() {
    }

    /** Before an access to a static field: in a class of a loader of the program, of the class that is met. */
    static void staticField(CodeBuilder code, ClassContext context, FieldInstruction access, int site) {
        if (context.isDefined) {
            code.loadConstant(access.owner().asSymbol()).loadConstant(site);
            code.invokestatic(context.options.hooks(), "staticField", STATIC_FIELD);
        } else {
            code.loadConstant(site).invokestatic(context.options.hooks(), "staticField", USE);
        }
    }

    /** The code of a loader of the program runs before the JVM would run it. */
    static void load(CodeBuilder code, ClassContext context, ClassDesc type, int site) {
        code.loadConstant(context.type).loadConstant(Hierarchy.internalName(type).replace('/', '.')).loadConstant(site)
                .invokestatic(LOADERS, "needs", NEEDS);
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
            code.loadConstant(context.type);
            if (context.isDefined) {
                code.iload(0).invokestatic(LOADERS, "initializes", DEFINED_BEGINS);
            } else {
                code.loadConstant(id).iload(0).invokestatic(hooks, "initializes", BEGINS);
            }
            code.ifeq(done);
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
            code.aconst_null();
            ends(code, context, id);
            code.goto_(done);
            Label failed = code.newBoundLabel();
            code.dup();
            ends(code, context, id);
            code.athrow();
            code.exceptionCatchAll(start, end, failed);
            code.labelBinding(done).return_();
        });
    }

    /** After the initializer; what it has thrown lies on the stack. */
    private static void ends(CodeBuilder code, ClassContext context, int id) {
        int thrown = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(thrown).loadConstant(context.type);
        if (context.isDefined) {
            code.iload(0).aload(thrown).invokestatic(LOADERS, "initialized", DEFINED_ENDS);
        } else {
            code.loadConstant(id).iload(0).aload(thrown)
                    .invokestatic(context.options.hooks(), "initialized", ENDS);
        }
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
