package org.smp4j.fuzz.grammar;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;

/**
 * What is true of a whole program, and decides which results are allowed.
 *
 * @param stage what it runs on
 * @param cpus how many CPUs there are
 * @param moving the CPUs that may go down, as bits
 * @param tasks how many tasks there are
 * @param marks properties that operations give to the program
 */
public record Facts(Stage stage, int cpus, int moving, int tasks, Set<String> marks) {
    /** Copies the set. */
    public Facts {
        marks = Set.copyOf(marks);
    }

    /**
     * {@return the facts of a program}
     *
     * @param program the program
     * @param catalog its productions
     */
    public static Facts of(Program program, Catalog catalog) {
        int[] moving = {0};
        Set<String> marks = new HashSet<>();
        program.forEach(op -> {
            Production production = catalog.find(op.name());
            if (production != null && production.fits(op)) {
                moving[0] |= production.moves(op, program.cpus());
                marks.addAll(production.marks);
            }
        });
        List<Player> players = program.players();
        int tasks = (int) players.stream().filter(player -> player.kind() == Player.Kind.TASK).count();
        return new Facts(program.stage(), program.cpus(), moving[0] & (1 << program.cpus()) - 1, tasks, marks);
    }

    /**
     * {@return whether a CPU may be offline}
     *
     * @param cpu the CPU
     */
    public boolean moves(int cpu) {
        return (moving >> cpu & 1) != 0;
    }

    /** {@return all CPUs, as bits} */
    public int all() {
        return (1 << cpus) - 1;
    }

    /** {@return the CPUs that stay online, as bits} */
    public int steady() {
        return all() & ~moving;
    }

    /**
     * {@return whether an operation of the program gives it a property}
     *
     * @param mark the property
     */
    public boolean has(String mark) {
        return marks.contains(mark);
    }
}
