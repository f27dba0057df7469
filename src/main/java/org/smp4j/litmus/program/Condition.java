package org.smp4j.litmus.program;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The condition of a test.
 *
 * @param quantifier what is claimed
 * @param formula about which final states
 */
public record Condition(Quantifier quantifier, Formula formula) {
    /** What a test claims of its formula. */
    public enum Quantifier {
        /** It holds in one final state at least. */
        EXISTS("exists", "Allowed"),
        /** It holds in no final state. */
        NOT_EXISTS("~exists", "Forbidden"),
        /** It holds in every final state. */
        FORALL("forall", "Required");

        private final String word;
        private final String kind;

        Quantifier(String word, String kind) {
            this.word = word;
            this.kind = kind;
        }

        /** {@return how a test writes it} */
        public String word() {
            return word;
        }

        /** {@return what herd calls a test with it} */
        public String kind() {
            return kind;
        }

        /** {@return whether the claim is true, given how many executions satisfy the formula and how many don't} */
        public boolean holds(long positive, long negative) {
            return switch (this) {
                case EXISTS -> positive > 0;
                case NOT_EXISTS -> positive == 0;
                case FORALL -> negative == 0;
            };
        }
    }

    /**
     * A part of the final state: a register, or a location.
     *
     * @param thread the register's thread; -1 for a location
     * @param index the register's or the location's index
     * @param name how a final state shows it
     */
    public record Part(int thread, int index, String name) {
        /** {@return its value} */
        public long value(long[][] registers, long[] locations) {
            return thread < 0 ? locations[index] : registers[thread][index];
        }
    }

    /** A formula about a final state. */
    public sealed interface Formula {
        /** {@return whether it holds} */
        boolean holds(long[][] registers, long[] locations);

        /** {@return how a test writes it, inside another formula} */
        String text();

        /** Always true, or never. */
        record Truth(boolean value) implements Formula {
            @Override
            public boolean holds(long[][] registers, long[] locations) {
                return value;
            }

            @Override
            public String text() {
                return Boolean.toString(value);
            }
        }

        /** Two parts, or a part and a value, are equal; or they are not. */
        record Equal(Part left, Part right, long value, boolean negated, String text) implements Formula {
            @Override
            public boolean holds(long[][] registers, long[] locations) {
                long other = right == null ? value : right.value(registers, locations);
                return left.value(registers, locations) == other != negated;
            }
        }

        /** The opposite of a formula. */
        record Not(Formula formula) implements Formula {
            @Override
            public boolean holds(long[][] registers, long[] locations) {
                return !formula.holds(registers, locations);
            }

            @Override
            public String text() {
                return "not (" + formula.text() + ")";
            }
        }

        /** All of several formulas. */
        record And(List<Formula> formulas) implements Formula {
            @Override
            public boolean holds(long[][] registers, long[] locations) {
                return formulas.stream().allMatch(formula -> formula.holds(registers, locations));
            }

            @Override
            public String text() {
                return formulas.stream().map(formula -> formula instanceof Or ? "(" + formula.text() + ")"
                        : formula.text()).collect(Collectors.joining(" /\\ "));
            }
        }

        /** One of several formulas. */
        record Or(List<Formula> formulas) implements Formula {
            @Override
            public boolean holds(long[][] registers, long[] locations) {
                return formulas.stream().anyMatch(formula -> formula.holds(registers, locations));
            }

            @Override
            public String text() {
                return formulas.stream().map(Formula::text).collect(Collectors.joining(" \\/ "));
            }
        }
    }

    @Override
    public String toString() {
        return quantifier.word() + " (" + formula.text() + ")";
    }
}
