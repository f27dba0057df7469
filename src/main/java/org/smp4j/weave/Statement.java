package org.smp4j.weave;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.Opcode;
import java.lang.classfile.PseudoInstruction;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.ConvertInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.classfile.instruction.StackInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.classfile.instruction.TypeCheckInstruction;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A call together with the code that computes its arguments: one statement in the source, which can be moved elsewhere.
 */
record Statement(MethodBody.Piece call, int from, int to) {
    private static final Set<Opcode> UNARY =
            EnumSet.of(Opcode.INEG, Opcode.LNEG, Opcode.FNEG, Opcode.DNEG, Opcode.ARRAYLENGTH);

    /**
     * The statement of a call; an error if its result is used, or its arguments are not computed in straight-line code.
     */
    static Statement of(MethodBody.Piece call) {
        InvokeInstruction invoke = call.invoke();
        int from = firstArgument(call, popped(invoke));
        int to = call.index;
        if (!invoke.typeSymbol().returnType().descriptorString().equals("V")) {
            to = pop(call);
        }
        return new Statement(call, from, to);
    }

    private static int popped(InvokeInstruction invoke) {
        return invoke.typeSymbol().parameterCount() + (invoke.opcode() == Opcode.INVOKESTATIC ? 0 : 1);
    }

    /** Goes back until as many values are pushed as the call takes. */
    private static int firstArgument(MethodBody.Piece call, int values) {
        int missing = values;
        int index = call.index;
        while (missing > 0) {
            CodeElement element = call.body.pieces.get(--index).element;
            if (!(element instanceof PseudoInstruction)) {
                missing += popsBeforeItsPush(element, call) - 1;
            } else if (element instanceof LabelTarget) {
                throw cannot(call, "a jump leads into the middle of its arguments");
            }
        }
        return index;
    }

    private static int popsBeforeItsPush(CodeElement element, MethodBody.Piece call) {
        return switch (element) {
            case LoadInstruction _, ConstantInstruction _ -> 0;
            case FieldInstruction field when field.opcode() == Opcode.GETSTATIC -> 0;
            case FieldInstruction field when field.opcode() == Opcode.GETFIELD -> 1;
            case TypeCheckInstruction _, ConvertInstruction _ -> 1;
            case OperatorInstruction operator -> UNARY.contains(operator.opcode()) ? 1 : 2;
            case ArrayLoadInstruction _ -> 2;
            case InvokeInstruction invoke when returns(invoke) -> popped(invoke);
            case InvokeDynamicInstruction invoke -> invoke.typeSymbol().parameterCount();
            default -> throw cannot(call, "its arguments take more than plain expressions");
        };
    }

    private static boolean returns(InvokeInstruction invoke) {
        return !invoke.typeSymbol().returnType().descriptorString().equals("V");
    }

    private static int pop(MethodBody.Piece call) {
        List<MethodBody.Piece> pieces = call.body.pieces;
        int index = call.index + 1;
        while (pieces.get(index).element instanceof PseudoInstruction
                && !(pieces.get(index).element instanceof LabelTarget)) {
            index++;
        }
        if (pieces.get(index).element instanceof StackInstruction stack
                && (stack.opcode() == Opcode.POP || stack.opcode() == Opcode.POP2)) {
            return index;
        }
        throw cannot(call, "its result is used");
    }

    static WeaveException cannot(MethodBody.Piece call, String why) {
        return new WeaveException("the call in line " + call.line + " of " + call.body + " can't be moved: " + why);
    }

    /** Moves the statement next to another call. */
    void moveTo(MethodBody.Piece anchor, boolean before) {
        if (anchor.body != call.body) {
            throw cannot(call, "the other call is in another method");
        }
        if (anchor.index >= from && anchor.index <= to) {
            throw cannot(call, "the other call is part of it");
        }
        checkLocals(Math.min(anchor.index, from), Math.max(anchor.index, to));
        List<CodeElement> code = call.body.pieces.subList(from, to + 1).stream().map(piece -> piece.element)
                .filter(e -> e instanceof Instruction).toList();
        for (MethodBody.Piece piece : call.body.pieces.subList(from, to + 1)) {
            if (piece.element instanceof Instruction) {
                piece.instead(_ -> { });
            }
        }
        if (before) {
            anchor.before(builder -> code.forEach(builder::with));
        } else {
            anchor.after(builder -> code.forEach(builder::with));
        }
    }

    private void checkLocals(int begin, int end) {
        Set<Integer> used = new HashSet<>();
        for (MethodBody.Piece piece : call.body.pieces.subList(from, to + 1)) {
            if (piece.element instanceof LoadInstruction load) {
                used.add(load.slot());
            }
        }
        for (MethodBody.Piece piece : call.body.pieces.subList(begin, end + 1)) {
            boolean changes = piece.element instanceof IncrementInstruction increment && used.contains(increment.slot())
                    || piece.element instanceof StoreInstruction store
                    && (used.contains(store.slot()) || isWide(store) && used.contains(store.slot() + 1));
            if (changes) {
                throw cannot(call, "a local variable that it uses changes in " + piece);
            }
        }
    }

    private static boolean isWide(StoreInstruction store) {
        return store.typeKind() == TypeKind.LONG || store.typeKind() == TypeKind.DOUBLE;
    }
}
