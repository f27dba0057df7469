package org.smp4j.weave;

import java.lang.classfile.instruction.InvokeInstruction;
import java.util.List;
import java.util.function.Consumer;

/**
 * One change to one method.
 *
 * @param target the method
 * @param sentence a description of the change
 * @param action makes the change; gets the method, or each of the selected lambdas
 */
record Edit(Target target, String sentence, Consumer<List<MethodBody>> action) {
    void apply(List<MethodBody> bodies) {
        try {
            action.accept(bodies);
        } catch (WeaveException e) {
            throw new WeaveException(this + ": " + e.getMessage(), e);
        }
    }

    static List<MethodBody.Piece> find(List<MethodBody> bodies, Call call) {
        List<MethodBody.Piece> found = bodies.stream().flatMap(body -> body.pieces.stream())
                .filter(piece -> piece.element instanceof InvokeInstruction invoke && call.matches(invoke)).toList();
        return call.places().choose(found, found, "a call to " + call.what());
    }

    static List<Weakening> find(List<MethodBody> bodies, OrderedAccess access) {
        List<Weakening> found = bodies.stream().flatMap(body -> Weakening.find(body, access).stream()).toList();
        return access.places().choose(found, found, "an access " + access.what());
    }

    @Override
    public String toString() {
        return "in " + target + " " + sentence;
    }
}
