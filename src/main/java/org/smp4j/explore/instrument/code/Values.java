package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Consumer;
import org.smp4j.explore.instrument.call.RewriteOptions;

/** Generates code that reports or compares values of any type. */
final class Values {
    private static final MethodTypeDesc VALUE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);

    private Values() {
    }

    /** Reports the value on top of the stack and leaves it there. */
    static void reportTop(CodeBuilder code, RewriteOptions options, ClassDesc type) {
        if (TypeKind.from(type).slotSize() == 2) {
            code.dup2();
        } else {
            code.dup();
        }
        report(code, options, type);
    }

    /** {@return the type of a value of a kind; {@code Object} for all references} */
    static ClassDesc type(TypeKind kind) {
        return kind == TypeKind.REFERENCE ? ConstantDescs.CD_Object : kind.upperBound();
    }

    /** Reports the value on top of the stack and removes it. */
    static void report(CodeBuilder code, RewriteOptions options, ClassDesc type) {
        if (type.isPrimitive()) {
            ClassDesc box = switch (TypeKind.from(type)) {
                case BOOLEAN -> ConstantDescs.CD_Boolean;
                case BYTE -> ConstantDescs.CD_Byte;
                case CHAR -> ConstantDescs.CD_Character;
                case SHORT -> ConstantDescs.CD_Short;
                case INT -> ConstantDescs.CD_Integer;
                case LONG -> ConstantDescs.CD_Long;
                case FLOAT -> ConstantDescs.CD_Float;
                case DOUBLE -> ConstantDescs.CD_Double;
                default -> throw new IllegalArgumentException(type.displayName());
            };
            code.invokestatic(box, "valueOf", MethodTypeDesc.of(box, type));
        }
        code.invokestatic(options.hooks(), "value", VALUE);
    }

    /**
     * Compares the value on top of the stack with the one that is loaded, bit by bit, as a compare-and-exchange does.
     */
    static void isSame(CodeBuilder code, ClassDesc type, Consumer<CodeBuilder> other, ClassDesc otherType) {
        Opcode differs;
        switch (TypeKind.from(type)) {
            case LONG -> {
                loadAs(code, other, otherType, TypeKind.LONG);
                code.lcmp();
                differs = Opcode.IFNE;
            }
            case DOUBLE -> {
                rawLong(code);
                loadAs(code, other, otherType, TypeKind.DOUBLE);
                rawLong(code);
                code.lcmp();
                differs = Opcode.IFNE;
            }
            case FLOAT -> {
                rawInt(code);
                loadAs(code, other, otherType, TypeKind.FLOAT);
                rawInt(code);
                differs = Opcode.IF_ICMPNE;
            }
            case REFERENCE -> {
                other.accept(code);
                differs = Opcode.IF_ACMPNE;
            }
            default -> {
                loadAs(code, other, otherType, TypeKind.INT);
                differs = Opcode.IF_ICMPNE;
            }
        }
        Label no = code.newLabel();
        Label done = code.newLabel();
        code.branch(differs, no).iconst_1().goto_(done).labelBinding(no).iconst_0().labelBinding(done);
    }

    private static void loadAs(CodeBuilder code, Consumer<CodeBuilder> other, ClassDesc type, TypeKind kind) {
        other.accept(code);
        TypeKind from = TypeKind.from(type).asLoadable();
        if (from != kind) {
            code.conversion(from, kind);
        }
    }

    private static void rawLong(CodeBuilder code) {
        code.invokestatic(ConstantDescs.CD_Double, "doubleToRawLongBits",
                MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double));
    }

    private static void rawInt(CodeBuilder code) {
        code.invokestatic(ConstantDescs.CD_Float, "floatToRawIntBits",
                MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_float));
    }
}
