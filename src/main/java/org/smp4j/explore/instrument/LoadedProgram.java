package org.smp4j.explore.instrument;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;

/**
 * A program to explore, given by a class: public, a {@link Runnable}, with a public constructor without parameters.
 * Every run makes a new object of the class.
 */
public final class LoadedProgram implements Program {
    /** The code that a run calls. */
    @FunctionalInterface
    public interface Body {
        /** Runs the program once, with fresh objects. */
        void run() throws Throwable;
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
    }

    private final String className;
    private final String name;
    private final Entry entry;

    // The class files that all loaders of this program share.
    private final Definitions definitions;
    private ExploringLoader loader;
    private Body body;
    private int classesKnown;
    private int staticsKnown;
    private boolean hasRun;
    private List<Field> statics = List.of();
    private List<Object> initially = List.of();

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
        this.name = name;
        this.className = className;
        this.entry = entry;
        definitions = new Definitions(options, parent);
        load();
    }

    private void load() {
        loader = new ExploringLoader(definitions);
        Class<?> type;
        try {
            type = Class.forName(className, false, loader);
        } catch (ClassNotFoundException e) {
            throw new ExplorerException("there is no class " + className
                    + "; give its binary name, and where it is on the class path", e);
        } catch (LinkageError e) {
            throw unloadable(e);
        }
        if (type.getClassLoader() != loader) {
            throw new ExplorerException(className
                    + " belongs to the explorer or a library, and is not rewritten; choose a class of another package");
        }
        try {
            body = entry.of(type);
        } catch (ReflectiveOperationException e) {
            throw new ExplorerException(className + " can't be run, as something is missing: " + e.getMessage(), e);
        } catch (LinkageError e) {
            throw unloadable(e);
        }
    }

    private ExplorerException unloadable(LinkageError e) {
        return new ExplorerException(className + " can't be loaded (" + Hierarchy.reason(e)
                + "); is all of it on the class path, and none of it damaged?", e);
    }

    private static Body runnable(Class<?> type) {
        if (!Runnable.class.isAssignableFrom(type) || !Modifier.isPublic(type.getModifiers())
                || Modifier.isAbstract(type.getModifiers())) {
            throw new ExplorerException(type.getName()
                    + " is not a scenario: it must be a public class, not abstract, that implements Runnable");
        }
        MethodHandle constructor;
        try {
            constructor = MethodHandles.publicLookup().findConstructor(type, MethodType.methodType(void.class))
                    .asType(MethodType.methodType(Runnable.class));
        } catch (ReflectiveOperationException e) {
            throw new ExplorerException(type.getName() + " has no public constructor without parameters; add one", e);
        }
        return () -> {
            Runnable scenario = (Runnable) constructor.invokeExact();
            scenario.run();
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void run() throws Throwable {
        body.run();
    }

    /**
     * If a run has loaded classes with static fields that are not final, all classes are loaded anew: only before a run
     * do such fields have their initial values.
     */
    @Override
    public void restoreStatics() {
        // classes found through the context loader are explored, too
        Thread.currentThread().setContextClassLoader(loader);
        if (loader.rewrittenCount() != classesKnown) {
            loader.initializeAll();
            classesKnown = loader.rewrittenCount();
            if (loader.mutableStatics().size() != staticsKnown) {
                if (hasRun) {
                    reload();
                }
                rememberStatics();
            }
        }
        try {
            for (int i = 0; i < statics.size(); i++) {
                statics.get(i).set(null, initially.get(i));
            }
        } catch (IllegalAccessException e) {
            throw staticsCannotBe("put back", e);
        }
        hasRun = true;
    }

    private void reload() {
        List<String> names = loader.rewritten().stream().map(Class::getName).toList();
        load();
        try {
            for (String each : names) {
                Class.forName(each, false, loader);
            }
        } catch (ClassNotFoundException e) {
            throw new ExplorerException("the classes of " + className + " can't be loaded again", e);
        }
    }

    private void rememberStatics() {
        do {
            loader.initializeAll();
            classesKnown = loader.rewrittenCount();
            statics = loader.mutableStatics();
            staticsKnown = statics.size();
        } while (loader.rewrittenCount() != classesKnown); // reading fields loads their types
        initially = new ArrayList<>();
        try {
            List<Field> there = new ArrayList<>();
            for (Field field : statics) {
                try {
                    initially.add(field.get(null));
                    there.add(field);
                } catch (LinkageError e) {
                    continue; // the class can't be initialized, and so has no state
                }
            }
            statics = there;
        } catch (IllegalAccessException e) {
            throw staticsCannotBe("read", e);
        }
    }

    private ExplorerException staticsCannotBe(String what, IllegalAccessException e) {
        return new ExplorerException("a static field of " + className + " can't be " + what, e);
    }

    @Override
    public int sites() {
        return loader.sites();
    }

    @Override
    public List<String> unmodelled() {
        return loader.unmodelled().stream().filter(call -> !definitions.options().reviewed().test(call.owner()))
                .map(Unmodelled::toString).toList();
    }

    @Override
    public List<String> kept() {
        return loader.staticHolders().stream().map(field -> field.getDeclaringClass().getName() + "." + field.getName())
                .toList();
    }

    @Override
    public Program withValues() {
        return new LoadedProgram(name, className, definitions.options().withValues(true), definitions.parent(), entry);
    }
}
