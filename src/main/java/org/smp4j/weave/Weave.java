package org.smp4j.weave;

import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Edits to methods, applied when their classes are loaded. Immutable: each method below returns a longer weave.
 * {@snippet :
 * Weave.in(Smp.class, "smpCallFunctionSingleAsync")
 *         .replace(call(Preempt.class, "disable")).by(hook(Cpu.class, "current"))
 *         .drop(call(Cpu.class, "preemptEnable"))
 *         .andIn(Smp.class, "genericExecSingle")
 *         .insert(hook(Soak.class, "poll")).before(call(Smp.class, "smpCallSingleQueue"))
 *         .load(Soak.class);
 * }
 *
 * <p>Every edit finds its places in the code as it was compiled, independently of the other edits. Loading fails if an
 * edit finds no place, or another number of places than it states.
 */
public final class Weave {
    private static final Weave NOTHING = new Weave(null, List.of(), Set.of());

    private final Target target;
    private final List<Edit> edits;
    private final Set<String> opaque; // volatile fields, as OWNER.NAME

    private Weave(Target target, List<Edit> edits, Set<String> opaque) {
        this.target = target;
        this.edits = edits;
        this.opaque = opaque;
    }

    /** {@return a weave that changes nothing: a control} */
    public static Weave nothing() {
        return NOTHING;
    }

    /**
     * Starts with a method.
     *
     * @param owner the class that declares it
     * @param method its name; {@code <init>} for the constructor
     * @return what takes the edits to that method
     */
    public static Weave in(Class<?> owner, String method) {
        return in(owner.getName(), method);
    }

    /**
     * As {@link #in(Class, String)}, for a class that can't be named in the source.
     *
     * @param owner the binary name of the class
     * @param method the method's name
     * @return what takes the edits to that method
     */
    public static Weave in(String owner, String method) {
        return NOTHING.andIn(owner, method);
    }

    /** {@return this, and what takes the edits to another method, of the class that declares it} */
    public Weave andIn(Class<?> owner, String method) {
        return andIn(owner.getName(), method);
    }

    /**
     * Goes on with another method.
     *
     * @param owner the binary name of the class that declares it
     * @param method its name
     * @return what takes the edits to that method
     */
    public Weave andIn(String owner, String method) {
        return new Weave(new Target(owner, method, null, false), edits, opaque);
    }

    /** {@return the same for all lambdas within the method together, instead of its own code} */
    public Weave lambdas() {
        return new Weave(new Target(method().owner(), method().method(), null, true), edits, opaque);
    }

    /** {@return the same for one of several overloaded methods, by its descriptor, for example {@code (I)V}} */
    public Weave withDescriptor(String descriptor) {
        return new Weave(method().withDescriptor(descriptor), edits, opaque);
    }

    /**
     * Adds the edits of another weave.
     *
     * @param other the other weave
     * @return all edits
     */
    public Weave and(Weave other) {
        List<Edit> all = new ArrayList<>(edits);
        all.addAll(other.edits);
        Set<String> fields = new TreeSet<>(opaque);
        fields.addAll(other.opaque);
        return new Weave(target, List.copyOf(all), fields);
    }

    /** {@return a weave that makes a volatile field of the named class opaque, where the explorer has a weak memory} */
    public static Weave opaque(String owner, String field) {
        return new Weave(null, List.of(), Set.of(owner + "." + field));
    }

    /** {@return whether a field is {@link #opaque}; its name begins with that of its class} */
    public boolean isOpaque(String field) {
        return opaque.contains(field);
    }

    // ---- the edits ----

    /**
     * Drops a call. Its arguments are still computed; its result is 0, false or null.
     *
     * @param call the call
     * @return with that edit
     */
    public Weave drop(Call call) {
        return calls("drop " + call, call, piece -> {
            InvokeInstruction invoke = piece.invoke();
            noConstructor(invoke);
            piece.instead(MethodBody.dropping(invoke.typeSymbol(), hasReceiver(invoke)));
        });
    }

