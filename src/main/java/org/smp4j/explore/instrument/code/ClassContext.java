package org.smp4j.explore.instrument.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.LinkedHashSet;
import java.util.Set;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Treatment;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.explore.instrument.code.Bridges.Target;
import org.smp4j.explore.instrument.shadow.Shadows;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;

/** State that the methods of one class share while they are rewritten. */
final class ClassContext {
    private static final String LINKER = "java/lang/foreign/Linker";

    final RewriteOptions options;
    final Hierarchy hierarchy;
    final CallRules calls;
    final Initializers initializers;
    final ClassDesc type;
    final Bridges bridges;
    // Whether each run initializes the class anew; see Initialization.
    final boolean startsAfresh;
    // Whether its code only looks on, so that none of its accesses is a step.
    final boolean isObserver;
    // Whether it is a class of the JDK under another name.
    final boolean isShadow;
    // Whether a class loader of the program defines it, so that it is another class in each run.
    final boolean isDefined;
    final Set<Unmodelled> unmodelled = new LinkedHashSet<>();

    private final String name;
    private final String file;
    private final ClassModel model;
    private final int mode; // of all its sites
    private int sites;

    ClassContext(RewriteOptions options, Hierarchy hierarchy, CallRules calls, Initializers initializers,
            ClassModel model, boolean isDefined) {
        this.isDefined = isDefined;
        this.options = options;
        this.hierarchy = hierarchy;
        this.calls = calls;
        this.initializers = initializers;
        this.model = model;
        type = model.thisClass().asSymbol();
        name = model.thisClass().asInternalName().replace('/', '.');
        file = model.findAttribute(Attributes.sourceFile()).map(source -> source.sourceFile().stringValue())
                .orElse(null);
        bridges = new Bridges(type, model.flags().has(AccessFlag.INTERFACE), options);
        startsAfresh = initializers.areNeeded(model.thisClass().asInternalName());
        isShadow = Shadows.isShadow(model.thisClass().asInternalName());
        boolean isInner = isShadow && !options.isInside(Names.real(name))
                && (options.inside().isEmpty() || !Shadows.isWritten(model.thisClass().asInternalName()));
        mode = (options.hardware().test(name) ? Access.HARDWARE : 0) | (isInner ? Access.INNER : 0)
                | (isShadow ? Access.JDK : 0);
        isObserver = options.observers().test(name) || CallRules.isUnsafe(model.thisClass().asInternalName());
    }

    /** Whether method handles of the class may call native functions. */
    private boolean callsNatives() {
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry named && named.asInternalName().equals(LINKER)) {
                return true;
            }
        }
        return false;
    }

    /** The treatment of a call in this class; null if it stays as it is. */
    Treatment treat(Target target, String owner) {
        Treatment treatment = calls.treat(owner, target.name(), target.type(), target.opcode());
        if (treatment instanceof Treatment.Listed && owner.equals("java/lang/invoke/MethodHandle") && callsNatives()) {
            return new Treatment.Refused();
        }
        if (isShadow && target.name().equals("availableProcessors")
                && (name.endsWith(".ForkJoinPool") || name.endsWith(".Executors"))) {
            return new Treatment.Replaced(null, null, null, "processorsOfPools",
                    target.type().insertParameterTypes(0, target.owner()));
        }
        if (isShadow && target.opcode() == Opcode.INVOKESPECIAL && target.name().equals("toString")
                && "java/lang/Object".equals(hierarchy.declaring(owner, "toString", "()Ljava/lang/String;"))) {
            return new Treatment.Replaced(null, null, InheritedMethods.NAMES, "text", InheritedMethods.TEXT);
        }
        if (isShadow && target.name().equals("getSystemClassLoader")) {
            return new Treatment.Replaced(null, null, null, "programsLoader", target.type());
        }
        return isShadow && isOfUsers(treatment) ? null : treatment;
    }

    /** Whether a call is left as it is in the JDK's own code. */
    private static boolean isOfUsers(Treatment treatment) {
        return treatment instanceof Treatment.Entered || treatment instanceof Treatment.Loading
                || treatment instanceof Treatment.Replaced replaced
                && Initialization.LOADERS.equals(replaced.holder());
    }

    /** Whether a method is one by which a class loader is asked for a class. */
    boolean loads(MethodModel method) {
        return method.methodName().equalsString("loadClass") && !method.flags().has(AccessFlag.STATIC)
                && method.methodType().stringValue().matches("\\(Ljava/lang/String;Z?\\)Ljava/lang/Class;")
                && hierarchy.isA(model.thisClass().asInternalName(), "java/lang/ClassLoader");
    }

    int addSite(MethodModel method, int line, String operation, String target, int mode) {
        return Sites.add(Names.real(name), sites++, method.methodName().stringValue(), file, line, operation,
                Names.real(target), mode | this.mode);
    }

    int sites() {
        return sites;
    }

    void list(MethodModel method, int line, String what) {
        if (isShadow) {
            return; // in a call that is one step
        }
        String simple = name.substring(name.lastIndexOf('.') + 1);
        String where = file == null ? "Unknown Source" : line > 0 ? file + ":" + line : file;
        unmodelled.add(new Unmodelled(name, simple + "." + method.methodName().stringValue() + "(" + where + ")",
                what));
    }
}
