package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.smp4j.explore.hooks.Shims;
import org.smp4j.explore.hooks.ValueHooks;
import org.smp4j.explore.instrument.call.Treatment;
import org.smp4j.explore.instrument.code.Bridges.Target;

/**
 * A call and its treatment.
 *
 * @param target the call
 * @param treatment how the call is rewritten
 * @param site the number of its site, or -1 if its hook takes none
 * @param passed the sites of what it reads of its arguments, or writes to them, -1 for those that it does not; empty if
 * there are none
 */
record PlannedCall(Target target, Treatment treatment, int site, List<Integer> passed) {
    private static final ClassDesc SHIMS = ClassDesc.of(Shims.class.getName());
    private static final ClassDesc VALUES = ClassDesc.of(ValueHooks.class.getName());
    private static final MethodTypeDesc WALKS = MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;Ljava/lang/Object;I)V");
    private static final MethodTypeDesc IS_SET = MethodTypeDesc.ofDescriptor("(Ljava/lang/String;Ljava/lang/String;)Z");
    private static final MethodTypeDesc ASKS =
            MethodTypeDesc.ofDescriptor("(Ljava/lang/ClassLoader;Ljava/lang/String;I)V");
    private static final MethodTypeDesc VOID = MethodTypeDesc.ofDescriptor("()V");
    private static final MethodTypeDesc PASSED = MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;I)V");
    private static final MethodTypeDesc SITE = MethodTypeDesc.ofDescriptor("(I)V");

    /** {@return the same call with another treatment} */
    PlannedCall with(Treatment other) {
        return new PlannedCall(target, other, site, passed);
    }

    /** Emits the call; its arguments are on the stack. */
    void emit(CodeBuilder code, ClassContext context) {
        ClassDesc hooks = context.options.hooks();
        pass(code, hooks, target.passed(), passed);
        switch (treatment) {
            case Treatment.Replaced replaced -> {
                if (replaced.converter() != null) {
                    code.invokestatic(SHIMS, replaced.converter(), replaced.converterType());
                }
                if (replaced.hasSite()) {
                    code.loadConstant(site);
                }
                code.invokestatic(replaced.holder() == null ? hooks : replaced.holder(), replaced.hook(),
                        replaced.type());
            }
            case Treatment.Supplied supplied -> {
                if (supplied.hasSite()) {
                    code.loadConstant(site);
                }
                code.invokestatic(VALUES, supplied.hook(), supplied.hookType());
                code.invoke(target.opcode(), target.owner(), target.name(), supplied.type(), target.isInterface());
            }
            case Treatment.Property _ -> {
                code.loadConstant(String.join("\n", context.options.properties()));
                code.invokestatic(SHIMS, "isSet", IS_SET);
            }
            case Treatment.Entered _ -> {
                code.invokestatic(SHIMS, "border", VOID);
                target.invoke(code);
                code.invokestatic(SHIMS, "border", VOID);
            }
            case Treatment.Sited sited -> code.loadConstant(site).invokevirtual(target.owner(), sited.method(),
                    target.type().insertParameterTypes(target.type().parameterCount(), ConstantDescs.CD_int));
            case Treatment.Bridged how -> context.bridges.call(code, target, how, site);
            case Treatment.Refused _ -> {
                code.loadConstant(site).invokestatic(hooks, "refuse", SITE);
                target.invoke(code);
            }
            case Treatment.Fenced _ -> {
                code.loadConstant(site).invokestatic(hooks, "fence", SITE);
                target.invoke(code);
            }
            case Treatment.Walking _ -> {
                code.dup().aconst_null().loadConstant(site).invokestatic(hooks, "walks", WALKS);
                target.invoke(code);
            }
            case Treatment.Loading _ -> {
                code.dup2().loadConstant(site).invokestatic(Initialization.LOADERS, "asks", ASKS);
                target.invoke(code);
            }
            case Treatment.Listed _ -> target.invoke(code);
        }
    }

    /** Tells the hooks the arguments on the stack that have a site, and leaves all there. */
    static void pass(CodeBuilder code, ClassDesc hooks, MethodTypeDesc type, List<Integer> sites) {
        int first = 0;
        while (first < sites.size() && sites.get(first) < 0) {
            first++;
        }
        int[] kept = new int[sites.size()];
        for (int i = sites.size() - 1; i >= first; i--) {
            TypeKind kind = TypeKind.from(type.parameterType(i));
            kept[i] = code.allocateLocal(kind);
            code.storeLocal(kind, kept[i]);
        }
        for (int i = first; i < sites.size(); i++) {
            ClassDesc each = type.parameterType(i);
            code.loadLocal(TypeKind.from(each), kept[i]);
            if (sites.get(i) >= 0) {
                code.dup().loadConstant((int) sites.get(i)).invokestatic(hooks,
                        each.isArray() ? "passedArray" : "passed", PASSED);
            }
        }
    }
}
