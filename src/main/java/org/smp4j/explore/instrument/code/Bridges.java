package org.smp4j.explore.instrument.code;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.smp4j.explore.hooks.Shims;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Treatment.Bridged;
import org.smp4j.explore.instrument.shadow.Shadows;

/**
 * The methods that are added to a class for its redirected calls: one for each kind of call, and one for each
 * redirected method reference.
 */
final class Bridges {
    /** The target of a call as it was compiled. */
    record Target(Opcode opcode, ClassDesc owner, boolean isInterface, String name, MethodTypeDesc type) {
        boolean isStatic() {
            return opcode == Opcode.INVOKESTATIC;
        }

        void invoke(CodeBuilder code) {
            code.invoke(opcode, owner, name, type, isInterface);
        }
    }

    private record Key(Target target, Bridged how) {
    }

    private record Bridge(String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {
    }

    private static final String PREFIX = "smp4j$";

    private final ClassDesc owner;
    private final boolean inInterface;
    private final RewriteOptions options;
    private final Map<Object, Bridge> bridges = new LinkedHashMap<>();

    Bridges(ClassDesc owner, boolean inInterface, RewriteOptions options) {
        this.owner = owner;
        this.inInterface = inInterface;
        this.options = options;
    }

    /** Calls the bridge instead of the target; the arguments lie on the stack. */
    void call(CodeBuilder code, Target target, Bridged how, int site) {
        // The site has the mode; of the mode only CONDITIONAL changes the code of the bridge.
        Bridge bridge = bridges.computeIfAbsent(new Key(target, how), _ -> {
            MethodTypeDesc type = target.type();
            if (!target.isStatic()) {
                type = type.insertParameterTypes(0, target.opcode() == Opcode.INVOKESPECIAL ? owner : target.owner());
            }
            type = type.insertParameterTypes(type.parameterCount(), ConstantDescs.CD_int);
            return new Bridge(PREFIX + target.name() + "$" + bridges.size(), type,
                    new BridgeCode(options, target, how, type, Shadows.isShadow(Hierarchy.internalName(owner)))::emit);
        });
        code.loadConstant(site);
        code.invokestatic(owner, bridge.name, bridge.type, inInterface);
    }

    /** Adds a method with the given code, the same one for the same key; {@return its name} */
    String method(Object key, String name, MethodTypeDesc type, Consumer<CodeBuilder> body) {
        return bridges.computeIfAbsent(key, _ -> new Bridge(PREFIX + name + "$" + bridges.size(), type, body)).name;
    }

    boolean inInterface() {
        return inInterface;
    }

    /** Adds the methods to the class. */
    void addTo(ClassBuilder type) {
        for (int added = 0; added < bridges.size(); added++) { // a bridge may add another
            Bridge bridge = bridges.values().stream().skip(added).findFirst().orElseThrow();
            type.withMethodBody(bridge.name, bridge.type,
                    ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC, bridge.body);
        }
    }

    /** Loads all parameters but the last ones. */
    static void loadParameters(CodeBuilder code, MethodTypeDesc type, int without) {
        for (int parameter = 0; parameter < type.parameterCount() - without; parameter++) {
            code.loadLocal(TypeKind.from(type.parameterType(parameter)), code.parameterSlot(parameter));
        }
    }

    /** What all bridges are made of: loads of parameters, calls of hooks, and the call itself. */
    abstract static class Parts {
        static final ClassDesc SHIMS = ClassDesc.of(Shims.class.getName());
        static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);

        final RewriteOptions options;
        final Target target;
        final MethodTypeDesc type;
        final int arguments;
        private final boolean isShadow;

        Parts(RewriteOptions options, Target target, MethodTypeDesc type, boolean isShadow) {
            this.options = options;
            this.target = target;
            this.type = type;
            this.isShadow = isShadow;
            arguments = type.parameterCount() - 1;
        }

        final void load(CodeBuilder code, int parameter) {
            code.loadLocal(TypeKind.from(type.parameterType(parameter)), code.parameterSlot(parameter));
        }

        final void operate(CodeBuilder code) {
            Bridges.loadParameters(code, type, 1);
            target.invoke(code);
        }

        final void hook(CodeBuilder code, String name, ClassDesc result, ClassDesc... parameters) {
            code.invokestatic(options.hooks(), name, MethodTypeDesc.of(result, parameters));
        }

        final void border(CodeBuilder code) {
            if (!isShadow) {
                code.invokestatic(SHIMS, "border", VOID);
            }
        }

        final void refuse(CodeBuilder code) {
            load(code, arguments);
            hook(code, "refuse", ConstantDescs.CD_void, ConstantDescs.CD_int);
            operate(code);
            code.return_(TypeKind.from(type.returnType()));
        }
    }
}
