package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.smp4j.explore.hooks.HashOrder;
import org.smp4j.explore.hooks.ReflectionHooks;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.Modes;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Treatment;
import org.smp4j.explore.instrument.call.Treatment.Bridged;
import org.smp4j.explore.instrument.call.Treatment.Quiet;
import org.smp4j.explore.instrument.code.Bridges.Target;
import org.smp4j.explore.model.Access;

/** Generates the code of one bridge, whose parameters are the receiver, the arguments and the site. */
final class BridgeCode extends Bridges.Parts {
    private static final ClassDesc REFLECTION = ClassDesc.of(ReflectionHooks.class.getName());
    private static final ClassDesc HASH_ORDER = ClassDesc.of(HashOrder.class.getName());
    private static final MethodTypeDesc MEMBER =
            MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;Ljava/lang/Object;I)V");
    private static final ClassDesc VAR_HANDLE = ConstantDescs.CD_VarHandle;
    private static final ClassDesc OBJECT = ConstantDescs.CD_Object;
    private static final ClassDesc LOCK = ClassDesc.of("java.util.concurrent.locks.ReentrantLock");
    private static final ClassDesc ENTRY = ClassDesc.of("java.util.Map$Entry");
    private static final ClassDesc THREAD = ClassDesc.of("java.lang.Thread");
    private static final ClassDesc DURATION = ClassDesc.of("java.time.Duration");
    private static final ClassDesc INT = ConstantDescs.CD_int;
    private static final MethodTypeDesc MADE = MEMBER.insertParameterTypes(0, OBJECT).changeReturnType(OBJECT);
    private static final MethodTypeDesc IS_OVERRIDDEN = MethodTypeDesc.of(ConstantDescs.CD_boolean, THREAD,
            ConstantDescs.CD_String);
    private static final MethodTypeDesc COMPARED =
            MethodTypeDesc.ofDescriptor("(Ljava/util/stream/Stream;)Ljava/util/stream/Stream;");
    private static final MethodTypeDesc IS_OBJECT = MethodTypeDesc.of(ConstantDescs.CD_boolean, OBJECT);

    private final Bridged how;

    BridgeCode(RewriteOptions options, Target target, Bridged how, MethodTypeDesc type, boolean isShadow) {
        super(options, target, type, isShadow);
        this.how = how;
    }

    void emit(CodeBuilder code) {
        if (Modes.comparesElements(Hierarchy.internalName(target.owner()), target.name(), arguments - 1)) {
            load(code, 0);
            code.invokestatic(SHIMS, "compared", COMPARED).astore(code.parameterSlot(0));
        }
        switch (how.shape()) {
            case STATIC_HANDLE -> access(code, "staticHandle", VAR_HANDLE);
            case FIELD_HANDLE -> access(code, "handle", VAR_HANDLE, OBJECT);
            case ELEMENT_HANDLE -> access(code, "elementHandle", VAR_HANDLE, OBJECT, INT);
            case ATOMIC -> access(code, "atomic", OBJECT);
            case ATOMIC_ELEMENT -> access(code, "atomicElement", OBJECT, INT);
            case OBJECT -> object(code);
            case WRAPPER -> {
                operate(code);
                view(code);
                code.areturn();
            }
            case GIVEN -> given(code);
            case NONE -> {
                unlessOwn(code);
                quietCall(code);
            }
            case OPEN -> {
                unlessOwn(code);
                refuse(code);
            }
            case LOCK -> lock(code);
            case HASH -> hash(code);
            case CLONE -> {
                load(code, 0);
                load(code, arguments);
                hook(code, "cloned", ConstantDescs.CD_void, OBJECT, INT);
                operate(code);
                code.areturn();
            }
            case OVERRIDABLE -> overridable(code);
            case JOIN -> join(code);
            case REFLECTED -> {
                member(code, 0, 1).invokestatic(REFLECTION, "reflects", MEMBER);
                operate(code);
                code.return_(TypeKind.from(type.returnType()));
            }
            case FOUND, UPDATER_MADE -> made(code);
            case UPDATER -> access(code, "updater", OBJECT, OBJECT);
            case ARRAY -> ArrayCode.emit(options.hooks(), target, type, code);
        }
    }

    /** The call, which checks its arguments; then what takes its place, with their order. */
    private void given(CodeBuilder code) {
        operate(code);
        boolean isOne = arguments == 1 && !target.name().equals("of") || target.type().parameterCount() == 1
                && type.parameterType(0).isArray();
        if (isOne) {
            load(code, 0);
        } else {
            code.loadConstant(arguments).anewarray(OBJECT);
            for (int i = 0; i < arguments; i++) {
                code.dup().loadConstant(i);
                load(code, i);
                code.aastore();
            }
        }
        ClassDesc result = type.returnType();
        code.invokestatic(HASH_ORDER, "given", MethodTypeDesc.of(result, result,
                isOne && !type.parameterType(0).isArray() ? type.parameterType(0) : OBJECT.arrayType())).areturn();
    }

    /** The call, then a hook that gets its result, where a member was looked up, and the member's name. */
    private void made(CodeBuilder code) {
        operate(code);
        boolean found = how.shape() == Treatment.Shape.FOUND;
        member(code, found ? 1 : 0, found ? Math.min(2, arguments - 1) : arguments - 1)
                .invokestatic(REFLECTION, found ? "found" : "updates", MADE).checkcast(type.returnType()).areturn();
    }

    private CodeBuilder member(CodeBuilder code, int in, int name) {
        load(code, in);
        load(code, name);
        load(code, arguments);
        return code;
    }

    /** The hook with the first parameters and the site, then the access, then a report of its outcome. */
    private void access(CodeBuilder code, String hook, ClassDesc... parameters) {
        boolean isConditional = (how.mode() & Access.CONDITIONAL) != 0;
        Bridges.Exchange exchange = new Bridges.Exchange(options, target, type);
        if (isConditional) {
            exchange.expectation(code);
        }
        MethodTypeDesc hookType = MethodTypeDesc.of(ConstantDescs.CD_void, parameters);
        for (int parameter = 0; parameter < parameters.length; parameter++) {
            load(code, parameter);
        }
        load(code, arguments);
        code.invokestatic(how.shape() == Treatment.Shape.UPDATER ? REFLECTION : options.hooks(), hook,
                hookType.insertParameterTypes(parameters.length, INT));
        ClassDesc result = type.returnType();
        if (isConditional) {
            exchange.operation(code, result);
        } else if (how.quiet() == Quiet.ALWAYS) {
            quietly(code, result);
        } else if (options.values() && result.equals(ConstantDescs.CD_void) && target.name().startsWith("getAnd")) {
            fetch(code);
            return;
        } else {
            operate(code);
        }
        if (options.values() && !isConditional) {
            if (!result.equals(ConstantDescs.CD_void)) {
                Values.reportTop(code, options, result);
            } else if (Modes.values(target.name()) == 1) {
                load(code, arguments - 1);
                Values.report(code, options, type.parameterType(arguments - 1));
            }
        }
        code.return_(TypeKind.from(result));
    }

    /** The caller does not use the value that it fetches, but the report needs it, and not what it adds. */
    private void fetch(CodeBuilder code) {
        ClassDesc last = type.parameterType(arguments - 1);
        ClassDesc found = last.isPrimitive() ? last : OBJECT;
        Bridges.loadParameters(code, type, 1);
        new Target(target.opcode(), target.owner(), target.isInterface(), target.name(),
                target.type().changeReturnType(found)).invoke(code);
        Values.report(code, options, found);
        code.return_();
    }

    private void object(CodeBuilder code) {
        unlessOwn(code);
        computing(code);
        if (Modes.takesAll(target.name()) && !target.isStatic()) {
            load(code, arguments - 1);
            load(code, 0);
            load(code, arguments);
            hook(code, "walks", ConstantDescs.CD_void, OBJECT, OBJECT, INT);
        }
        boolean isOpen = how.quiet() == Quiet.IF_LOCKING || how.quiet() == Quiet.IF_LOCKING_WALK;
        if ((isOpen || Modes.isGuarded(Hierarchy.internalName(target.owner()))) && !Modes.isUnguarded(target.name())) {
            Label unguarded = code.newLabel();
            load(code, 0);
            code.invokestatic(SHIMS, "guards", IS_OBJECT).ifeq(unguarded);
            guarded(code);
            code.labelBinding(unguarded);
        }
        load(code, 0);
        load(code, arguments);
        hook(code, "object", ConstantDescs.CD_void, OBJECT, INT);
        quietCall(code);
    }

    /** A method of a class of the scenario runs as it is, whatever interface the call names. */
    private void unlessOwn(CodeBuilder code) {
        if (target.isStatic() || target.opcode() == Opcode.INVOKESPECIAL) {
            return;
        }
        Label other = code.newLabel();
        load(code, 0);
        code.loadConstant(target.name()).invokestatic(SHIMS, "isOwn",
                MethodTypeDesc.of(ConstantDescs.CD_boolean, OBJECT, ConstantDescs.CD_String)).ifeq(other);
        border(code);
        operate(code);
        border(code);
        code.return_(TypeKind.from(type.returnType()));
        code.labelBinding(other);
    }

    /** A map that computes values under a lock is modelled by a step for each key. */
    private void computing(CodeBuilder code) {
        if (!Modes.changesKey(Hierarchy.internalName(target.owner()), target.name()) || target.isStatic()
                || target.opcode() == Opcode.INVOKESPECIAL) {
            return;
        }
        Label other = code.newLabel();
        load(code, 0);
        code.invokestatic(SHIMS, "computes", IS_OBJECT).ifeq(other);
        if (CallRules.takesFunction(target.type())) {
            for (int parameter = 0; parameter <= arguments; parameter++) {
                load(code, parameter);
            }
            hook(code, target.name(), type.returnType(), type.changeParameterType(0, OBJECT).parameterArray());
        } else {
            load(code, 0);
            load(code, 1);
            code.loadConstant(target.name().equals("putIfAbsent") ? 1 : 0);
            load(code, arguments);
            hook(code, "key", ConstantDescs.CD_void, OBJECT, OBJECT, ConstantDescs.CD_boolean, INT);
            quietly(code, type.returnType());
        }
        code.return_(TypeKind.from(type.returnType()));
        code.labelBinding(other);
    }

    /** Holds the monitor around a method of a synchronized collection, as a modelled lock. */
    private void guarded(CodeBuilder code) {
        Label handler = code.newLabel();
        monitor(code, "monitorEnter");
        Label start = code.newBoundLabel();
        load(code, 0);
        load(code, arguments);
        hook(code, "object", ConstantDescs.CD_void, OBJECT, INT);
        quietly(code, type.returnType());
        told(code);
        Label end = code.newBoundLabel();
        monitor(code, "monitorExit");
        code.return_(TypeKind.from(type.returnType()));
        code.labelBinding(handler);
        monitor(code, "monitorExit");
        code.athrow();
        code.exceptionCatchAll(start, end, handler);
    }

    private void monitor(CodeBuilder code, String name) {
        load(code, 0);
        load(code, arguments);
        hook(code, name, ConstantDescs.CD_void, OBJECT, INT);
    }

    private void quietCall(CodeBuilder code) {
        ClassDesc result = type.returnType();
        if (how.quiet() != Quiet.ALWAYS) {
            Label locks = code.newLabel();
            if (how.quiet() != Quiet.NEVER) {
                load(code, 0);
                code.invokestatic(SHIMS, how.quiet() == Quiet.IF_LOCKING ? "locks" : "locksWalk", IS_OBJECT)
                        .ifne(locks);
            }
            operate(code);
            told(code);
            code.return_(TypeKind.from(result));
            if (how.quiet() == Quiet.NEVER) {
                return;
            }
            code.labelBinding(locks);
        }
        quietly(code, result);
        told(code);
        code.return_(TypeKind.from(result));
    }

    /** Tells the hook the object of which the result is a view. */
    private void told(CodeBuilder code) {
        if (how.shape() == Treatment.Shape.OBJECT
                && (how.mode() & (Access.PLAIN | Access.WRITE)) == (Access.PLAIN | Access.WRITE)) {
            load(code, 0);
            hook(code, "changed", ConstantDescs.CD_void, OBJECT);
        }
        if (how.shape() != Treatment.Shape.OBJECT || type.returnType().isPrimitive()) {
            return;
        }
        if (Modes.givesView(target.name())) {
            view(code);
        } else if (Modes.givesEntry(target.name())) {
            Label other = code.newLabel();
            code.dup().instanceOf(ENTRY).ifeq(other);
            view(code);
            code.labelBinding(other);
        }
    }

    private void view(CodeBuilder code) {
        code.dup();
        load(code, 0);
        hook(code, "view", ConstantDescs.CD_void, OBJECT, OBJECT);
    }

    /** The call, with callbacks that have no scheduling points; leaves the result on the stack. */
    private void quietly(CodeBuilder code, ClassDesc result) {
        load(code, arguments);
        hook(code, "enterCall", ConstantDescs.CD_void, INT);
        Label handler = code.newLabel();
        Label done = code.newLabel();
        Label start = code.newBoundLabel();
        operate(code);
        Label end = code.newBoundLabel();
        code.invokestatic(options.hooks(), "exitCall", VOID);
        code.goto_(done);
        code.labelBinding(handler);
        code.invokestatic(options.hooks(), "exitCall", VOID);
        code.athrow();
        code.labelBinding(done);
        code.exceptionCatchAll(start, end, handler);
    }

    /** A lock that is a ReentrantLock at run time is treated as one; others are refused. */
    private void lock(CodeBuilder code) {
        unlessOwn(code);
        Label other = code.newLabel();
        load(code, 0);
        code.instanceOf(LOCK).ifeq(other);
        load(code, 0);
        code.checkcast(LOCK);
        load(code, arguments);
        hook(code, target.name(), type.returnType(), LOCK, INT);
        code.return_(TypeKind.from(type.returnType()));
        code.labelBinding(other);
        refuse(code);
    }

    private void hash(CodeBuilder code) {
        Label own = code.newLabel();
        load(code, 0);
        if (target.opcode() != Opcode.INVOKESPECIAL) {
            code.invokestatic(SHIMS, "hashesByIdentity", IS_OBJECT).ifeq(own);
            load(code, 0);
        }
        hook(code, "identityHashCode", INT, OBJECT);
        code.ireturn();
        if (target.opcode() != Opcode.INVOKESPECIAL) {
            code.labelBinding(own);
            operate(code);
            code.ireturn();
        }
    }

    /** An override is scenario code and runs as it is; its own calls of Thread methods are redirected in its class. */
    private void overridable(CodeBuilder code) {
        Label own = code.newLabel();
        load(code, 0);
        code.loadConstant(target.name()).invokestatic(SHIMS, "overrides", IS_OVERRIDDEN).ifne(own);
        load(code, 0);
        load(code, arguments);
        hook(code, target.name(), type.returnType(), THREAD, INT);
        code.return_(TypeKind.from(type.returnType()));
        code.labelBinding(own);
        operate(code);
        code.return_(TypeKind.from(type.returnType()));
    }

    private void join(CodeBuilder code) {
        Label told = code.newLabel();
        int millis = code.allocateLocal(TypeKind.LONG);
        load(code, 1);
        code.invokestatic(SHIMS, "millis", MethodTypeDesc.of(ConstantDescs.CD_long, DURATION)).lstore(millis);
        code.lload(millis).lconst_0().lcmp().ifeq(told); // 0 would mean without a timeout
        load(code, 0);
        code.lload(millis);
        load(code, arguments);
        hook(code, "join", ConstantDescs.CD_void, THREAD, ConstantDescs.CD_long, INT);
        code.labelBinding(told);
        load(code, 0);
        load(code, arguments);
        hook(code, "isAlive", ConstantDescs.CD_boolean, THREAD, INT);
        code.iconst_1().ixor().ireturn();
    }
}
