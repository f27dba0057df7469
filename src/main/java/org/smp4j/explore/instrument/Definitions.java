package org.smp4j.explore.instrument;

import java.io.IOException;
import java.io.InputStream;
import java.lang.constant.ClassDesc;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.engine.Refusal;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.code.Rewriter;
import org.smp4j.explore.instrument.shadow.Defaults;
import org.smp4j.explore.instrument.shadow.Renamer;
import org.smp4j.explore.instrument.shadow.Shadows;
import org.smp4j.explore.loaders.ClassNeeds;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Names;
import org.smp4j.weave.Weave;

/**
 * The class files of one program, which its loaders share: each is read and rewritten only once. Safe for use by
 * several threads.
 */
final class Definitions implements AutoCloseable {
    /** A class file and its location. */
    record Found(URL url, byte[] bytes) {
    }

    /** A class as loaders define it, rewritten or not. */
    record Definition(URL url, Rewriter.Result result) {
    }

    /** A class as a class loader of the program defines it, rewritten. */
    record Defined(ClassNeeds needs, Rewriter.Result result) {
    }

    private static final String SUFFIX = ".class";
    private static final Pattern LENGTH = Pattern.compile(
            "Code length \\d+ is outside the allowed range in (\\S+?)\\(");

    /** A shadow is rewritten alike for all programs with the same options. */
    private record Shadow(String name, boolean values, Set<String> inside, ClassDesc hooks) {
    }

    // The rewritten shadows. Written and read by all loaders. Ordering: the map's own.
    private static final Map<Shadow, Definition> SHADOWS = new ConcurrentHashMap<>();

    private final RewriteOptions options;
    private final ClassLoader parent;
    private final URLClassLoader extra;
    private final Rewriter rewriter;
    private final Map<String, Optional<Found>> files = new ConcurrentHashMap<>();
    private final Map<String, Definition> rewritten = new ConcurrentHashMap<>();
    private final Map<Learned.Content, Defined> defined = new ConcurrentHashMap<>();
    private final Learned learned;
    private final Hierarchy asWritten;
    private final Set<String> unmodelled;
    // Whether a class was defined that changes how others, which were rewritten before, should have been rewritten.
    // Written by: the strand that defines it. Read by: the exploring thread, between runs. Ordering: volatile.
    private volatile boolean stale;

    /**
     * Finds the class files of a program, given by the binary name of its class; empty if it is not known.
     *
     * @param learned what the program's own class loaders have defined
     */
    Definitions(RewriteOptions options, ClassLoader parent, String program, Learned learned) {
        this.learned = learned;
        this.options = options.withRewritten(options.rewritten().or(name -> name.startsWith(Names.SHADOW)));
        this.parent = parent;
        extra = options.classpath().isEmpty() ? null
                : new URLClassLoader(options.classpath().toArray(URL[]::new), null);
        rewriter = new Rewriter(this.options, path -> find(path).map(Found::bytes).orElse(null));
        asWritten = new Hierarchy(path -> original(path).map(Found::bytes).orElse(null));
        Set<String> exceeded = new HashSet<>(exceeded(program));
        learned.roots().forEach(root -> exceeded.addAll(exceeded(root)));
        unmodelled = exceeded;
    }

    /** The classes whose model by hand is not enough for a class and all that it leads to. */
    private Set<String> exceeded(String root) {
        return new ModelUse(name -> options.rewritten().test(name.replace('/', '.')),
                name -> original(name + SUFFIX).map(Found::bytes), new CallRules(asWritten, options.rewritten()))
                .exceeded(root.replace('.', '/'));
    }

    /** The class file at a path, in which nothing is renamed: one on the class path, or one that was learned. */
    private Optional<Found> original(String path) {
        Optional<Found> found = readFile(path, false);
        byte[] known = found.isPresent() || !path.endsWith(SUFFIX) ? null : learned.file(binaryName(path));
        return known == null ? found : Optional.of(new Found(null, known));
    }

    RewriteOptions options() {
        return options;
    }

    ClassLoader parent() {
        return parent;
    }

    /** The class file at a path, from the parent loader, or else from the extra class path. */
    Optional<Found> find(String path) {
        return files.computeIfAbsent(path, this::read);
    }

    /** A shadow is read from the JDK's class; user code that names that class names the shadow instead. */
    private Optional<Found> read(String path) {
        String name = path.endsWith(SUFFIX) ? path.substring(0, path.length() - SUFFIX.length()) : "";
        if (Shadows.isShadow(name)) {
            return readFile(Shadows.source(name) + SUFFIX, true).map(found -> new Found(found.url(),
                    shadow(name, found.bytes())));
        }
        return original(path).map(found -> options.rewritten().test(name.replace('/', '.'))
                ? new Found(found.url(), Renamer.code(found.bytes(), this::isEntered)) : found);
    }

    private static byte[] shadow(String name, byte[] file) {
        byte[] renamed = Renamer.shadow(file);
        return Defaults.isHolder(name) ? Defaults.hold(renamed) : renamed;
    }

    /** Whether the program's code enters a class that is modelled by hand, given by its internal name. */
    private boolean isEntered(String name) {
        return options.isInside(name.replace('/', '.')) || isForked(name) || unmodelled.contains(name);
    }

