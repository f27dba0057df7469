package org.smp4j.explore.instrument.code;

import java.lang.classfile.AccessFlags;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodBuilder;
import java.lang.classfile.MethodElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Superclass;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.function.Function;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Unmodelled;

/** Rewrites class files. Safe for use by several threads. */
public final class Rewriter {
    /** The oldest class file version with stack maps, which rewriting generates. */
    private static final int WITH_STACK_MAPS = 50;

    /**
     * A rewritten class.
     *
     * @param bytes its class file
     * @param sites the number of sites in it
     * @param unmodelled its calls that the explorer can't see
     * @param startsAfresh whether each run initializes the class anew
     */
    public record Result(byte[] bytes, int sites, Set<Unmodelled> unmodelled, boolean startsAfresh) {
    }

    private final RewriteOptions options;
    private final Hierarchy hierarchy;
    private final CallRules calls;
    private final Initializers initializers;
    private final ClassFile classFile;

    /**
     * Makes a rewriter.
     *
     * @param options how classes are rewritten; the caller decides which classes
     * @param files returns the class file at a path, for classes that others name, or null
     */
    public Rewriter(RewriteOptions options, Function<String, byte[]> files) {
        this.options = options;
        hierarchy = new Hierarchy(files);
        calls = new CallRules(hierarchy, options.rewritten());
        initializers = new Initializers(hierarchy::model, options.rewritten());
        classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(hierarchy.resolver()));
    }

    /**
     * Rewrites a class.
     *
     * @param bytes its class file
     * @param isDefined whether a class loader of the program defines it, so that it is another class in each run
     * @return what comes of it
     */
    public Result apply(byte[] bytes, boolean isDefined) {
        ClassModel model = classFile.parse(bytes);
        if (model.majorVersion() < WITH_STACK_MAPS) {
            throw new UnsupportedClassVersionError(model.thisClass().asInternalName()
                    + " is too old to be explored: its class file version is " + model.majorVersion()
                    + ", and must be at least " + WITH_STACK_MAPS + "; compile it again");
        }
        ClassContext context = new ClassContext(options, hierarchy, calls, initializers, model, isDefined);
        byte[] rewritten = classFile.transformClass(model, new ClassTransform() {
            @Override
            public void accept(ClassBuilder type, ClassElement element) {
                if (element instanceof MethodModel method && method.code().isPresent()) {
                    if (context.startsAfresh && method.methodName().equalsString(ConstantDescs.CLASS_INIT_NAME)) {
                        Initialization.move(type, context, method);
                    } else {
                        type.transformMethod(method, transform(context, method));
                    }
                } else if (element instanceof Superclass parent && !context.isShadow) {
                    type.withSuperclass(Substitutes.parent(parent.superclassEntry().asSymbol()));
                } else if (element instanceof FieldModel field && context.startsAfresh) {
                    Initialization.makeAssignable(type, field);
                } else {
                    type.with(element);
                }
            }

            @Override
            public void atEnd(ClassBuilder type) {
                if (context.startsAfresh) {
                    Initialization.addTo(type, context, model);
                }
                InheritedMethods.addDefaultsTo(type, context, model);
                context.bridges.addTo(type);
                if (context.isShadow) {
                    InheritedMethods.addTextTo(type, model, hierarchy);
                }
                if (InheritedMethods.isNeeded(model, hierarchy, options.rewritten())) {
                    InheritedMethods.addTo(type, context.type, options.hooks());
                }
            }
        });
        return new Result(rewritten, context.sites(), context.unmodelled, context.startsAfresh);
    }

    private static MethodTransform transform(ClassContext context, MethodModel method) {
        MethodTransform code = MethodTransform.transformingCode(new MethodRewriter(context, method));
        if (!method.flags().has(AccessFlag.SYNCHRONIZED)) {
            return code;
        }
        int flags = method.flags().flagsMask() & ~ClassFile.ACC_SYNCHRONIZED;
        return code.andThen((builder, element) -> accept(builder, element, flags));
    }

    private static void accept(MethodBuilder builder, MethodElement element, int flags) {
        if (element instanceof AccessFlags) {
            builder.withFlags(flags);
        } else {
            builder.with(element);
        }
    }
}
