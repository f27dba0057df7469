package org.smp4j.fuzz.program;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A program: what its CPUs, tasks and devices do. Its text has only letters, digits and {@code . , + / =}, so that a
 * token can carry it.
 *
 * @param stage what it runs on
 * @param cpus how many CPUs there are
 * @param players what performs its operations
 */
public record Program(Stage stage, int cpus, List<Player> players) {
    /** The fewest CPUs. */
    public static final int LEAST_CPUS = 1;
    /** The most CPUs. */
    public static final int MOST_CPUS = 8;
    /** The most players. */
    public static final int MOST_PLAYERS = 16;
    /** The most operations, those in bodies included. */
    public static final int MOST_OPS = 400;

    /** Checks the limits. */
    public Program {
        players = List.copyOf(players);
        if (cpus < LEAST_CPUS || cpus > MOST_CPUS) {
            throw new IllegalArgumentException("a program has " + LEAST_CPUS + " to " + MOST_CPUS + " CPUs, got "
                    + cpus);
        }
        if (players.size() > MOST_PLAYERS) {
            throw new IllegalArgumentException("a program has at most " + MOST_PLAYERS + " players, got "
                    + players.size());
        }
    }

    /** {@return how many operations it has, those in bodies included} */
    public int size() {
        return players.stream().flatMap(player -> player.ops().stream()).mapToInt(Op::size).sum();
    }

    /**
     * Visits all operations, each before those in its body.
     *
     * @param visitor gets them
     */
    public void forEach(Consumer<Op> visitor) {
        players.forEach(player -> visit(player.ops(), visitor));
    }

    private static void visit(List<Op> ops, Consumer<Op> visitor) {
        for (Op op : ops) {
            visitor.accept(op);
            visit(op.body(), visitor);
        }
    }

    /**
     * {@return the same program with another player in the place of one}
     *
     * @param index which
     * @param player the new one, or null to leave it out
     */
    public Program withPlayer(int index, Player player) {
        List<Player> changed = new ArrayList<>(players);
        if (player == null) {
            changed.remove(index);
        } else {
            changed.set(index, player);
        }
        return new Program(stage, cpus, changed);
    }

    /** {@return its text, for example {@code c2/t0=single.1.1+1,poll}} */
    public String text() {
        return ProgramText.write(this);
    }

    /**
     * {@return the program that a text stands for}
     *
     * @param text the text
     * @throws IllegalArgumentException if it stands for none
     */
    public static Program parse(String text) {
        return ProgramText.read(text);
    }

    @Override
    public String toString() {
        return text();
    }
}
