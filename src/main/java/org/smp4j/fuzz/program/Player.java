package org.smp4j.fuzz.program;

import java.util.List;

/**
 * What performs operations of a program.
 *
 * @param kind what it is
 * @param cpu its CPU
 * @param count how often a device may interrupt; for a task the CPUs on which it may run, as bits; else 0
 * @param ops its operations
 */
public record Player(Kind kind, int cpu, int count, List<Op> ops) {
    /** The kinds of players. */
    public enum Kind {
        /** A task, or the thread that plays a bare CPU. */
        TASK('t'),
        /** A device, whose handler performs the operations in hard interrupt context. */
        DEVICE('d');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }

        /** {@return its letter in the text of a program} */
        public char letter() {
            return letter;
        }
    }

    /** Copies the list. */
    public Player {
        ops = List.copyOf(ops);
    }

    /**
     * {@return the same player with other operations}
     *
     * @param value the operations
     */
    public Player withOps(List<Op> value) {
        return new Player(kind, cpu, count, value);
    }
}
