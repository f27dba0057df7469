package org.smp4j.fuzz;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;
import org.smp4j.fuzz.run.Play;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/**
 * The classes of the tower, rewritten once and used to explore any number of programs. For one thread at a time.
 */
public final class LoadedTower {
    private static final String PREFIX = "fuzz/";
    private static final String HOUSE = "org.smp4j.fuzz.";

    private final RewriteOptions options;
    private final ClassLoader parent;
    private final List<String> productions;
    private LoadedProgram loaded;
    private LoadedProgram withValues;
    private String text;
    private Consumer<String> outcomes;
    private BiConsumer<Set<String>, Set<String>> shown;

    /**
     * Loads the classes when they are first needed.
     *
     * @param productions the classes with more productions
     * @param parent loads the classes that are not rewritten, and has the files of those that are
     * @param weaves changes to the classes
     */
    public LoadedTower(List<String> productions, ClassLoader parent, Weave... weaves) {
        RewriteOptions usual = Programs.options();
        this.options = usual.withWeaves(weaves)
                .withReviewed(name -> usual.reviewed().test(name) || name.startsWith(HOUSE));
        this.parent = parent;
        this.productions = List.copyOf(productions);
    }

    /**
     * {@return whether a name, as of a token, is that of a generated program}
     *
     * @param name the name
     */
    public static boolean isProgram(String name) {
        return name.startsWith(PREFIX);
    }

    /**
     * {@return a generated program from its name}
     *
     * @param name the name, as a token has it
     * @throws ExplorerException if it is not that of a program
     */
    public static String textOf(String name) {
        return name.substring(PREFIX.length());
    }

    /**
     * {@return a program to explore}
     *
     * @param program the text of the program
     * @param listener gets the outcome of each run that has ended, or null
     */
    public Program program(String program, Consumer<String> listener) {
        return program(program, listener, null);
    }

    /**
     * {@return a program to explore}
     *
     * @param program the text of the program
     * @param listener gets the outcome of each run that has ended, or null
     * @param showing gets, of each such run, the different results by kind of operation and the names of the warnings;
     *        or null
     */
    Program program(String program, Consumer<String> listener, BiConsumer<Set<String>, Set<String>> showing) {
        return new Target(program, listener, showing, false);
    }

    /** A program as the explorer sees it. */
    private final class Target implements Program {
        private final String name;
        private final Consumer<String> listener;
        private final BiConsumer<Set<String>, Set<String>> showing;
        private final boolean values;

        Target(String name, Consumer<String> listener, BiConsumer<Set<String>, Set<String>> showing, boolean values) {
            this.name = name;
            this.listener = listener;
            this.showing = showing;
            this.values = values;
        }

        private LoadedProgram tower() {
            text = name;
            outcomes = listener;
            shown = showing;
            if (loaded == null) {
                loaded = load(options);
            }
            if (values && withValues == null) {
                withValues = load(options.withValues(true));
            }
            return values ? withValues : loaded;
        }

        @Override
        public String name() {
            return PREFIX + name;
        }

        @Override
        public void run() throws Throwable {
            tower().run();
        }

        @Override
        public void restoreStatics() {
            tower().restoreStatics();
            prepared(values).prepare();
        }

        @Override
        public int sites() {
            return tower().sites();
        }

        @Override
        public List<String> unmodelled() {
            return tower().unmodelled();
        }

        @Override
        public List<String> kept() {
            return tower().kept();
        }

        @Override
        public Program withValues() {
            return new Target(name, null, null, true);
        }
    }

    private Prepared plain;
    private Prepared valued;

    private Prepared prepared(boolean values) {
        return values ? valued : plain;
    }

    private LoadedProgram load(RewriteOptions how) {
        return new LoadedProgram("fuzz", Play.class.getName(), how, parent, type -> {
            TowerClasses.load(type.getClassLoader(), productions);
            Prepared made = new Prepared(type.getConstructor(String.class, List.class, Consumer.class,
                    BiConsumer.class));
            if (how.values()) {
                valued = made;
            } else {
                plain = made;
            }
            return () -> made.run();
        });
    }

    /** The current program, as an object of the rewritten classes. */
    private final class Prepared {
        private final Constructor<?> maker;
        private String preparedText;
        private Consumer<String> preparedOutcomes;
        private BiConsumer<Set<String>, Set<String>> preparedShown;
        private Runnable play;

        Prepared(Constructor<?> maker) {
            this.maker = maker;
        }

        /** Not within a run. */
        void prepare() {
            if (play != null && preparedText.equals(text) && preparedOutcomes == outcomes
                    && preparedShown == shown) {
                return;
            }
            try {
                play = (Runnable) maker.newInstance(text, productions, outcomes, shown);
            } catch (InvocationTargetException e) {
                throw new ExplorerException("not a program: " + e.getCause().getMessage(), e.getCause());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
            preparedText = text;
            preparedOutcomes = outcomes;
            preparedShown = shown;
        }

        void run() {
            play.run();
        }
    }
}
