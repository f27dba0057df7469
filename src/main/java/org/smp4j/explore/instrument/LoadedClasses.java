package org.smp4j.explore.instrument;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.weave.Weave;

/** The rewritten classes of one or several programs: loaded once, with static fields that can be put back. */
final class LoadedClasses {
    private final String className;
    // The class files that all loaders share.
    private Definitions definitions;
    private ExploringLoader loader;
    private Class<?> type;
    private int generation;
    private LoadedClasses withValues;
    private int classesKnown;
    private int staticsKnown;
    private boolean hasRun;
    private List<Field> statics = List.of();
    private List<Object> initially = List.of();

    LoadedClasses(String className, RewriteOptions options, ClassLoader parent) {
        this(className, options, parent, new Learned());
    }

    private LoadedClasses(String className, RewriteOptions options, ClassLoader parent, Learned learned) {
        this.className = className;
        definitions = new Definitions(options, parent, className, learned);
        load();
    }

    /** {@return the class that was asked for; not initialized yet} */
    Class<?> type() {
        return type;
    }

    /** {@return how often the classes were loaded anew: then what was found in the former ones is of no use} */
    int generation() {
        return generation;
    }

    private void load() {
        loader = new ExploringLoader(definitions);
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
    }

    ExplorerException unloadable(LinkageError e) {
        return new ExplorerException(className + " can't be loaded (" + Hierarchy.reason(e)
                + "); is all of it on the class path, and none of it damaged?", e);
    }

    /**
     * If a run has loaded classes with static fields that are not final, all classes are loaded anew: only before a run
     * do such fields have their initial values.
     */
    void restoreStatics() {
        if (definitions.isStale()) {
            definitions = new Definitions(definitions.options(), definitions.parent(), className,
                    definitions.learned());
            reload();
            classesKnown = 0;
            staticsKnown = 0;
            statics = List.of();
            hasRun = false;
        }
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
        generation++;
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

    int sites() {
        return loader.sites();
    }

    Set<String> inside() {
        return definitions.options().inside();
    }

    Set<String> libraries() {
        return definitions.options().libraries();
    }

    List<String> unmodelled() {
        return loader.unmodelled().stream().filter(call -> !definitions.options().reviewed().test(call.owner()))
                .map(Unmodelled::toString).toList();
    }

    List<String> kept() {
        return loader.staticHolders().stream().map(field -> field.getDeclaringClass().getName() + "." + field.getName())
                .toList();
    }

    /** {@return the same classes, loaded with more edits} */
    LoadedClasses woven(Weave weave) {
        return new LoadedClasses(className, definitions.options().withWeaves(weave), definitions.parent(),
                definitions.learned());
    }

    /** {@return the same classes, loaded so that they report values; each time the same} */
    LoadedClasses withValues() {
        if (withValues == null) {
            withValues = new LoadedClasses(className, definitions.options().withValues(true), definitions.parent(),
                    definitions.learned());
        }
        return withValues;
    }
}
