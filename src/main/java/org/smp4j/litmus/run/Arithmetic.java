package org.smp4j.litmus.run;

import org.smp4j.litmus.program.Expression.Operator;

/** The operators that the JVM has no instruction for, as methods that compiled tests call. */
final class Arithmetic {
    private Arithmetic() {
    }

    static long truth(boolean value) {
        return value ? 1 : 0;
    }

    static long orElse(long a, long b) {
        return truth(a != 0 || b != 0);
    }

    static long andAlso(long a, long b) {
        return truth(a != 0 && b != 0);
    }

    static long equal(long a, long b) {
        return truth(a == b);
    }

    static long unequal(long a, long b) {
        return truth(a != b);
    }

    static long less(long a, long b) {
        return truth(a < b);
    }

    static long atMost(long a, long b) {
        return truth(a <= b);
    }

    static long greater(long a, long b) {
        return truth(a > b);
    }

    static long atLeast(long a, long b) {
        return truth(a >= b);
    }

    static long divided(long a, long b) {
        return b == 0 ? 0 : a / b;
    }

    static long modulo(long a, long b) {
        return b == 0 ? 0 : a % b;
    }

    static long shiftLeft(long a, long b) {
        return a << b;
    }

    static long shiftRight(long a, long b) {
        return a >> b;
    }

    /** {@return the name of the method for an operator} */
    static String method(Operator operator) {
        StringBuilder name = new StringBuilder();
        for (String word : operator.name().split("_")) {
            name.append(name.isEmpty() ? word.substring(0, 1).toLowerCase() : word.substring(0, 1))
                    .append(word.substring(1).toLowerCase());
        }
        return name.toString();
    }
}
