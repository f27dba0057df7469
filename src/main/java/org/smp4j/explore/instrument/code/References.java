package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DirectMethodHandleDesc.Kind;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.SpinCalls;
import org.smp4j.explore.instrument.code.Bridges.Target;

/**
 * Rewrites references to JDK methods, such as {@code counter::incrementAndGet}: no rewritten code would make the call,
 * so the reference is redirected to an added method that does.
 */
final class References {
    private record Key(PlannedCall call, MethodTypeDesc type) {
    }

    private References() {
    }

    static void rewrite(CodeBuilder code, InvokeDynamicInstruction instruction, ClassContext context,
            BiFunction<Target, String, PlannedCall> planner) {
        List<ConstantDesc> arguments = new ArrayList<>(instruction.bootstrapArgs());
        boolean changed = false;
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i) instanceof DirectMethodHandleDesc handle && isCall(handle.kind())) {
                PlannedCall planned = planner.apply(target(handle), Hierarchy.internalName(handle.owner()));
                if (planned != null) {
                    PlannedCall called = planned.with(SpinCalls.outside(planned.treatment()));
                    arguments.set(i, redirect(handle, called, instruction.typeSymbol(), context));
                    changed = true;
                }
            }
        }
        if (changed) {
            code.invokedynamic(DynamicCallSiteDesc.of(instruction.bootstrapMethod(), instruction.name().stringValue(),
                    instruction.typeSymbol(),
                    arguments.toArray(ConstantDesc[]::new)));
        } else {
            code.with(instruction);
        }
    }

    private static boolean isCall(Kind kind) {
        return switch (kind) {
            case GETTER, SETTER, STATIC_GETTER, STATIC_SETTER -> false;
            default -> true;
        };
    }

    private static Target target(DirectMethodHandleDesc handle) {
        Opcode opcode = switch (handle.kind()) {
            case STATIC, INTERFACE_STATIC -> Opcode.INVOKESTATIC;
            case INTERFACE_VIRTUAL -> Opcode.INVOKEINTERFACE;
            case SPECIAL, INTERFACE_SPECIAL, CONSTRUCTOR -> Opcode.INVOKESPECIAL;
            default -> Opcode.INVOKEVIRTUAL;
        };
        String name = handle.kind() == Kind.CONSTRUCTOR ? ConstantDescs.INIT_NAME : handle.methodName();
        return new Target(opcode, handle.owner(), handle.isOwnerInterface(), name,
                MethodTypeDesc.ofDescriptor(handle.lookupDescriptor()));
    }

    private static DirectMethodHandleDesc redirect(DirectMethodHandleDesc handle, PlannedCall planned,
            MethodTypeDesc captured, ClassContext context) {
        MethodTypeDesc type = handle.invocationType();
        // The lambda factory requires exactly the types of the captured values.
        for (int i = 0; i < Math.min(captured.parameterCount(), type.parameterCount()); i++) {
            type = type.changeParameterType(i, captured.parameterType(i));
        }
        MethodTypeDesc own = type;
        boolean constructs = handle.kind() == Kind.CONSTRUCTOR;
        String name = context.bridges.method(new Key(planned, own), constructs ? "new" : handle.methodName(),
                own, code -> {
            if (constructs) {
                code.new_(handle.owner()).dup();
            }
            Bridges.loadParameters(code, own, 0);
            planned.emit(code, context);
            code.return_(TypeKind.from(own.returnType()));
        });
        return MethodHandleDesc.ofMethod(context.bridges.inInterface() ? Kind.INTERFACE_STATIC : Kind.STATIC,
                context.type, name, own);
    }
}