    /**
     * Replaces a call by another one.
     *
     * @param call the call
     * @return what takes the other call
     */
    public Replacing replace(Call call) {
        return hook -> calls("replace " + call + " by " + hook, call, piece -> {
            InvokeInstruction invoke = piece.invoke();
            noConstructor(invoke);
            MethodTypeDesc wanted = hasReceiver(invoke)
                    ? invoke.typeSymbol().insertParameterTypes(0, invoke.owner().asSymbol()) : invoke.typeSymbol();
            if (!MethodBody.fits(hook.type(), wanted)) {
                throw new WeaveException(hook + " is " + hook.type().displayDescriptor() + ", and would have to be "
                        + wanted.displayDescriptor());
            }
            piece.instead(code -> code.invokestatic(hook.owner(), hook.name(), hook.type()));
        });
    }

    /**
     * Moves a call to an earlier or later place, together with its arguments, which must be computed in straight-line
     * code; its result must not be used.
     *
     * @param call the call
     * @return what takes the new place
     */
    public Placing move(Call call) {
        return (anchor, before) -> edit("move " + call + (before ? " before " : " after ") + anchor, bodies -> {
            List<MethodBody.Piece> moved = Edit.find(bodies, call);
            List<MethodBody.Piece> anchors = Edit.find(bodies, anchor);
            if (moved.size() != 1 || anchors.size() != 1) {
                throw new WeaveException("one call can be moved next to one other");
            }
            noConstructor(moved.getFirst().invoke());
            Statement.of(moved.getFirst()).moveTo(anchors.getFirst(), before);
        });
    }

    /**
     * Inserts a call of a hook.
     *
     * @param hook the hook; what it returns is ignored
     * @return what takes the place
     */
    public Inserting insert(Hook hook) {
        return new Inserting() {
            @Override
            public Weave at(Call anchor, boolean before) {
                return calls("insert " + hook + (before ? " before " : " after ") + anchor, anchor, piece -> {
                    if (before) {
                        piece.before(piece.body.calling(hook));
                    } else {
                        piece.after(piece.body.calling(hook));
                    }
                });
            }

            @Override
            public Weave atEntry() {
                return edit("insert " + hook + " at entry",
                        bodies -> bodies.forEach(body -> body.atEntry(body.calling(hook))));
            }

            @Override
            public Weave atExit() {
                return edit("insert " + hook + " at exit", bodies -> bodies.forEach(body -> body.atExits(hook)));
            }

            @Override
            public Weave atThrow() {
                return edit("insert " + hook + " at throw", bodies -> bodies.forEach(body -> body.atThrows(hook)));
            }
        };
    }

    /**
     * Weakens an ordered or atomic access.
     *
     * @param access the access
     * @return what takes the weaker access
     */
    public Weakened weaken(OrderedAccess access) {
        return new Weakened(access);
    }

    /**
     * Makes every read of a field in the method give 0, false or null, as if the field had never been set.
     *
     * @param field the field's name
     * @return with that edit
     */
    public Weave ignore(String field) {
        return edit("ignore " + field, bodies -> {
            List<MethodBody.Piece> reads = bodies.stream().flatMap(body -> body.pieces.stream())
                    .filter(piece -> piece.reads(field)).toList();
            if (reads.isEmpty()) {
                throw new WeaveException("no read of a field " + field);
            }
            reads.forEach(piece -> piece.instead(MethodBody.unset((FieldInstruction) piece.element)));
        });
    }

    /** The second half of {@link #replace}. */
    @FunctionalInterface
    public interface Replacing {
        /**
         * Names the replacement.
         *
         * @param hook takes the receiver, if any, and the arguments, each also as an Object; returns what the call does
         * @return with that edit
         */
        Weave by(Hook hook);
    }

    /** The second half of {@link #move}. */
    @FunctionalInterface
    public interface Placing {
        /**
         * Names the place.
         *
         * @param anchor the other call
         * @param before whether it is before that call
         * @return with that edit
         */
        Weave at(Call anchor, boolean before);

        /**
         * Names the place: right before another call, after its arguments have been computed.
         *
         * @param anchor the other call
         * @return with that edit
         */
        default Weave before(Call anchor) {
            return at(anchor, true);
        }

