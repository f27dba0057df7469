package org.smp4j.fuzz.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Productions;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;

/**
 * Runs a program. It is called from outside the loader of the explored classes, and so gets and returns only types of
 * the JDK.
 */
public final class Play implements Runnable {
    private final Program program;
    private final Catalog catalog;
    private final Consumer<String> outcomes;
    private final BiConsumer<Set<String>, Set<String>> shown;

    /**
     * Prepares a program of operations of the kernel.
     *
     * @param text as below
     */
    public Play(String text) {
        this(text, List.of(), null, null);
    }

    /**
     * Prepares a program. That takes long within a run.
     *
     * @param text the text of the program; an {@link IllegalArgumentException} is thrown if it is no legal program
     * @param productions the classes with more productions, {@link Productions}
     * @param outcomes gets the outcome of each run that has ended; null for no outcomes
     * @param shown gets, of each such run, the different results by kind of operation and the names of the warnings;
     *        null for neither
     */
    public Play(String text, List<String> productions, Consumer<String> outcomes,
            BiConsumer<Set<String>, Set<String>> shown) {
        program = Program.parse(text);
        catalog = catalog(productions, Play.class.getClassLoader()).withMisuses();
        String fault = Legality.fault(program, catalog);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
        this.outcomes = outcomes;
        this.shown = shown;
    }

    /**
     * {@return the productions of the tower and those of other classes}
     *
     * @param classes their names
     * @param loader loads them
     */
    public static Catalog catalog(List<String> classes, ClassLoader loader) {
        List<Production> more = new ArrayList<>();
        for (String name : classes) {
            try {
                more.addAll(((Productions) Class.forName(name, true, loader).getConstructor().newInstance())
                        .productions());
            } catch (ReflectiveOperationException | ClassCastException e) {
                throw new IllegalArgumentException(name + " does not have productions: it must be a public class that "
                        + "implements Productions, with a constructor without parameters", e);
            }
        }
        return Standard.catalog().with(more);
    }

    @Override
    public void run() {
        World world = new World(program, catalog);
        Runnable scenario = switch (program.stage()) {
            case CPUS -> new BareRun(world);
            case TASKS -> new TasksRun(world);
            case MACHINE -> new MachineRun(world);
        };
        scenario.run();
        if (outcomes != null) {
            outcomes.accept(world.outcome());
        }
        if (shown != null) {
            Exploring.quietly(() -> shown.accept(world.results(), world.warnings()));
        }
    }
}
