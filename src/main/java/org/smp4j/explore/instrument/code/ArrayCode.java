package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.function.ToIntFunction;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.code.Bridges.Target;
import org.smp4j.explore.model.Sites;

/** Generates the bridges of calls that process whole arrays. */
final class ArrayCode {
    private static final MethodTypeDesc ELEMENT = MethodTypeDesc.ofDescriptor("(Ljava/lang/Object;II)V");
    private static final ClassDesc OBJECT = ConstantDescs.CD_Object;
    private static final ClassDesc INT = ConstantDescs.CD_int;
    private static final List<TypeKind> KINDS = List.of(TypeKind.REFERENCE, TypeKind.BYTE, TypeKind.CHAR,
            TypeKind.SHORT, TypeKind.INT, TypeKind.LONG, TypeKind.FLOAT, TypeKind.DOUBLE);

    private final ClassDesc hooks;
    private final Target target;
    private final CodeBuilder code;
    private final MethodTypeDesc type;
    private final ClassDesc array;
    private final int site;

    /** The type is the bridge's: the call's, with the receiver first and the site last. */
    private ArrayCode(ClassDesc hooks, Target target, MethodTypeDesc type, CodeBuilder code) {
        this.hooks = hooks;
        this.target = target;
        this.type = type;
        this.code = code;
        array = type.parameterType(0);
        site = type.parameterCount() - 1;
    }

    /** Whether a call is the copy in {@code values()} of an enum: no code writes to the array that it copies. */
    static boolean isEnumsCopy(Target target, ClassDesc type, MethodModel caller) {
        return target.name().equals("clone") && target.owner().equals(type.arrayType())
                && caller.methodName().equalsString("values")
                && caller.methodType().equalsString("()" + target.owner().descriptorString());
    }

    /** The kinds of array that a call may get: one, if its type says so. */
    static List<TypeKind> kinds(Target target) {
        ClassDesc array = target.isStatic() ? target.type().parameterType(0) : target.owner();
        return array.isArray() ? List.of(TypeKind.from(array.componentType())) : KINDS;
    }

    /**
     * {@return the site of a call; where the kind of array shows only at run time, the first of several}
     *
     * @param target the call
     * @param site adds a site for a kind
     */
    static int site(Target target, ToIntFunction<TypeKind> site) {
        int[] kinds = kinds(target).stream().mapToInt(site).toArray();
        if (kinds.length > 1) {
            Sites.ofKinds(kinds);
        }
        return kinds[0];
    }

    /** Emits a load of an element, with its hook. */
    static void load(CodeBuilder code, ArrayLoadInstruction load, RewriteOptions options, int site) {
        code.dup2().loadConstant(site).invokestatic(options.hooks(), "element", ELEMENT).with(load);
        if (options.values()) {
            Values.reportTop(code, options, Values.type(load.typeKind()));
        }
    }

    /** Emits a store to an element, with its hook; the local variable keeps the value meanwhile. */
    static void store(CodeBuilder code, ArrayStoreInstruction store, int kept, RewriteOptions options, int site) {
        TypeKind kind = store.typeKind().asLoadable();
        code.storeLocal(kind, kept).dup2().loadConstant(site).invokestatic(options.hooks(), "element", ELEMENT);
        code.loadLocal(kind, kept).with(store);
        if (options.values()) {
            code.loadLocal(kind, kept);
            Values.report(code, options, Values.type(store.typeKind()));
        }
    }

    static void emit(ClassDesc hooks, Target target, MethodTypeDesc type, CodeBuilder code) {
        ArrayCode bridge = new ArrayCode(hooks, target, type, code);
        switch (target.name()) {
            case "arraycopy" -> bridge.copy();
            case "fill" -> bridge.fill();
            case "sort" -> bridge.sort();
            case "equals" -> bridge.compare();
            default -> bridge.read();
        }
    }

    private void load(int parameter) {
        code.loadLocal(TypeKind.from(type.parameterType(parameter)), code.parameterSlot(parameter));
    }

    private void operate() {
        Bridges.loadParameters(code, type, 1);
        target.invoke(code);
        code.return_(TypeKind.from(type.returnType()));
    }

    private void copy() {
        Label own = code.newLabel();
        Bridges.loadParameters(code, type, 0);
        code.invokestatic(hooks, "copies",
                MethodTypeDesc.of(ConstantDescs.CD_boolean, OBJECT, INT, OBJECT, INT, INT, INT)).ifeq(own);
        code.return_();
        code.labelBinding(own);
        operate();
    }

