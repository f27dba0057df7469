package org.smp4j.explore.instrument;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.run.Program;
import org.smp4j.weave.Weave;

/**
 * A program to explore, given by a class: public, a {@link Runnable}, with a public constructor without parameters.
 * Every run makes a new object of the class. Or public, with a public static {@code main} that takes the arguments of a
 * command line: every run calls it without arguments.
 */
public final class LoadedProgram implements Program {
    /** The code that a run calls. */
    @FunctionalInterface
    public interface Body {
        /** Runs the program once, with fresh objects. */
        void run() throws Throwable;

        /** As {@link Program#root}. */
        default Object root() {
            return null;
        }

        /** As {@link Program#judge}. */
        default Failure judge(Failure failure) {
            return failure;
        }
    }

    /** Code that says what it runs on. */
    public abstract static class Rooted implements Body {
        /** The object or class of the latest run. Written and read by the strands of one run. */
        protected Object root;

        /** For subclasses. */
        protected Rooted() {
        }

        @Override
        public final Object root() {
            return root;
        }
    }

    /** Finds the code that a run calls, if the class is not a {@link Runnable}. */
    @FunctionalInterface
    public interface Entry {
        /**
         * Finds the code in the scenario's class.
         *
         * @param type the class, rewritten; not initialized yet
         * @return the code that a run calls
         * @throws ReflectiveOperationException if something is missing
         */
        Body of(Class<?> type) throws ReflectiveOperationException;

        /**
         * As {@link #of(Class)}, for code that needs other programs of the same classes.
         *
         * @param type the class, rewritten; not initialized yet
         * @param program the program, of which more can be made by {@link LoadedProgram#with}
         * @return the code that a run calls
         * @throws ReflectiveOperationException if something is missing
         */
        default Body of(Class<?> type, LoadedProgram program) throws ReflectiveOperationException {
            return of(type);
        }
    }

    private final LoadedClasses classes;
    private final String name;
    private final Entry entry;
    private Body body;
    private int generation;

    /**
     * Loads a class to explore it.
     *
     * @param className its binary name
     * @param options how it is rewritten
     * @param parent where classes come from
     * @throws ExplorerException if there is no such class, or it can't be run
     */
    public LoadedProgram(String className, RewriteOptions options, ClassLoader parent) {
        this(className, className, options, parent);
    }

    /**
     * As {@link #LoadedProgram(String, RewriteOptions, ClassLoader)}, under another name.
     *
     * @param name its name in reports and tokens, without colons
     * @param className its binary name
     * @param options how it is rewritten
     * @param parent where classes come from
     */
    public LoadedProgram(String name, String className, RewriteOptions options, ClassLoader parent) {
        this(name, className, options, parent, LoadedProgram::runnable);
    }

    /**
     * As {@link #LoadedProgram(String, RewriteOptions, ClassLoader)}, for a class of another kind.
     *
     * @param name its name in reports and tokens, without colons
     * @param className its binary name
     * @param options how it is rewritten
     * @param parent where classes come from
     * @param entry finds the code of the class that a run calls
     */
    public LoadedProgram(String name, String className, RewriteOptions options, ClassLoader parent, Entry entry) {
        this(name, new LoadedClasses(className, options, parent), entry);
    }

    private LoadedProgram(String name, LoadedClasses classes, Entry entry) {
        this.name = name;
        this.classes = classes;
        this.entry = entry;
        bind();
    }

    /**
     * Another program of the same classes, which are not loaded again. The two must not be explored at the same time.
     *
     * @param otherName its name in reports and tokens, without colons
     * @param otherEntry finds the code that a run of it calls
     * @return the program
     */
    public LoadedProgram with(String otherName, Entry otherEntry) {
        return new LoadedProgram(otherName, classes, otherEntry);
    }

    private void bind() {
        generation = classes.generation();
        try {
            body = entry.of(classes.type(), this);
        } catch (ReflectiveOperationException e) {
            throw new ExplorerException(classes.type().getName() + " can't be run, as something is missing: "
                    + e.getMessage(), e);
        } catch (LinkageError e) {
            throw classes.unloadable(e);
        }
    }

    private static Body runnable(Class<?> type) {
        if (!Runnable.class.isAssignableFrom(type)) {
            return main(type);
        }
        if (!Modifier.isPublic(type.getModifiers()) || Modifier.isAbstract(type.getModifiers())) {
            throw notAScenario(type);
        }
        MethodHandle constructor;
        try {
            constructor = MethodHandles.publicLookup().findConstructor(type, MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new ExplorerException(type.getName() + " has no public constructor without parameters; add one", e);
        }
        return new Rooted() {
            @Override
            public void run() throws Throwable {
                Runnable scenario = (Runnable) constructor.invokeExact();
                root = scenario;
                scenario.run();
            }
        };
    }

    private static Body main(Class<?> type) {
        MethodHandle main;
        try {
            main = MethodHandles.publicLookup().findStatic(type, "main",
                    MethodType.methodType(void.class, String[].class));
        } catch (ReflectiveOperationException e) {
            throw notAScenario(type);
        }
        return new Rooted() {
            @Override
            public void run() throws Throwable {
                root = type;
                main.invokeExact(new String[0]);
            }
        };
    }

    private static ExplorerException notAScenario(Class<?> type) {
        return new ExplorerException(type.getName() + " is not a scenario: it must be a public class, not abstract, "
                + "that implements Runnable, or a public class with a public static void main(String[])");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run() throws Throwable {
        body.run();
    }

    @Override
    public Object root() {
        return body.root();
    }

    @Override
    public Failure judge(Failure failure) {
        return body.judge(failure);
    }

    @Override
    public void restoreStatics() {
        classes.restoreStatics();
        if (generation != classes.generation()) {
            bind();
        }
    }

    @Override
    public int sites() {
        return classes.sites();
    }

    @Override
    public List<String> unmodelled() {
        return classes.unmodelled();
    }

    @Override
    public List<String> kept() {
        return classes.kept();
    }

    @Override
    public Set<String> inside() {
        return classes.inside();
    }

    @Override
    public Set<String> libraries() {
        return classes.libraries();
    }

    @Override
    public Program traced(Weave weave) {
        return new LoadedProgram(name, classes.woven(weave), entry);
    }

    @Override
    public Program withValues() {
        return new LoadedProgram(name, classes.withValues(), entry);
    }
}
