package org.smp4j.fuzz.grammar;

import org.smp4j.explore.model.Randomness;

/**
 * A kind of arguments.
 *
 * @param name what an argument means
 * @param kind what the number stands for
 * @param draw draws one; the result may turn out not to be valid
 * @param valid tells whether a value is one
 */
public record Arg(String name, Kind kind, Draw draw, Valid valid) {
    /** What the number stands for, so that it can be changed when a CPU or a task is left out. */
    public enum Kind {
        /** A CPU. */
        CPU,
        /** CPUs, as bits. */
        MASK,
        /** A task. */
        TASK,
        /** One of several ways to do it. */
        WAY,
        /** Anything else. */
        OTHER
    }

    /**
     * An argument that is neither CPUs nor a task.
     *
     * @param name what it means
     * @param draw draws one
     * @param valid tells whether a value is one
     */
    public Arg(String name, Draw draw, Valid valid) {
        this(name, Kind.OTHER, draw, valid);
    }

    /** Draws an argument. */
    @FunctionalInterface
    public interface Draw {
        /**
         * Draws one.
         *
         * @param draws the source of randomness
         * @param facts the facts of the program
         * @return the argument
         */
        int from(Randomness draws, Facts facts);
    }

    /** Tells whether an argument is valid. */
    @FunctionalInterface
    public interface Valid {
        /**
         * Tells it.
         *
         * @param value the argument
         * @param facts the facts of the program
         * @return whether it is valid
         */
        boolean test(int value, Facts facts);
    }

    /** {@return a CPU; where CPUs may go down, every other time one of these} */
    public static Arg cpu() {
        return new Arg("cpu", Kind.CPU, (draws, facts) -> facts.moving() != 0 && draws.below(2) == 0
                ? draws.bitOf(facts.moving()) : draws.below(facts.cpus()),
                (value, facts) -> value < facts.cpus());
    }

    /** {@return a CPU that is always online} */
    public static Arg steadyCpu() {
        return new Arg("steady cpu", Kind.CPU, (draws, facts) -> draws.bitOf(facts.steady()),
                (value, facts) -> value < facts.cpus() && !facts.moves(value));
    }

    /** {@return a CPU that may go down} */
    public static Arg movingCpu() {
        return new Arg("moving cpu", Kind.CPU,
                (draws, facts) -> draws.bitOf(facts.moving() == 0 ? facts.all() : facts.moving()),
                (value, facts) -> value < facts.cpus());
    }

    /** {@return CPUs, as bits; at least one} */
    public static Arg mask() {
        return new Arg("mask", Kind.MASK, (draws, facts) -> 1 + draws.below(facts.all()),
                (value, facts) -> value > 0 && value <= facts.all());
    }

    /** {@return CPUs, as bits, of which at least one is always online} */
    public static Arg steadyMask() {
        return new Arg("steady mask", Kind.MASK,
                (draws, facts) -> 1 + draws.below(facts.all()) | 1 << draws.bitOf(facts.steady()),
                (value, facts) -> value > 0 && value <= facts.all() && (value & facts.steady()) != 0);
    }

    /** {@return 0 or 1} */
    public static Arg flag() {
        return way("flag", 2);
    }

    /**
     * {@return one of several}
     *
     * @param name what it means
     * @param count how many there are
     */
    public static Arg choice(String name, int count) {
        return new Arg(name, (draws, _) -> draws.below(count), (value, _) -> value < count);
    }

    /**
     * {@return one of several ways to do it}
     *
     * @param name what it means
     * @param count how many there are
     */
    public static Arg way(String name, int count) {
        return new Arg(name, Kind.WAY, (draws, _) -> draws.below(count), (value, _) -> value < count);
    }

    /** {@return the number of a task} */
    public static Arg task() {
        return new Arg("task", Kind.TASK, (draws, facts) -> draws.below(Math.max(1, facts.tasks())),
                (value, facts) -> value < facts.tasks());
    }
}