    private void read() {
        unlessNull(0);
        switch (target.name()) {
            case "copyOf" -> copied(0, () -> code.iconst_0(), () -> load(1));
            case "copyOfRange" -> copied(0, () -> load(1), () -> load(2));
            default -> copied(0, () -> code.iconst_0(), () -> length(0));
        }
        int copy = unlessNone();
        code.aload(copy);
        if (type.returnType().equals(INT) || target.name().equals("toString")) {
            code.checkcast(array);
            target.invoke(code);
        } else if (!type.returnType().equals(OBJECT)) {
            code.checkcast(type.returnType());
        }
        code.return_(TypeKind.from(type.returnType()));
    }

    /** Two arguments that are the same array, or have different lengths, are not read. */
    private void compare() {
        Label own = code.newLabel();
        Label other = code.newLabel();
        unlessNull(0);
        unlessNull(1);
        load(0);
        load(1);
        code.if_acmpeq(own);
        length(0);
        length(1);
        code.if_icmpeq(other);
        code.labelBinding(own);
        operate();
        code.labelBinding(other);
        copied(0, () -> code.iconst_0(), () -> length(0));
        int first = unlessNone();
        copied(1, () -> code.iconst_0(), () -> length(1));
        int second = unlessNone();
        code.aload(first).checkcast(array).aload(second).checkcast(array);
        target.invoke(code);
        code.ireturn();
    }

    /** A copy of the array is sorted, which no other strand can see. */
    private void sort() {
        boolean isRange = hasRange();
        unlessNull(0);
        inRange(isRange);
        copied(0, () -> from(isRange), () -> to(isRange));
        int copy = unlessNone();
        code.aload(copy).checkcast(array);
        MethodTypeDesc whole = isRange ? target.type().dropParameterTypes(1, 3) : target.type();
        if (whole.parameterCount() > 1) {
            load(isRange ? 3 : 1);
        }
        code.invokestatic(target.owner(), "sort", whole);
        code.aload(copy);
        load(0);
        from(isRange);
        load(site);
        code.invokestatic(hooks, "written", MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT, OBJECT, INT, INT));
        code.return_();
    }

    /** Processes the array element by element. */
    private void fill() {
        boolean isRange = hasRange();
        unlessNull(0);
        inRange(isRange);
        int value = isRange ? 3 : 1;
        int at = code.allocateLocal(TypeKind.INT);
        Label loop = code.newLabel();
        Label end = code.newLabel();
        from(isRange);
        code.istore(at).labelBinding(loop).iload(at);
        to(isRange);
        code.if_icmpge(end);
        load(0);
        code.iload(at);
        load(site);
        code.invokestatic(hooks, "element", MethodTypeDesc.of(ConstantDescs.CD_void, OBJECT, INT, INT));
        load(0);
        code.iload(at).iload(at).iconst_1().iadd();
        load(value);
        code.invokestatic(target.owner(), "fill",
                MethodTypeDesc.of(ConstantDescs.CD_void, array, INT, INT, type.parameterType(value)));
        code.iinc(at, 1).goto_(loop).labelBinding(end).return_();
    }

    private boolean hasRange() {
        return target.type().parameterCount() > 2;
    }

    private void from(boolean isRange) {
        if (isRange) {
            load(1);
        } else {
            code.iconst_0();
        }
    }

    private void to(boolean isRange) {
        if (isRange) {
            load(2);
        } else {
            length(0);
        }
    }

    private void length(int parameter) {
        load(parameter);
        code.arraylength();
    }

    /** A call that throws makes no access. */
    private void unlessNull(int parameter) {
        Label other = code.newLabel();
        load(parameter);
        code.ifnonnull(other);
        operate();
        code.labelBinding(other);
    }

    private void inRange(boolean isRange) {
        if (isRange) {
            Label own = code.newLabel();
            Label in = code.newLabel();
            load(1);
            code.iflt(own);
            load(1);
            load(2);
            code.if_icmpgt(own);
            load(2);
            length(0);
            code.if_icmple(in);
            code.labelBinding(own);
            operate();
            code.labelBinding(in);
        }
    }

    private void copied(int parameter, Runnable from, Runnable to) {
        load(parameter);
        from.run();
        to.run();
        load(site);
        code.invokestatic(hooks, "copied", MethodTypeDesc.of(OBJECT, OBJECT, INT, INT, INT));
    }

    /** Stores the copy on the stack, and returns its slot; without a copy the original call is made. */
    private int unlessNone() {
        Label other = code.newLabel();
        int copy = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(copy).aload(copy).ifnonnull(other);
        operate();
        code.labelBinding(other);
        return copy;
    }
}
