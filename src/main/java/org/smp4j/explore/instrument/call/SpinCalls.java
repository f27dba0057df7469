package org.smp4j.explore.instrument.call;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** Which calls of {@code Thread.onSpinWait()} in a method are in a loop, and so turns of it. Others must go on. */
public final class SpinCalls {
    private static final String SPINS = "onSpinWait";

    private final MethodModel method;
    private BitSet inLoops; // null until there was a call
    private final Map<Integer, Boolean> known = new HashMap<>(); // by site, as the code may come twice

    public SpinCalls(MethodModel method) {
        this.method = method;
    }

    /** {@return the treatment of a call at a site; the calls come in the order of the method's code} */
    public Treatment placed(Treatment treatment, int site) {
        if (!spins(treatment)) {
            return treatment;
        }
        if (inLoops == null) {
            inLoops = inLoops();
        }
        return known.computeIfAbsent(site, _ -> inLoops.get(known.size())) ? treatment : outside(treatment);
    }

    private static boolean spins(Treatment treatment) {
        return treatment instanceof Treatment.Replaced replaced && replaced.hook().equals(SPINS);
    }

    /** {@return the treatment that a call has outside of loops} */
    public static Treatment outside(Treatment treatment) {
        return treatment instanceof Treatment.Replaced replaced && spins(treatment)
                ? new Treatment.Replaced(replaced.converter(), replaced.converterType(), replaced.holder(), "yield",
                replaced.type()) : treatment;
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
