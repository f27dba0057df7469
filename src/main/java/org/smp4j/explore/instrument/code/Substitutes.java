package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.Map;
import org.smp4j.explore.hooks.PlainObject;
import org.smp4j.explore.hooks.SeededSecureRandom;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.code.Bridges.Target;
import org.smp4j.explore.loaders.OwnLoader;
import org.smp4j.explore.loaders.OwnUrlLoader;

/** Classes of the JDK whose objects differ from run to run, and the class of the object that is made instead. */
final class Substitutes {
    private static final Map<String, ClassDesc> ALL = Map.of(
            "java/lang/Object", PlainObject.class.describeConstable().orElseThrow(),
            "java/security/SecureRandom", SeededSecureRandom.class.describeConstable().orElseThrow(),
            "java/net/URLClassLoader", OwnUrlLoader.class.describeConstable().orElseThrow());
    /** Classes of the JDK that a class of the program may extend, and what it extends instead. */
    private static final Map<String, ClassDesc> PARENTS = Map.of(
            "java/lang/ClassLoader", OwnLoader.class.describeConstable().orElseThrow(),
            "java/net/URLClassLoader", OwnUrlLoader.class.describeConstable().orElseThrow());

    private Substitutes() {
    }

    /** The superclass that a class gets. */
    static ClassDesc parent(ClassDesc parent) {
        return PARENTS.getOrDefault(Hierarchy.internalName(parent), parent);
    }

    /** Makes an object. */
    static void make(CodeBuilder code, NewObjectInstruction made) {
        ClassDesc substitute = ALL.get(made.className().asInternalName());
        if (substitute == null) {
            code.with(made);
        } else {
            code.new_(substitute);
        }
    }

    /**
     * The target of a call.
     *
     * @param invoke the call
     * @param news whether an object has been made whose constructor was not called yet
     * @return the target: of the substitute, if its constructor is to be called
     */
    static Target target(InvokeInstruction invoke, boolean news) {
        String name = invoke.name().stringValue();
        ClassDesc substitute = name.equals(ConstantDescs.INIT_NAME)
                ? (news ? ALL : PARENTS).get(invoke.owner().asInternalName()) : null;
        return new Target(invoke.opcode(), substitute == null ? invoke.owner().asSymbol() : substitute,
                invoke.isInterface(), name, invoke.typeSymbol());
    }
}
