package org.smp4j.explore.instrument.call;

import java.lang.constant.ClassDesc;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.weave.Weave;

/**
 * Options for rewriting classes. Immutable; begin with {@link #defaults}.
 *
 * @param rewritten which classes, by binary name; a class and those nested in it go together
 * @param hardware which classes have sites with {@link org.smp4j.explore.model.Access#HARDWARE}, by binary name
 * @param observers which classes only look on, and run only within {@link org.smp4j.explore.Exploring#quietly}: their
 *         accesses are no steps and are not instrumented; by binary name
 * @param weaves edits that are made before rewriting, in this order
 * @param classpath where to find classes that the parent does not have
 * @param values whether each access reports its value
 * @param hooks the class with the hooks: {@link Hooks}, or one with the same methods
 * @param reviewed which classes have unmodelled calls that touch no unguarded shared objects, by binary name: no report
 *         names them
 * @param properties the boolean system properties that the program sees as true, whatever the JVM was started with
 * @param inside the packages and classes of the JDK within whose calls strands can switch, by name; any other call is
 *         atomic up to where it blocks or calls back
 * @param libraries the packages and classes of libraries that are rewritten although {@link Rewritten} leaves them as
 *         they are, by name
 */
public record RewriteOptions(Predicate<String> rewritten, Predicate<String> hardware, Predicate<String> observers,
        List<Weave> weaves, List<URL> classpath, boolean values, ClassDesc hooks, Predicate<String> reviewed,
        Set<String> properties, Set<String> inside, Set<String> libraries) {
    /** Checks that no option is null. */
    public RewriteOptions {
        Objects.requireNonNull(rewritten, "rewritten");
        Objects.requireNonNull(hardware, "hardware");
        Objects.requireNonNull(observers, "observers");
        weaves = List.copyOf(weaves);
        classpath = List.copyOf(classpath);
        Objects.requireNonNull(hooks, "hooks");
        Objects.requireNonNull(reviewed, "reviewed");
        properties = Collections.unmodifiableSet(new TreeSet<>(properties)); // the same code each time
        inside = Collections.unmodifiableSet(new TreeSet<>(inside));
        inside.forEach(Inside::check);
        libraries = Collections.unmodifiableSet(new TreeSet<>(libraries));
        libraries.forEach(Rewritten::check);
        if (properties.stream().anyMatch(name -> name.isBlank() || name.contains("\n"))) {
            throw new IllegalArgumentException("a property needs a name of one line: " + properties);
        }
    }

    /**
     * {@return options for an exploration: rewrite the classes that {@link Rewritten} chooses; no hardware, no edits,
     * no values}
     */
    public static RewriteOptions defaults() {
        return new RewriteOptions(new Rewritten(), _ -> false, _ -> false, List.of(), List.of(), false,
                Hooks.class.describeConstable().orElseThrow(), _ -> false, Set.of(), Set.of(), Set.of());
    }

    /**
     * Chooses the classes.
     *
     * @param value which are rewritten, by binary name
     * @return such options
     */
    public RewriteOptions withRewritten(Predicate<String> value) {
        return new RewriteOptions(value, hardware, observers, weaves, classpath, values, hooks, reviewed, properties,
                inside, libraries);
    }

    /**
     * Says where no interrupt is taken.
     *
     * @param value which classes are the hardware's, by binary name
     * @return such options
     */
    public RewriteOptions withHardware(Predicate<String> value) {
        return new RewriteOptions(rewritten, value, observers, weaves, classpath, values, hooks, reviewed,
                properties, inside, libraries);
    }

    /**
     * Says which classes only look on.
     *
     * @param value which, by binary name
     * @return such options
     */
    public RewriteOptions withObservers(Predicate<String> value) {
        return new RewriteOptions(rewritten, hardware, value, weaves, classpath, values, hooks, reviewed, properties,
                inside, libraries);
    }

    /**
     * Adds edits that are made before a class is rewritten, after those that are already asked for.
     *
     * @param more the edits, in this order
     * @return such options
     */
    public RewriteOptions withWeaves(Weave... more) {
        List<Weave> all = new ArrayList<>(weaves);
        all.addAll(List.of(more));
        return new RewriteOptions(rewritten, hardware, observers, all, classpath, values, hooks, reviewed,
                properties, inside, libraries);
    }

    /**
     * Adds places with classes outside of the build.
     *
     * @param value folders, which end in a slash, and jars
     * @return such options
     */
    public RewriteOptions withClasspath(List<URL> value) {
        return new RewriteOptions(rewritten, hardware, observers, weaves, value, values, hooks, reviewed, properties,
                inside, libraries);
    }

    /**
     * Reports values, for a run that is shown.
     *
     * @param value whether {@link Hooks#value} is called after each access
     * @return such options
     */
    public RewriteOptions withValues(boolean value) {
        return new RewriteOptions(rewritten, hardware, observers, weaves, classpath, value, hooks, reviewed,
                properties, inside, libraries);
    }

    /**
     * Chooses another class with the hooks.
     *
     * @param value a public class with the methods of {@link Hooks}
     * @return such options
     */
    public RewriteOptions withHooks(ClassDesc value) {
        return new RewriteOptions(rewritten, hardware, observers, weaves, classpath, values, value, reviewed,
                properties, inside, libraries);
    }

    /**
     * Leaves unmodelled calls out of reports.
     *
     * @param value which classes, by binary name
     * @return such options
     */
    public RewriteOptions withReviewed(Predicate<String> value) {
        return new RewriteOptions(rewritten, hardware, observers, weaves, classpath, values, hooks, value,
                properties, inside, libraries);
    }

    /**
     * Turns system properties on for the program alone.
     *
     * @param on the names of properties for which {@link Boolean#getBoolean} gives true
     * @return such options
     */
    public RewriteOptions withProperties(Set<String> on) {
        return new RewriteOptions(rewritten, hardware, observers, weaves, classpath, values, hooks, reviewed, on,
                inside, libraries);
    }

    /**
     * Explores within calls of the JDK.
     *
     * @param names packages of {@code java.util.concurrent}, or classes of it
     * @return such options
     * @throws org.smp4j.explore.model.ExplorerException if one can't be explored within
     */
    public RewriteOptions withInside(Set<String> names) {
        return new RewriteOptions(rewritten, hardware, observers, weaves, classpath, values, hooks, reviewed,
                properties, names, libraries);
    }

    /**
     * Rewrites libraries as well that are left as they are by default, so that code of theirs takes and returns the
     * classes of {@code java.util.concurrent} that are explored.
     *
     * @param names their packages, or classes of them
     * @return such options
     * @throws org.smp4j.explore.model.ExplorerException if one can't be rewritten, or is rewritten anyway
     */
    public RewriteOptions withLibraries(Set<String> names) {
        Set<String> fixed = Set.copyOf(names);
        return new RewriteOptions(rewritten.or(name -> Rewritten.isAdded(fixed, name)), hardware, observers, weaves,
                classpath, values, hooks, reviewed, properties, inside, names);
    }

    /** {@return whether strands can switch within the calls of a class of the JDK, given by its binary name} */
    public boolean isInside(String type) {
        return Inside.covers(inside, type);
    }
}
