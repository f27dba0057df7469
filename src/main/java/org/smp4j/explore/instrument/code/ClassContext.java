package org.smp4j.explore.instrument.code;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.LinkedHashSet;
import java.util.Set;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.explore.model.Access;
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
    final Set<Unmodelled> unmodelled = new LinkedHashSet<>();

    private final String name;
    private final String file;
    private final ClassModel model;
    private final boolean isHardware;
    private int sites;

    ClassContext(RewriteOptions options, Hierarchy hierarchy, CallRules calls, Initializers initializers,
            ClassModel model) {
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
        isHardware = options.hardware().test(name);
        isObserver = options.observers().test(name);
    }

    /** Whether method handles of the class may call native functions. */
    boolean callsNatives() {
        for (PoolEntry entry : model.constantPool()) {
            if (entry instanceof ClassEntry named && named.asInternalName().equals(LINKER)) {
                return true;
            }
        }
        return false;
    }

    int addSite(MethodModel method, int line, String operation, String target, int mode) {
        return Sites.add(name, sites++, method.methodName().stringValue(), file, line, operation, target,
                isHardware ? mode | Access.HARDWARE : mode);
    }

    int sites() {
        return sites;
    }

    void list(MethodModel method, int line, String what) {
        String simple = name.substring(name.lastIndexOf('.') + 1);
        String where = file == null ? "Unknown Source" : line > 0 ? file + ":" + line : file;
        unmodelled.add(new Unmodelled(name, simple + "." + method.methodName().stringValue() + "(" + where + ")",
                what));
    }
}
