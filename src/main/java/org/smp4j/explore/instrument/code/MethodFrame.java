package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ExceptionCatch;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.smp4j.explore.instrument.call.Hierarchy;

/** Code around a whole method: the monitor of a synchronized method, the quiet state of a static initializer. */
final class MethodFrame {
    private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc MONITOR = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object,
            ConstantDescs.CD_int);

    /** The caller of a class loader whose code makes no steps. */
    static final String ASKED = "the JVM, as it loads a class,";
    private static final MethodTypeDesc KNOWN =
            MethodTypeDesc.ofDescriptor("(Ljava/lang/ClassLoader;Ljava/lang/String;)Ljava/lang/Class;");
    private static final MethodTypeDesc ENTERS =
            MethodTypeDesc.ofDescriptor("(Ljava/lang/ClassLoader;Ljava/lang/String;I)Z");
    private static final MethodTypeDesc LEAVES = MethodTypeDesc.ofDescriptor("(Ljava/lang/ClassLoader;Z)V");
    private static final MethodTypeDesc CAUGHT =
            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Throwable);
    private static final Set<String> ERRORS = Set.of("java/lang/Throwable", "java/lang/Error",
            "java/lang/VirtualMachineError", "java/lang/OutOfMemoryError");

    private final ClassContext context;
    private final Set<Label> handlers;
    private final boolean isStatic;
    private final boolean locks;
    private final boolean quiet;
    private final ClassDesc quieter; // the class with the hooks that make it quiet
    private final boolean initializes;
    private final int loads; // the number of parameters of a loadClass; 0 for another method
    private int byJvm;
    private int monitor;
    private int exitSite;
    private Label start;

    MethodFrame(ClassContext context, MethodModel method) {
        this.context = context;
        handlers = method.code().orElseThrow().exceptionHandlers().stream().filter(MethodFrame::isForErrors)
                .map(ExceptionCatch::handler).collect(Collectors.toSet());
        isStatic = method.flags().has(AccessFlag.STATIC);
        locks = method.flags().has(AccessFlag.SYNCHRONIZED);
        boolean initializer = method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME);
        quiet = initializer && !context.startsAfresh;
        quieter = quiet && context.isDefined && !context.initializers.isHarmless(Hierarchy.internalName(context.type))
                ? Initialization.LOADERS : context.options.hooks();
        loads = context.loads(method) ? method.methodTypeSymbol().parameterCount() : 0;
        initializes = context.startsAfresh && !initializer
                && (isStatic || method.methodName().equalsString(ConstantDescs.INIT_NAME));
    }

    private static boolean isForErrors(ExceptionCatch handler) {
        return handler.catchType().map(type -> ERRORS.contains(type.asInternalName())).orElse(true);
    }

    /** Emitted at each label: a handler for any error, or for this one, tells the explorer of a fault of the host. */
    void caught(CodeBuilder code, Label label) {
        if (handlers.contains(label)) {
            code.dup().invokestatic(context.options.hooks(), "caught", CAUGHT);
        }
    }

    boolean locks() {
        return locks;
    }

    /** Whether a call of the method initializes its class, as that of a static method or a constructor does. */
    boolean initializes() {
        return initializes;
    }

    /** Whether the JVM calls the method to ask for a class. */
    boolean asks() {
        return loads == 1;
    }

    /** Emitted before an instruction that needs another class, for which the JVM would ask. */
    void needs(CodeBuilder code, ClassDesc owner, ToIntFunction<ClassDesc> site) {
        if (context.isDefined && !owner.equals(context.type)
                && context.initializers.isRewritten(Hierarchy.internalName(owner))) {
            Initialization.load(code, context, owner, site.applyAsInt(owner));
        }
    }

    /** In a class loader: its own code is no way to the explorer's classes, and must not be left if the JVM calls. */
    private void load(CodeBuilder code, int site) {
        Label runs = code.newLabel();
        code.aload(0).aload(1).invokestatic(Initialization.LOADERS, loads == 1 ? "known" : "support", KNOWN);
        code.dup().ifnull(runs).areturn().labelBinding(runs).pop();
        if (loads == 1) {
            byJvm = code.allocateLocal(TypeKind.INT);
            code.aload(0).aload(1).loadConstant(site).invokestatic(Initialization.LOADERS, "enters", ENTERS)
                    .istore(byJvm);
        }
    }

    void begin(CodeBuilder code, int use, int enter, int exit) {
        exitSite = exit;
        if (loads > 0) {
            load(code, use);
        }
        if (initializes) {
            Initialization.use(code, context.type, use);
        }
        if (locks) {
            monitor = code.allocateLocal(TypeKind.REFERENCE);
            if (isStatic) {
                code.loadConstant(context.type);
            } else {
                code.aload(0);
            }
            code.dup().astore(monitor).loadConstant(enter);
            code.invokestatic(context.options.hooks(), "monitorEnter", MONITOR);
        }
        if (quiet) {
            code.invokestatic(quieter, "enterQuiet", VOID);
        }
        if (locks || quiet || loads == 1) {
            start = code.newBoundLabel();
        }
    }

    /** Emitted at each return, and in the handler for an exception that leaves the method. */
    void leave(CodeBuilder code) {
        if (locks) {
            code.aload(monitor).loadConstant(exitSite);
            code.invokestatic(context.options.hooks(), "monitorExit", MONITOR);
        }
        if (quiet) {
            code.invokestatic(quieter, "exitQuiet", VOID);
        }
        if (loads == 1) {
            code.aload(0).iload(byJvm).invokestatic(Initialization.LOADERS, "leaves", LEAVES);
        }
    }

    void end(CodeBuilder code) {
        if (locks || quiet || loads == 1) {
            Label handler = code.newBoundLabel();
            leave(code);
            code.athrow();
            code.exceptionCatchAll(start, handler, handler);
        }
    }
}
