package org.smp4j.litmus.program;

import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Expression.Operator;

/** One instruction of a thread. Its position is that of its first word in the text. */
public sealed interface Instruction {
    /** {@return where it stands in the text} */
    Position at();

    /** {@return whether it only concerns its own thread, so that it may run together with the instruction before} */
    default boolean isLocal() {
        return false;
    }

    /** Computes a register. */
    record Assign(Position at, int register, Expression value) implements Instruction {
        @Override
        public boolean isLocal() {
            return true;
        }
    }

    /** Goes on at another instruction if a condition does not hold; always, if there is none. */
    record JumpUnless(Position at, Expression condition, int target) implements Instruction {
        @Override
        public boolean isLocal() {
            return true;
        }
    }

    /** Counts the iterations of a loop in a register; an execution with more than the search allows is cut. */
    record Iterate(Position at, int counter) implements Instruction {
        @Override
        public boolean isLocal() {
            return true;
        }
    }

    /** Gives up the execution unless a condition holds. */
    record Assume(Position at, Expression condition) implements Instruction {
        @Override
        public boolean isLocal() {
            return true;
        }
    }

    /** Tries both: to go on, and to go on at another instruction. */
    record Fork(Position at, int target) implements Instruction {
    }

    /** Reads a location. */
    record Load(Position at, int register, Expression address, AccessMode mode) implements Instruction {
    }

    /** Writes a location. */
    record Store(Position at, Expression address, Expression value, AccessMode mode) implements Instruction {
    }

    /** A fence. */
    record Barrier(Position at, Fence fence) implements Instruction {
        @Override
        public boolean isLocal() {
            return fence != Fence.FULL;
        }
    }

    /** Waits until a lock is free, and takes it. */
    record Lock(Position at, Expression address) implements Instruction {
    }

    /** Gives a lock back. */
    record Unlock(Position at, Expression address) implements Instruction {
    }

    /** What an update must do; in an execution in which it would do the other it is given up. */
    enum Must {
        /** Either. */
        ANY,
        /** It must write. */
        WRITE,
        /** It must not write. */
        FAIL
    }

    /**
     * Reads a location and possibly writes it in one step.
     *
     * @param at the position
     * @param read the register for what is read
     * @param done the register for whether it has written
     * @param address the location
     * @param operator combines what is read and the operand to what is written; null: the operand is written
     * @param operand the operand
     * @param expected it writes only if it reads this; null: always
     * @param inverted it writes only if it does not read what is expected
     * @param mode the mode if it writes
     * @param failure the mode of the read if it does not write
     * @param weak whether it may fail even if it reads what is expected
     * @param must what it must do
     */
    record Update(Position at, int read, int done, Expression address, Operator operator, Expression operand,
            Expression expected, boolean inverted, AccessMode mode, AccessMode failure, boolean weak, Must must)
            implements Instruction {
        /** {@return whether it writes if it reads a value} */
        public boolean writesOn(long value, long[] registers) {
            return expected == null || (expected.value(registers) == value) != inverted;
        }

        /** {@return what it writes if it reads a value} */
        public long written(long value, long[] registers) {
            return operator == null ? operand.value(registers)
                    : new Expression.Binary(operator, new Expression.Constant(value), operand).value(registers);
        }
    }
}
