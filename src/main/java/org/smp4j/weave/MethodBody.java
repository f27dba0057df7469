package org.smp4j.weave;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The code of one method while edits are recorded on it. Every edit sees the code as it was compiled, not the
 * insertions of other edits.
 */
final class MethodBody {
    /** One element of the code and the edits to it. */
    static final class Piece {
        final MethodBody body;
        final int index;
        final CodeElement element;
        final int line;
        private final List<Consumer<CodeBuilder>> before = new ArrayList<>();
        private final List<Consumer<CodeBuilder>> after = new ArrayList<>();
        private Consumer<CodeBuilder> instead;

        private Piece(MethodBody body, int index, CodeElement element, int line) {
            this.body = body;
            this.index = index;
            this.element = element;
            this.line = line;
        }

        void before(Consumer<CodeBuilder> code) {
            before.add(code);
        }

        /** What is put in first after a piece comes first. */
        void after(Consumer<CodeBuilder> code) {
            after.add(code);
        }

        void instead(Consumer<CodeBuilder> code) {
            if (instead != null) {
                throw new WeaveException("two edits remove or replace the same code in line " + line + " of " + body);
            }
            instead = code;
        }

        boolean reads(String field) {
            return element instanceof FieldInstruction access && access.name().equalsString(field)
                    && (access.opcode() == Opcode.GETFIELD || access.opcode() == Opcode.GETSTATIC);
        }

        InvokeInstruction invoke() {
            return (InvokeInstruction) element;
        }

        @Override
        public String toString() {
            return "line " + line;
        }
    }

    final MethodModel method;
    final ClassDesc owner;
    final List<Piece> pieces = new ArrayList<>();
    private final List<Consumer<CodeBuilder>> entry = new ArrayList<>();

    MethodBody(ClassDesc owner, MethodModel method) {
        this.owner = owner;
        this.method = method;
        int line = 0;
        for (CodeElement element : method.code().orElseThrow()) {
            line = element instanceof LineNumber number ? number.line() : line;
            pieces.add(new Piece(this, pieces.size(), element, line));
        }
    }

    void atEntry(Consumer<CodeBuilder> code) {
        entry.add(code);
    }

    /** The pieces that return; an exception thrown through the method is not an exit. */
    List<Piece> exits() {
        return pieces.stream().filter(piece -> piece.element instanceof ReturnInstruction).toList();
    }

    /** Inserts a hook before each return. */
    void atExits(Hook hook) {
        if (exits().isEmpty()) {
            throw new WeaveException(this + " never returns");
        }
        exits().forEach(exit -> exit.before(calling(hook)));
    }

    /** Inserts a hook before each throw, also before those at the end of a finally block. */
    void atThrows(Hook hook) {
        List<Piece> all = pieces.stream().filter(piece -> piece.element instanceof ThrowInstruction).toList();
        if (all.isEmpty()) {
            throw new WeaveException(this + " throws nothing itself");
        }
        all.forEach(each -> each.before(calling(hook)));
    }

    boolean isStatic() {
        return method.flags().has(AccessFlag.STATIC);
    }

    /** The code that calls a hook here, with this method's own arguments. */
    Consumer<CodeBuilder> calling(Hook hook) {
        List<ClassDesc> own = new ArrayList<>(method.methodTypeSymbol().parameterList());
        int firstParameter = 0;
        if (!isStatic()) {
            own.addFirst(owner);
            firstParameter = 1;
        }
        List<ClassDesc> wanted = hook.type().parameterList();
        if (wanted.size() > own.size() || !IntStream.range(0, wanted.size())
                .allMatch(i -> takes(wanted.get(i), own.get(i)))) {
            throw new WeaveException(hook + hook.type().displayDescriptor() + " can't be called from " + this
                    + ", which has " + names(own)
                    + " to give: a hook takes nothing, or the first few of these");
        }
        if (firstParameter == 1 && !wanted.isEmpty() && method.methodName().equalsString("<init>")) {
            throw new WeaveException(hook + " takes the object that " + this + " has not made yet");
        }
        int shift = firstParameter;
        return code -> {
            for (int argument = 0; argument < wanted.size(); argument++) {
                int slot = argument < shift ? 0 : code.parameterSlot(argument - shift);
                code.loadLocal(TypeKind.from(wanted.get(argument)), slot);
            }
            code.invokestatic(hook.owner(), hook.name(), hook.type());
            discard(code, hook.type().returnType());
        };
    }

    /** {@return whether a hook takes all that a call has to give, and returns what that returns} */
    static boolean fits(MethodTypeDesc hook, MethodTypeDesc call) {
        return hook.returnType().equals(call.returnType()) && hook.parameterCount() == call.parameterCount()
                && IntStream.range(0, call.parameterCount())
                .allMatch(i -> takes(hook.parameterType(i), call.parameterType(i)));
    }

    private static boolean takes(ClassDesc wanted, ClassDesc given) {
        return wanted.equals(given) || wanted.equals(ConstantDescs.CD_Object) && !given.isPrimitive();
    }

    static void discard(CodeBuilder code, ClassDesc type) {
        switch (TypeKind.from(type).slotSize()) {
            case 1 -> code.pop();
            case 2 -> code.pop2();
            default -> { }
        }
    }

    /** The replacement of a call: drops its arguments and gives a default result. */
    static Consumer<CodeBuilder> dropping(MethodTypeDesc type, boolean hasReceiver) {
        return code -> {
            for (ClassDesc parameter : type.parameterList().reversed()) {
                discard(code, parameter);
            }
            if (hasReceiver) {
                code.pop();
            }
            unset(code, type.returnType());
        };
    }

    /** The replacement of a field read: a default. */
    static Consumer<CodeBuilder> unset(FieldInstruction read) {
        return code -> {
            if (read.opcode() == Opcode.GETFIELD) {
                code.pop();
            }
            unset(code, read.typeSymbol());
        };
    }

    private static void unset(CodeBuilder code, ClassDesc type) {
        switch (TypeKind.from(type).asLoadable()) {
            case INT -> code.iconst_0();
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            case REFERENCE -> code.aconst_null();
            default -> { }
        }
    }

    /** The edited code. */
    CodeTransform transform() {
        return new CodeTransform() {
            private int next;

            @Override
            public void atStart(CodeBuilder code) {
                entry.forEach(emit -> emit.accept(code));
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                Piece piece = pieces.get(next++);
                piece.before.forEach(emit -> emit.accept(code));
                if (piece.instead == null) {
                    code.with(element);
                } else {
                    piece.instead.accept(code);
                }
                piece.after.forEach(emit -> emit.accept(code));
            }
        };
    }

    static String names(List<ClassDesc> types) {
        return types.isEmpty() ? "nothing" : String.join(", ", types.stream().map(ClassDesc::displayName).toList());
    }

    @Override
    public String toString() {
        return owner.displayName() + "." + method.methodName().stringValue();
    }
}
