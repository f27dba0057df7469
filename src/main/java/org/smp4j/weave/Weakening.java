package org.smp4j.weave;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.PseudoInstruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Turns one access into a weaker one. Its operands are on the stack: the handle or atomic object, its coordinates, then
 * the values.
 */
final class Weakening {
    private static final String HANDLE = "java.lang.invoke.VarHandle";
    private static final String ATOMICS = "java.util.concurrent.atomic.";
    private static final Set<String> BLIND = Set.of("compareAndSet", "compareAndExchange");

    private final MethodBody.Piece piece;
    private final ClassDesc owner;
    private final String method;
    private final MethodTypeDesc type;
    private final boolean isHandle;

    Weakening(MethodBody.Piece piece) {
        this.piece = piece;
        InvokeInstruction invoke = piece.invoke();
        owner = invoke.owner().asSymbol();
        method = invoke.name().stringValue();
        type = invoke.typeSymbol();
        isHandle = dotted(owner).equals(HANDLE);
    }

    private static String dotted(ClassDesc type) {
        return type.isArray() ? "" : type.packageName() + "." + type.displayName();
    }

    private static boolean isAccessor(ClassDesc type) {
        return type.isClassOrInterface() && (dotted(type).equals(HANDLE) || dotted(type).startsWith(ATOMICS));
    }

    /**
     * Finds the selected accesses, by following each handle from the field from which it was read to the call on it.
     */
    static List<Weakening> find(MethodBody body, OrderedAccess access) {
        List<Weakening> found = new ArrayList<>();
        Deque<String> loaded = new ArrayDeque<>();
        Map<Integer, String> locals = new HashMap<>();
        boolean justLoaded = false;
        for (MethodBody.Piece piece : body.pieces) {
            CodeElement element = piece.element;
            if (element instanceof PseudoInstruction) {
                continue;
            }
            boolean loads = false;
            if (element instanceof FieldInstruction field && isRead(field) && isAccessor(field.typeSymbol())) {
                loaded.push(field.name().stringValue());
                loads = true;
            } else if (element instanceof StoreInstruction store && justLoaded) {
                locals.put(store.slot(), loaded.pop());
            } else if (element instanceof LoadInstruction load && load.typeKind() == TypeKind.REFERENCE
                    && locals.containsKey(load.slot())) {
                loaded.push(locals.get(load.slot()));
            } else if (element instanceof InvokeInstruction invoke && invoke.opcode() == Opcode.INVOKEVIRTUAL
                    && isAccessor(invoke.owner().asSymbol())) {
                String field = loaded.isEmpty() ? null : loaded.pop();
                if (access.field().equals(field) && invoke.name().equalsString(access.method())) {
                    found.add(new Weakening(piece));
                }
            }
            justLoaded = loads;
        }
        return found;
    }

    private static boolean isRead(FieldInstruction field) {
        return field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC;
    }

    @Override
    public String toString() {
        return piece.toString();
    }

    private WeaveException cannot(String what) {
        return new WeaveException(method + " in line " + piece.line + " of " + piece.body + " can't become " + what);
    }

    // ---- another mode of the same access ----

    void to(String other) {
        if (!kind(method).equals(kind(other))) {
            throw cannot(other + ": it takes other arguments or has another result");
        }
        piece.instead(code -> code.invokevirtual(owner, other, type));
    }

    /** The name that all modes of an access have in common. */
    private static String kind(String name) {
        return switch (name) {
            case "lazySet" -> "set";
            case "weakCompareAndSet" -> "compareAndSet";
            default -> name.replaceFirst("^weakCompareAndSet", "compareAndSet")
                    .replaceFirst("(Plain|Opaque|Acquire|Release|Volatile)$", "");
        };
    }

    // ---- an atomic change, in two steps or without a comparison ----

    /** No longer atomic: a volatile read, then a volatile write; another thread may write in between. */
    void toReadAndWrite() {
        ClassDesc value = valueType();
        Change change = Change.of(kind(method), value);
        if (change == null) {
            throw cannot("a read and a write");
        }
        int operands = change.takesOperand() ? 1 : 0;
        piece.instead(code -> {
            int operand = operands == 0 ? -1 : store(code, value);
            int[] coordinates = storeCoordinates(code, type.parameterCount() - operands);
            int accessor = store(code, owner);
            load(code, accessor, coordinates);
            call(code, "get", MethodTypeDesc.of(value, coordinateTypes(coordinates.length)));
            int before = store(code, value);
            change.compute(code, before, operand);
            int after = store(code, value);
            load(code, accessor, coordinates);
            code.loadLocal(TypeKind.from(value), after);
            call(code, "set", withValue(coordinates.length, value));
            if (!type.returnType().equals(ConstantDescs.CD_void)) {
                code.loadLocal(TypeKind.from(value), change.returnsNew() ? after : before);
            }
        });
    }

