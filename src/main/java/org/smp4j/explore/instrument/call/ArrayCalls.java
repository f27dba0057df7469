package org.smp4j.explore.instrument.call;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.smp4j.explore.instrument.call.Treatment.Bridged;
import org.smp4j.explore.instrument.call.Treatment.Quiet;
import org.smp4j.explore.instrument.call.Treatment.Shape;
import org.smp4j.explore.model.Access;

/** Decides the treatment of calls that read or write whole arrays. */
final class ArrayCalls {
    private ArrayCalls() {
    }

    /**
     * The treatment of a call; null if the call does not process an array, or does so in a way that is not modelled.
     */
    static Bridged treat(String owner, String name, MethodTypeDesc type) {
        int mode = 0;
        if (owner.startsWith("[")) {
            mode = name.equals("clone") ? Access.READ : 0;
        } else if (owner.equals("java/lang/System")) {
            mode = name.equals("arraycopy") ? Access.READ | Access.WRITE : 0;
        } else if (owner.equals("java/util/Arrays")) {
            mode = isModelled(name, type) ? arrays(name) : 0;
        }
        return mode == 0 ? null : new Bridged(Shape.ARRAY, mode | Access.PLAIN, Quiet.NEVER);
    }

    private static boolean isModelled(String name, MethodTypeDesc type) {
        List<ClassDesc> parameters = type.parameterList();
        return name.equals("equals") ? parameters.size() == 2 && parameters.getFirst().equals(parameters.getLast())
                : !parameters.contains(ConstantDescs.CD_Class);
    }

    private static int arrays(String name) {
        return switch (name) {
            case "copyOf", "copyOfRange", "hashCode", "toString", "equals" -> Access.READ;
            case "fill" -> Access.WRITE;
            case "sort" -> Access.READ | Access.WRITE;
            default -> 0;
        };
    }
}