        /**
         * Names the place: right after another call.
         *
         * @param anchor the other call
         * @return with that edit
         */
        default Weave after(Call anchor) {
            return at(anchor, false);
        }
    }

    /** The second half of {@link #insert}. */
    public interface Inserting extends Placing {
        /** {@return with that edit: the hook is the first thing that the method does} */
        Weave atEntry();

        /** {@return with that edit: the hook is the last thing before each return; not before an exception} */
        Weave atExit();

        /** {@return with that edit: the hook comes before the method throws, or its finally block passes it on} */
        Weave atThrow();
    }

    /** The second half of {@link #weaken}. */
    public final class Weakened {
        private final OrderedAccess access;

        private Weakened(OrderedAccess access) {
            this.access = access;
        }

        /**
         * Names another mode of the same access.
         *
         * @param method for example {@code set} in place of {@code setRelease}
         * @return with that edit
         */
        public Weave to(String method) {
            return each(method, found -> found.to(method));
        }

        /**
         * {@return with that edit: an exchange, an addition or the like becomes a volatile read and a volatile write}
         */
        public Weave toReadAndWrite() {
            return each("a read and a write", Weakening::toReadAndWrite);
        }

        /** {@return with that edit: a compare-and-set becomes a volatile write that always succeeds} */
        public Weave toBlindWrite() {
            return each("a blind write", Weakening::toBlindWrite);
        }

        private Weave each(String how, Consumer<Weakening> weakening) {
            return edit("weaken " + access + " to " + how, bodies -> Edit.find(bodies, access).forEach(weakening));
        }
    }

    private Target method() {
        if (target == null) {
            throw new IllegalStateException("an edit needs a method: begin with Weave.in(...)");
        }
        return target;
    }

    private Weave edit(String sentence, Consumer<List<MethodBody>> action) {
        List<Edit> all = new ArrayList<>(edits);
        all.add(new Edit(method(), sentence, action));
        return new Weave(target, List.copyOf(all), opaque);
    }

    private Weave calls(String sentence, Call call, Consumer<MethodBody.Piece> action) {
        return edit(sentence, bodies -> Edit.find(bodies, call).forEach(action));
    }

    private static boolean hasReceiver(InvokeInstruction invoke) {
        return invoke.opcode() != Opcode.INVOKESTATIC;
    }

    private static void noConstructor(InvokeInstruction invoke) {
        if (invoke.name().equalsString("<init>")) {
            throw new WeaveException("a constructor's call can't be dropped, replaced or moved: the object would not "
                    + "be made");
        }
    }

    // ---- applying the edits ----

    /** {@return the binary names of the classes that are changed} */
    public Set<String> classes() {
        return edits.stream().map(edit -> edit.target().owner()).collect(Collectors.toSet());
    }

    /**
     * Changes a class.
     *
     * @param className its binary name
     * @param bytes its class file
     * @param hierarchy where to find the classes that it names
     * @return the changed class file; the same one if there is nothing to change in it
     * @throws WeaveException if an edit does not fit
     */
    public byte[] apply(String className, byte[] bytes, ClassLoader hierarchy) {
        List<Edit> mine = edits.stream().filter(edit -> edit.target().owner().equals(className)).toList();
        return mine.isEmpty() ? bytes : ClassEditor.apply(mine, bytes, hierarchy);
    }

    /**
     * Makes a loader with its own, changed copy of the tower.
     *
     * @param scenarios classes outside the tower that use it, and must be loaded with it, together with their nested
     *         classes
     * @return the loader; every edit has been applied
     * @throws WeaveException if an edit does not fit
     */
    public WeavingLoader load(Class<?>... scenarios) {
        if (!opaque.isEmpty()) {
            throw new WeaveException("only the explorer makes accesses to " + String.join(", ", opaque) + " opaque");
        }
        return new WeavingLoader(this, Weave.class.getClassLoader(), scenarios);
    }

    @Override
    public String toString() {
        String all = Stream.concat(edits.stream().map(Edit::toString),
                opaque.stream().map(field -> field + " is opaque")).collect(Collectors.joining("; "));
        return all.isEmpty() ? "nothing changed" : all;
    }
}
