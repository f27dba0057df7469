package org.smp4j.explore.instrument.call;

import java.lang.constant.ClassDesc;
import java.net.URL;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.weave.Weave;

/**
 * How classes are rewritten. Immutable; begin with {@link #defaults}.
 *
 * @param rewritten which classes, by binary name; a class and those nested in it go together
 * @param hardware whose sites have {@link org.smp4j.explore.model.Access#HARDWARE}, by binary name
 * @param weaves edits that are made before, in this order
 * @param classpath where classes are looked for that the parent does not have
 * @param values whether each access reports its value
 * @param hooks the class that is called: {@link Hooks}, or one with the same methods
 * @param reviewed whose unmodelled calls are known to touch nothing that strands share unguarded, by binary name: no
 * report names them
 */
public record RewriteOptions(Predicate<String> rewritten, Predicate<String> hardware, List<Weave> weaves,
        List<URL> classpath, boolean values,
        ClassDesc hooks, Predicate<String> reviewed) {
    /** Checks that nothing is missing. */
    public RewriteOptions {
        Objects.requireNonNull(rewritten, "rewritten");
        Objects.requireNonNull(hardware, "hardware");
        weaves = List.copyOf(weaves);
        classpath = List.copyOf(classpath);
        Objects.requireNonNull(hooks, "hooks");
        Objects.requireNonNull(reviewed, "reviewed");
    }

    /** {@return what suits an exploration: classes as {@link Rewritten} has them, no hardware, no edits, no values} */
    public static RewriteOptions defaults() {
        return new RewriteOptions(new Rewritten(), _ -> false, List.of(), List.of(), false,
                Hooks.class.describeConstable().orElseThrow(), _ -> false);
    }

    /**
     * Chooses the classes.
     *
     * @param value which are rewritten, by binary name
     * @return such options
     */
    public RewriteOptions withRewritten(Predicate<String> value) {
        return new RewriteOptions(value, hardware, weaves, classpath, values, hooks, reviewed);
    }

    /**
     * Says where no interrupt is taken.
     *
     * @param value which classes are the hardware's, by binary name
     * @return such options
     */
    public RewriteOptions withHardware(Predicate<String> value) {
        return new RewriteOptions(rewritten, value, weaves, classpath, values, hooks, reviewed);
    }

    /**
     * Edits classes first.
     *
     * @param value the edits
     * @return such options
     */
    public RewriteOptions withWeaves(List<Weave> value) {
        return new RewriteOptions(rewritten, hardware, value, classpath, values, hooks, reviewed);
    }

    /**
     * Finds classes outside of the build.
     *
     * @param value folders, which end in a slash, and jars
     * @return such options
     */
    public RewriteOptions withClasspath(List<URL> value) {
        return new RewriteOptions(rewritten, hardware, weaves, value, values, hooks, reviewed);
    }

    /**
     * Reports values, for a run that is shown.
     *
     * @param value whether {@link Hooks#value} is called after each access
     * @return such options
     */
    public RewriteOptions withValues(boolean value) {
        return new RewriteOptions(rewritten, hardware, weaves, classpath, value, hooks, reviewed);
    }

    /**
     * Calls another class.
     *
     * @param value a public class with the methods of {@link Hooks}
     * @return such options
     */
    public RewriteOptions withHooks(ClassDesc value) {
        return new RewriteOptions(rewritten, hardware, weaves, classpath, values, value, reviewed);
    }

    /**
     * Leaves unmodelled calls out of reports.
     *
     * @param value whose, by binary name
     * @return such options
     */
    public RewriteOptions withReviewed(Predicate<String> value) {
        return new RewriteOptions(rewritten, hardware, weaves, classpath, values, hooks, value);
    }
}
