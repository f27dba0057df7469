package org.smp4j.explore.loaders;

import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.smp4j.explore.coroutine.ThreadCoroutine;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.engine.Refusal;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;

/**
 * What a class loader of the program does for its classes. They are rewritten where their bytes come in. The caller of
 * {@code loadClass} makes a difference: if it is the program, or this class, the loader's code runs step by step; the
 * JVM's own call can't be left and resumed, so that code makes no steps then, and what would have to be one is refused.
 * Therefore rewritten code asks for a class before it needs it, in the JVM's place. What the JVM asks for all the same
 * is remembered, and the runs begin anew: from then on the loader is asked for it as soon as it has given out a class
 * that names it.
 */
final class Loads {
    /** The methods of the JDK's class loader that only a subclass can call. */
    interface Methods {
        Class<?> define(String name, byte[] file, ProtectionDomain domain);

        Class<?> loaded(String name);

        Class<?> load(String name) throws ClassNotFoundException;

        Class<?> find(String name) throws ClassNotFoundException;

        Object lock(String name);
    }

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);
    private static final String JDK = "java.lang.ClassLoader";
    private static final String CLASSES = JDK + ".loaded";
    private static final int ENTERS = site("monitorenter", "monitor", 0);
    private static final int LEAVES = site("monitorexit", "monitor", 0);
    private static final int READS = site("findLoadedClass", CLASSES, Access.READ | Access.ACQUIRE);
    /** The site of the JDK's own definition of a class. */
    static final int FOUND = site("defineClass", CLASSES, Access.EXCHANGE);
    private static final int BY_JVM = site("loadClass", "the JVM, as it loads a class,", 0);

    // The strand that is about to call loadClass, and its next step then. Only the running strand uses them.
    private static LiveStrand asking;
    private static int askingAt;

    private final ClassLoader loader;
    private final Methods methods;
    private final Home home;
    // By name, what this loader has answered in the JVM's place. Written and read by: strands, one at a time.
    private final Map<String, Class<?>> answered = new HashMap<>();
    // By name, what came instead of an answer. Written and read by: as the one above.
    private final Map<String, Throwable> failed = new HashMap<>();
    // All classes that those of this loader name. Written and read by: as the one above.
    private final Set<String> named = new HashSet<>();
    // The classes that a strand has found answered, or asked for. Written and read by: the strand itself.
    private final Map<LiveStrand, Set<String>> known = new IdentityHashMap<>();
    // How many calls of loadClass a strand is within. Written and read by: the strand itself.
    private final Map<LiveStrand, Integer> within = new IdentityHashMap<>();

    Loads(ClassLoader loader, Methods methods, Home home) {
        this.loader = loader;
        this.methods = methods;
        this.home = home;
    }

    private static int site(String operation, String target, int mode) {
        return Sites.add(JDK, 0, "loadClass", null, 0, operation, target, mode);
    }

    /** What is known of a loader; null if it is none that the program has made. */
    static Loads of(ClassLoader loader) {
        return loader instanceof OwnLoader own ? own.loads : loader instanceof OwnUrlLoader own ? own.loads : null;
    }

    // ---- the family of loaders

    /** The loader of the program's own classes, of which one calls. */
    static ClassLoader home() {
        return STACK.walk(frames -> frames.map(frame -> homeOf(frame.getDeclaringClass().getClassLoader()))
                .filter(found -> found != null).findFirst())
                .orElseThrow(() -> Refusal.met("a class loader is made by code that is not rewritten"));
    }

    private static ClassLoader homeOf(ClassLoader loader) {
        Loads own = of(loader);
        return own != null ? (ClassLoader) own.home : loader instanceof Home ? loader : null;
    }

    /** The parent that a loader gets in place of one that has the program's classes as they are. */
    static ClassLoader parent(ClassLoader parent) {
        if (parent == null || parent == ClassLoader.getPlatformClassLoader() || homeOf(parent) != null) {
            return parent;
        }
        ClassLoader home = home();
        if (((Home) home).isAbove(parent)) {
            return home;
        }
        throw Refusal.met("a class loader of the program has the parent " + parent.getClass().getName()
                + ", which defines classes that are not rewritten");
    }

    /** The parent that a loader of the program shows. */
    static ClassLoader parentOf(ClassLoader loader) {
        return loader instanceof Home ? ClassLoader.getPlatformClassLoader() : loader.getParent();
    }

    static String checked(String name) {
        if (name != null && name.isEmpty()) {
            throw new IllegalArgumentException("name must be non-empty or null");
        }
        return name;
    }

    // ---- loading

    /** The running strand is about to call {@code loadClass} of a loader. */
    static void asks() {
        LiveStrand strand = Execution.running;
        asking = strand;
        askingAt = strand == null ? 0 : strand.point;
    }

    private static boolean isAsked() {
        LiveStrand strand = Execution.running;
        return strand == null || asking == strand && askingAt == strand.point;
    }

    /** A class that rewritten code needs beside the program's own; null if the name is that of another. */
    Class<?> support(String name) throws ClassNotFoundException {
        return home.support(name);
    }

    /** At the beginning of {@code loadClass}: the class, if the code of the loader does not run. */
    Class<?> known(String name) throws ClassNotFoundException {
        Class<?> support = home.support(name);
        boolean asked = isAsked();
        if (support != null || asked) {
            asking = asked && support != null ? null : asking;
            return support;
        }
        if (failed.containsKey(name)) {
            throw Loads.<RuntimeException>unchecked(failed.get(name));
        }
        return name.startsWith("java.") ? ofJava(name) : answered.get(name);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }

    /** A class that no loader of the program can define: the JVM gets it at once. */
    private static Class<?> ofJava(String name) {
        try {
            return Class.forName(name, false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /** After {@link #known}: tells whether the JVM calls, and if so makes the strand quiet. */
    boolean enters(String name, int site) {
        boolean asked = isAsked();
        asking = null;
        LiveStrand strand = Execution.running;
        if (!asked) {
            if (strand.quiet == 0 && home.asksFirst(loader.getClass().getName(), name)) {
                strand.execution.refusal.learn();
            }
            strand.execution.initialized.begins();
            if (!loader.isRegisteredAsParallelCapable()) {
                strand.execution.initialized.passes(strand, site, loader);
            }
            Hooks.enterCall(site);
        } else if (strand != null) {
            within.merge(strand, 1, Integer::sum);
        }
        return !asked;
    }

    /** Before the end of {@code loadClass}. */
    void leaves(boolean quiet) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return;
        }
        if (quiet) {
            Hooks.exitCall();
            strand.execution.initialized.ends();
        } else if (within.merge(strand, -1, Integer::sum) == 0) {
            asksEarly(strand);
        }
    }

    /** Asks for what the JVM has asked for in earlier runs, and classes of this loader name. */
    private void asksEarly(LiveStrand strand) {
        within.merge(strand, 1, Integer::sum);
        for (boolean again = true; again;) {
            again = false;
            for (String name : home.asked(loader.getClass().getName())) {
                again |= named.contains(name) && needs(name, false);
            }
        }
        within.merge(strand, -1, Integer::sum);
    }

    /** The JDK's {@code loadClass} with one parameter. */
    Class<?> asked(String name) throws ClassNotFoundException {
        Class<?> known = known(name);
        if (known != null) {
            return known;
        }
        boolean quiet = enters(name, BY_JVM);
        try {
            return methods.load(name);
        } finally {
            leaves(quiet);
        }
    }

    /** The JDK's {@code loadClass} with two parameters. */
    Class<?> load(String name) throws ClassNotFoundException {
        Class<?> support = home.support(name);
        if (support != null) {
            return support;
        }
        Object lock = methods.lock(name);
        Hooks.monitorEnter(lock, ENTERS);
        try {
            Class<?> loaded = loaded(name, READS);
            return loaded != null ? loaded : inherited(name);
        } finally {
            Hooks.monitorExit(lock, LEAVES);
        }
    }

    private Class<?> inherited(String name) throws ClassNotFoundException {
        ClassLoader parent = loader.getParent();
        try {
            if (parent == null) {
                return Class.forName(name, false, null);
            }
            Loads above = of(parent);
            return above != null ? above.methods.load(name) : parent.loadClass(name);
        } catch (ClassNotFoundException e) {
            return methods.find(name);
        }
    }

    /**
     * Asks for a class in the JVM's place, which will need it next, and gets what this gets. As the JVM does, it holds
     * the monitor of a loader that is not said to be parallel capable.
     *
     * @param again whether the loader is asked as well if it has failed to answer before
     * @return whether the loader was asked
     */
    boolean needs(String name, boolean again) {
        LiveStrand strand = Execution.running;
        if (strand == null || strand.quiet != 0 || !again && failed.containsKey(name)
                || known.computeIfAbsent(strand, _ -> new HashSet<>()).contains(name)) {
            return false;
        }
        boolean asks = loaded(name, READS) == null && (loader.isRegisteredAsParallelCapable() ? asksNow(name)
                : asksAlone(name));
        if (!failed.containsKey(name)) {
            known.get(strand).add(name);
        }
        return asks;
    }

    private boolean asksAlone(String name) {
        Hooks.monitorEnter(loader, ENTERS);
        try {
            return loaded(name, READS) == null && asksNow(name);
        } finally {
            Hooks.monitorExit(loader, LEAVES);
        }
    }

    private boolean asksNow(String name) {
        failed.remove(name);
        try {
            asks();
            Class<?> answer = loader.loadClass(name);
            if (methods.loaded(name) == null) {
                step(FOUND, FOUND); // the JVM notes which class of another loader this one has given out
                Hooks.value(name);
                answered.put(name, answer);
            }
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) {
            failed.put(name, e);
        }
        return true;
    }

    // ---- definitions

    /** The JDK's {@code findLoadedClass}. */
    Class<?> loaded(String name, int site) {
        step(READS, site);
        Class<?> answer = name == null ? null : answered.get(name);
        Class<?> found = answer != null ? answer : methods.loaded(name);
        Hooks.value(found == null ? null : found.getName());
        return found;
    }

    /** The JDK's {@code defineClass}. */
    Class<?> define(String name, byte[] file, ProtectionDomain domain, int site) {
        Home.Rewrite rewrite = home.rewritten(name, file);
        if (rewrite == null) {
            Refusal.learns();
        }
        String actual = rewrite.needs().name();
        if (name != null && !name.equals(actual)) {
            throw new NoClassDefFoundError(actual + " (wrong name: " + name + ")");
        }
        named.addAll(rewrite.needs().named());
        rewrite.needs().parents().stream().filter(home::rewrites).forEach(parent -> needs(parent, true));
        step(FOUND, site);
        Hooks.value(actual);
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.initialized.defines(actual);
        }
        Class<?> defined = methods.define(actual, rewrite.file(), domain);
        if (strand != null && strand.quiet == 0 && within.getOrDefault(strand, 0) == 0) {
            asksEarly(strand);
        }
        return defined;
    }

    /** The classes of a loader are a shared object with a lock of its own. */
    private void step(int kind, int place) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.quiet == 0) {
            Site at = Sites.get(place);
            Site as = Sites.get(kind);
            int site = Sites.add(at.owner(), 0, at.method(), at.file(), at.line(), as.operation(), CLASSES, as.mode());
            strand.execution.plainSteps.access(strand, loader, Sites.fieldOf(site), site, as.mode());
        }
    }
}