    /** Whether the class path has another class in place of the JDK's. */
    private boolean isForked(String name) {
        return resource(name + SUFFIX) != null;
    }

    private Optional<Found> readFile(String path, boolean preferExtra) {
        URL url = preferExtra && resource(path) != null ? null : parent.getResource(path);
        if (url == null) {
            url = resource(path);
        }
        if (url == null) {
            return Optional.empty();
        }
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return Optional.of(new Found(url, in.readAllBytes()));
            }
        } catch (IOException e) {
            throw Refusal.met(url + " can't be read: " + Hierarchy.reason(e));
        }
    }

    /** A resource of the extra class path, or null. */
    URL resource(String name) {
        return extra == null ? null : extra.findResource(name);
    }

    Enumeration<URL> resources(String name) throws IOException {
        return extra == null ? Collections.emptyEnumeration() : extra.findResources(name);
    }

    /** The definition of a class; null if there is no class of this name. */
    Definition of(String name, ClassLoader asker) {
        if (name.startsWith(Names.SHADOW) && !isForked(Shadows.source(name.replace('.', '/')))) {
            return SHADOWS.computeIfAbsent(new Shadow(name, options.values(), options.inside(), options.hooks()),
                    _ -> find(path(name)).map(found -> rewrite(name, found, asker, false)).orElse(null));
        }
        Definition known = rewritten.get(name);
        if (known == null) {
            Found found = find(path(name)).orElse(null);
            if (found == null || found.url() == null) {
                return null; // a class that only a loader of the program has is none of its parent's
            }
            known = rewrite(name, found, asker, false);
            rewritten.put(name, known);
        }
        return known;
    }

    /**
     * The definition of a class by a class loader of the program; null if the classes must be loaded anew, with what is
     * known now. There is one content for each name, so that what others know of the class is right.
     */
    Defined defined(String expected, byte[] file, ClassLoader asker) {
        Learned.Content content = new Learned.Content(file);
        Defined known = defined.get(content);
        if (known != null) {
            return known;
        }
        ClassNeeds needs = ClassNeeds.of(expected, file);
        if (!options.rewritten().test(needs.name())) {
            String library = Rewritten.library(needs.name());
            throw Refusal.met("a class loader of the program defines " + needs.name() + ", which is not rewritten"
                    + (library == null ? "" : "; let --rewrite, or rewrite of the test's annotation, name " + library));
        }
        if (!learns(needs.name(), file)) {
            return null;
        }
        Found found = new Found(null, Renamer.code(file, this::isEntered));
        known = new Defined(needs, rewrite(needs.name(), found, asker, true).result());
        defined.put(content, known);
        return known;
    }

    /** Whether classes that were rewritten so far stay as they are. */
    private boolean learns(String name, byte[] file) {
        byte[] before = readFile(path(name), false).map(Found::bytes).orElse(null);
        before = before == null ? learned.add(name, file) : before;
        if (before != null && !Arrays.equals(before, file)) {
            throw Refusal.met("a class loader of the program defines " + name + ", which is defined elsewhere, too, or "
                    + "is on the class path, with another content: the explorer knows one class of a name");
        }
        if (!unmodelled.containsAll(exceeded(name))) {
            learned.roots().add(name);
            stale = true;
        }
        Optional<Found> asked = files.get(path(name));
        stale |= asked != null && asked.isEmpty();
        return !stale;
    }

    /** {@return whether the classes must be loaded anew} */
    boolean isStale() {
        return stale;
    }

    /** {@return what class loaders of the program have defined} */
    Learned learned() {
        return learned;
    }

    private Definition rewrite(String name, Found found, ClassLoader asker, boolean isDefined) {
        byte[] bytes = found.bytes();
        try {
            for (Weave weave : options.weaves()) {
                bytes = weave.apply(name, bytes, asker);
            }
            return new Definition(found.url(), rewriter.apply(bytes, isDefined));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // the file is damaged, or a method grows beyond the JVM's limit
            throw Refusal.met(name + " can't be rewritten to be explored: " + why(e) + " (" + place(found.url()) + ")");
        } catch (NullPointerException | ClassCastException | UnsupportedClassVersionError e) {
            throw damaged(name, found.url(), e);
        }
    }

    private static String why(RuntimeException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName()
                : e.getMessage().lines().findFirst().orElse("").strip();
        Matcher length = LENGTH.matcher(message);
        return length.find() ? "the method " + length.group(1)
                + " would grow beyond the 64 KB that the JVM takes; split it in two"
                : "its class file is damaged: " + message;
    }

    /** The refusal of a class file that can't be read or that the JVM rejects. */
    static ExplorerException damaged(String name, URL url, Throwable e) {
        return Refusal.met(name + " can't be loaded: " + place(url)
                + " is damaged, or is not the class file of that name (" + Hierarchy.reason(e) + "); compile it again");
    }

    private static String place(URL url) {
        return url == null ? "what a class loader of the program defines" : url.toString();
    }

    private static String binaryName(String path) {
        return path.substring(0, path.length() - SUFFIX.length()).replace('/', '.');
    }

    static String path(String name) {
        return name.replace('.', '/') + SUFFIX;
    }

    /** Closes the archives of the extra class path. */
    @Override
    public void close() throws IOException {
        if (extra != null) {
            extra.close();
        }
    }
}
