package org.smp4j.explore.instrument.code;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
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

        boolean isVirtual() {
            return !isStatic() && opcode != Opcode.INVOKESPECIAL;
        }

        /** The types of what lies on the stack before a call, but for the receiver of one that is not virtual. */
        MethodTypeDesc passed() {
            return isVirtual() ? type.insertParameterTypes(0, owner) : type;
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

    /** Generates the code of a conditional write: it expects a value, and writes another one if it reads that. */
    static final class Exchange extends Parts {
        private static final ClassDesc OBJECT = ConstantDescs.CD_Object;

        Exchange(RewriteOptions options, Target target, MethodTypeDesc type) {
            super(options, target, type, false);
        }

        /** Tells what the write expects to read, unless it may fail on that, too; before the hook of the access. */
        void expectation(CodeBuilder code) {
            ClassDesc expected = type.parameterType(arguments - 2);
            TypeKind kind = TypeKind.from(expected).asLoadable();
            if (target.name().startsWith("weakCompareAndSet") || kind == TypeKind.FLOAT || kind == TypeKind.DOUBLE) {
                hook(code, "expectsAny", ConstantDescs.CD_void);
                return;
            }
            load(code, arguments - 2);
            if (kind == TypeKind.INT) {
                code.i2l();
            }
            hook(code, "expects", ConstantDescs.CD_void, kind == TypeKind.REFERENCE ? OBJECT : ConstantDescs.CD_long);
        }

        /** Makes a conditional write, leaves its result on the stack, and reports whether it wrote. */
        void operation(CodeBuilder code, ClassDesc result) {
            boolean tells = result.equals(ConstantDescs.CD_boolean) && !target.name().startsWith("compareAndExchange");
            ClassDesc found = result;
            if (tells && target.name().startsWith("weakCompareAndSet")) {
                Label fails = code.newLabel();
                Label done = code.newLabel();
                hook(code, "failsWithoutCause", ConstantDescs.CD_boolean);
                code.ifne(fails);
                operate(code);
                code.goto_(done).labelBinding(fails).iconst_0().labelBinding(done);
            } else if (tells) {
                operate(code);
            } else {
                ClassDesc expected = type.parameterType(arguments - 2);
                if (result.equals(ConstantDescs.CD_void)) {
                    // the caller does not use the old value, but the report needs it
                    found = expected.isPrimitive() ? expected : OBJECT;
                }
                Bridges.loadParameters(code, type, 1);
                new Target(target.opcode(), target.owner(), target.isInterface(), target.name(),
                        target.type().changeReturnType(found)).invoke(code);
            }
            int kept = code.allocateLocal(TypeKind.from(found));
            code.storeLocal(TypeKind.from(found), kept);
            code.loadLocal(TypeKind.from(found), kept);
            if (!tells) {
                Values.isSame(code, found, c -> load(c, arguments - 2), type.parameterType(arguments - 2));
            }
            if (options.values()) {
                code.dup();
            }
            hook(code, "exchanged", ConstantDescs.CD_void, ConstantDescs.CD_boolean);
            if (options.values()) {
                Label failed = code.newLabel();
                code.ifeq(failed);
                load(code, arguments - 1);
                Values.report(code, options, type.parameterType(arguments - 1));
                code.labelBinding(failed);
            }
            if (!result.equals(ConstantDescs.CD_void)) {
                code.loadLocal(TypeKind.from(result), kept);
            }
        }
    }
}
