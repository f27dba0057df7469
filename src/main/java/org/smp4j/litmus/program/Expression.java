package org.smp4j.litmus.program;

import java.util.function.LongBinaryOperator;

/** A value that a thread computes from its registers, without an access to memory. */
public sealed interface Expression {
    /** {@return the value, given those of the registers} */
    long value(long[] registers);

    /** A number, or the address of a location. */
    record Constant(long number) implements Expression {
        @Override
        public long value(long[] registers) {
            return number;
        }
    }

    /** A register, by its index. */
    record Register(int index) implements Expression {
        @Override
        public long value(long[] registers) {
            return registers[index];
        }
    }

    /** Two values combined by an operator of C. */
    record Binary(Operator operator, Expression left, Expression right) implements Expression {
        @Override
        public long value(long[] registers) {
            return operator.function.applyAsLong(left.value(registers), right.value(registers));
        }
    }

    /** One of two values. */
    record Conditional(Expression condition, Expression yes, Expression no) implements Expression {
        @Override
        public long value(long[] registers) {
            return (condition.value(registers) != 0 ? yes : no).value(registers);
        }
    }

    /** The operators; those that need only one operand get a constant as the other one. */
    enum Operator {
        /** Logical or. */
        OR_ELSE("||", 1, (a, b) -> a != 0 || b != 0 ? 1 : 0),
        /** Logical and. */
        AND_ALSO("&&", 2, (a, b) -> a != 0 && b != 0 ? 1 : 0),
        /** Bitwise or. */
        OR("|", 3, (a, b) -> a | b),
        /** Bitwise exclusive or. */
        XOR("^", 4, (a, b) -> a ^ b),
        /** Bitwise and. */
        AND("&", 5, (a, b) -> a & b),
        /** Equal. */
        EQUAL("==", 6, (a, b) -> a == b ? 1 : 0),
        /** Not equal. */
        UNEQUAL("!=", 6, (a, b) -> a != b ? 1 : 0),
        /** Less. */
        LESS("<", 7, (a, b) -> a < b ? 1 : 0),
        /** Less or equal. */
        AT_MOST("<=", 7, (a, b) -> a <= b ? 1 : 0),
        /** Greater. */
        GREATER(">", 7, (a, b) -> a > b ? 1 : 0),
        /** Greater or equal. */
        AT_LEAST(">=", 7, (a, b) -> a >= b ? 1 : 0),
        /** Shift left. */
        SHIFT_LEFT("<<", 8, (a, b) -> a << b),
        /** Shift right. */
        SHIFT_RIGHT(">>", 8, (a, b) -> a >> b),
        /** Sum. */
        PLUS("+", 9, Long::sum),
        /** Difference. */
        MINUS("-", 9, (a, b) -> a - b),
        /** Product. */
        TIMES("*", 10, (a, b) -> a * b),
        /** Quotient; 0 if the divisor is 0. */
        DIVIDED("/", 10, (a, b) -> b == 0 ? 0 : a / b),
        /** Remainder; 0 if the divisor is 0. */
        MODULO("%", 10, (a, b) -> b == 0 ? 0 : a % b);

        private final String symbol;
        private final int precedence;
        private final LongBinaryOperator function;

        Operator(String symbol, int precedence, LongBinaryOperator function) {
            this.symbol = symbol;
            this.precedence = precedence;
            this.function = function;
        }

        /** {@return how C writes it} */
        public String symbol() {
            return symbol;
        }

        /** {@return how strongly it binds} */
        public int precedence() {
            return precedence;
        }
    }
}