    /** No longer compares: a volatile write that succeeds. */
    void toBlindWrite() {
        if (!BLIND.contains(kind(method))) {
            throw cannot("a blind write: only compareAndSet and compareAndExchange can");
        }
        int coordinates = type.parameterCount() - 2;
        ClassDesc expected = type.parameterType(coordinates);
        ClassDesc value = type.parameterType(coordinates + 1);
        ClassDesc result = type.returnType();
        piece.instead(code -> {
            int newValue = store(code, value);
            int oldValue = store(code, expected);
            code.loadLocal(TypeKind.from(value), newValue);
            call(code, "set", withValue(coordinates, value));
            if (result.equals(ConstantDescs.CD_boolean) && !kind(method).equals("compareAndExchange")) {
                code.iconst_1();
            } else if (!result.equals(ConstantDescs.CD_void)) {
                code.loadLocal(TypeKind.from(expected), oldValue);
                if (!result.isPrimitive()) {
                    code.checkcast(result);
                }
            }
        });
    }

    private ClassDesc valueType() {
        if (!type.returnType().equals(ConstantDescs.CD_void)) {
            return type.returnType();
        }
        if (type.parameterCount() == 0) {
            throw cannot("anything: it has no value");
        }
        return type.parameterType(type.parameterCount() - 1);
    }

    private void call(CodeBuilder code, String name, MethodTypeDesc callType) {
        code.invokevirtual(owner, isHandle ? name + "Volatile" : name, callType);
    }

    private List<ClassDesc> coordinateTypes(int count) {
        return type.parameterList().subList(0, count);
    }

    private MethodTypeDesc withValue(int coordinates, ClassDesc value) {
        return MethodTypeDesc.of(ConstantDescs.CD_void, coordinateTypes(coordinates))
                .insertParameterTypes(coordinates, value);
    }

    private static int store(CodeBuilder code, ClassDesc stored) {
        int slot = code.allocateLocal(TypeKind.from(stored));
        code.storeLocal(TypeKind.from(stored), slot);
        return slot;
    }

    private int[] storeCoordinates(CodeBuilder code, int count) {
        int[] slots = new int[count];
        for (int coordinate = count - 1; coordinate >= 0; coordinate--) {
            slots[coordinate] = store(code, type.parameterType(coordinate));
        }
        return slots;
    }

    private void load(CodeBuilder code, int accessor, int[] coordinates) {
        code.aload(accessor);
        for (int coordinate = 0; coordinate < coordinates.length; coordinate++) {
            code.loadLocal(TypeKind.from(type.parameterType(coordinate)), coordinates[coordinate]);
        }
    }

    /** Computes the new value from the old one. */
    private record Change(boolean takesOperand, boolean returnsNew, Computation computation) {
        private interface Computation {
            /** Takes both from their slots; leaves the new value on the stack. */
            void emit(CodeBuilder code, int before, int operand);
        }

        void compute(CodeBuilder code, int before, int operand) {
            computation.emit(code, before, operand);
        }

        static Change of(String kind, ClassDesc value) {
            boolean isLong = value.equals(ConstantDescs.CD_long);
            if (kind.equals("getAndSet")) {
                return new Change(true, false, (code, _, operand) -> code.loadLocal(TypeKind.from(value), operand));
            }
            if (!isLong && !value.equals(ConstantDescs.CD_int)) {
                return null;
            }
            Consumer<CodeBuilder> one = isLong ? CodeBuilder::lconst_1 : CodeBuilder::iconst_1;
            Consumer<CodeBuilder> minusOne = isLong ? code -> code.loadConstant(-1L) : CodeBuilder::iconst_m1;
            Opcode add = isLong ? Opcode.LADD : Opcode.IADD;
            return switch (kind) {
                case "getAndAdd" -> binary(false, value, add);
                case "addAndGet" -> binary(true, value, add);
                case "getAndBitwiseOr" -> binary(false, value, isLong ? Opcode.LOR : Opcode.IOR);
                case "getAndBitwiseAnd" -> binary(false, value, isLong ? Opcode.LAND : Opcode.IAND);
                case "getAndBitwiseXor" -> binary(false, value, isLong ? Opcode.LXOR : Opcode.IXOR);
                case "getAndIncrement" -> unary(false, value, one, add);
                case "incrementAndGet" -> unary(true, value, one, add);
                case "getAndDecrement" -> unary(false, value, minusOne, add);
                case "decrementAndGet" -> unary(true, value, minusOne, add);
                default -> null;
            };
        }

        private static Change binary(boolean returnsNew, ClassDesc value, Opcode operator) {
            return new Change(true, returnsNew, (code, before, operand) -> {
                code.loadLocal(TypeKind.from(value), before);
                code.loadLocal(TypeKind.from(value), operand);
                code.with(OperatorInstruction.of(operator));
            });
        }

        private static Change unary(boolean returnsNew, ClassDesc value, Consumer<CodeBuilder> constant,
                Opcode operator) {
            return new Change(false, returnsNew, (code, before, _) -> {
                code.loadLocal(TypeKind.from(value), before);
                constant.accept(code);
                code.with(OperatorInstruction.of(operator));
            });
        }
    }
}
