package org.smp4j.explore.instrument.code;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.instrument.call.Treatment;

/** Which calls of {@code Thread.onSpinWait()} in a method are in a loop, and so turns of it. Others must go on. */
final class SpinCalls {
    private static final String SPINS = "onSpinWait";

    private final MethodModel method;
    private BitSet inLoops; // null until there was a call
    private final Map<Integer, Boolean> known = new HashMap<>(); // by site, as the code may come twice

    SpinCalls(MethodModel method) {
        this.method = method;
    }

    /** {@return a call, with its treatment; the calls come in the order of the method's code} */
    PlannedCall placed(PlannedCall call) {
        if (!spins(call)) {
            return call;
        }
        if (inLoops == null) {
            inLoops = inLoops();
        }
        return known.computeIfAbsent(call.site(), _ -> inLoops.get(known.size())) ? call : outside(call);
    }

    private static boolean spins(PlannedCall call) {
        return call != null && call.treatment() instanceof Treatment.Replaced replaced && replaced.hook().equals(SPINS);
    }

    /** {@return a call, or null, with the treatment that it has outside of loops} */
    static PlannedCall outside(PlannedCall call) {
        return !spins(call) || !(call.treatment() instanceof Treatment.Replaced replaced) ? call
                : new PlannedCall(call.target(), new Treatment.Replaced(replaced.converter(), replaced.converterType(),
                replaced.holder(), "yield", replaced.type()), call.site());
    }

    private BitSet inLoops() {
        BitSet found = new BitSet();
        Map<Label, Integer> before = new HashMap<>(); // how many of the calls come before a label
        int calls = 0;
        for (CodeElement element : method.code().orElseThrow()) {
            switch (element) {
                case LabelTarget target -> before.put(target.label(), calls);
                case BranchInstruction branch when before.containsKey(branch.target()) ->
                        found.set(before.get(branch.target()), calls);
                case InvokeInstruction invoke when invoke.name().equalsString(SPINS)
                        && invoke.owner().asInternalName().equals("java/lang/Thread") -> calls++;
                default -> { }
            }
        }
        return found;
    }
}
