package org.smp4j.explore.instrument;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.environment.ConstantHashes;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.explore.instrument.code.Rewriter;
import org.smp4j.explore.instrument.shadow.Shadows;
import org.smp4j.explore.loaders.Home;
import org.smp4j.explore.loaders.Places;
import org.smp4j.explore.model.Names;

/**
 * Loads classes for an exploration. It defines the chosen classes itself, rewritten; the parent loads all others.
 * Objects that both sides exchange must be of types of the parent.
 */
public final class ExploringLoader extends ClassLoader implements AutoCloseable, Home, RewrittenLoader {
    static {
        registerAsParallelCapable();
    }

    private final Definitions definitions;
    private final AtomicInteger sites = new AtomicInteger();
    private final AtomicInteger count = new AtomicInteger();
    private final List<Class<?>> defined = new CopyOnWriteArrayList<>();
    private final Set<Unmodelled> unmodelled = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Map<String, ProtectionDomain> domains = new ConcurrentHashMap<>();
    private final List<Class<?>> lasting = new CopyOnWriteArrayList<>();
    private final Set<Class<?>> initialized = new HashSet<>();
    // The rewritten classes that class loaders of the program have defined.
    private final Set<Rewriter.Result> ofLoaders = Collections.synchronizedSet(
            Collections.newSetFromMap(new IdentityHashMap<>()));

    /**
     * Makes a loader.
     *
     * @param options which classes it rewrites, and how
     * @param parent the loader that has their class files, and loads all other classes
     */
    public ExploringLoader(RewriteOptions options, ClassLoader parent) {
        this(new Definitions(options, parent, "", new Learned()));
    }

    /** Makes one of several loaders that define the same classes. */
    ExploringLoader(Definitions definitions) {
        super("explore", definitions.parent());
        this.definitions = definitions;
        setDefaultAssertionStatus(true); // an assertion that does not run would hold in every schedule
    }

    private boolean isRewritten(String name) {
        return definitions.options().rewritten().test(name);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isRewritten(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        String path = Definitions.path(name);
        if (!isRewritten(name)) {
            Definitions.Found found = definitions.find(path).orElseThrow(() -> new ClassNotFoundException(name));
            return define(name, found.bytes(), found.url());
        }
        Definitions.Definition rewritten = definitions.of(name, this);
        if (rewritten == null) {
            throw new ClassNotFoundException(name);
        }
        Rewriter.Result result = rewritten.result();
        Class<?> type = define(name, result.bytes(), rewritten.url());
        ConstantHashes.settle(type);
        count(result);
        defined.add(type);
        if (!result.startsAfresh() && !name.startsWith(Names.SHADOW)) {
            lasting.add(type);
        }
        count.incrementAndGet();
        return type;
    }

    private void count(Rewriter.Result result) {
        sites.addAndGet(result.sites());
        unmodelled.addAll(result.unmodelled());
    }

    @Override
    public Class<?> support(String name) throws ClassNotFoundException {
        return name.startsWith(Names.SHADOW) || Rewritten.isExplorer(name) ? loadClass(name) : null;
    }

    @Override
    public boolean rewrites(String name) {
        return isRewritten(name);
    }

    @Override
    public boolean isAbove(ClassLoader loader) {
        for (ClassLoader here = getParent(); here != null; here = here.getParent()) {
            if (here == loader) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Rewrite rewritten(String name, byte[] file) {
        Definitions.Defined definition = definitions.defined(name, file, this);
        if (definition == null) {
            return null;
        }
        if (ofLoaders.add(definition.result())) {
            count(definition.result());
        }
        return new Rewrite(definition.needs(), definition.result().bytes());
    }

    @Override
    public boolean asksFirst(String loader, String name) {
        return definitions.learned().asked(loader).add(name);
    }

    @Override
    public Set<String> asked(String loader) {
        return new TreeSet<>(definitions.learned().asked(loader));
    }

    private Class<?> define(String name, byte[] bytes, URL url) {
        try {
            return defineClass(name, bytes, 0, bytes.length, domain(url, Definitions.path(name)));
        } catch (ClassFormatError | ClassCircularityError | IncompatibleClassChangeError | VerifyError
                | SecurityException e) {
            throw Definitions.damaged(name, url, e);
        } catch (NoClassDefFoundError e) {
            // another class is missing: that concerns the program, which may handle the error
            if (e.getMessage() != null && e.getMessage().contains("wrong name")) {
                throw Definitions.damaged(name, url, e);
            }
            throw e;
        }
    }

    /** The location of a class, for programs that ask for its code source. */
    private ProtectionDomain domain(URL url, String path) {
        if (path.startsWith(Shadows.PREFIX)) {
            return null;
        }
        return domains.computeIfAbsent(Places.root(url, path), root -> Places.domain(root, this));
    }

    @Override
    protected URL findResource(String name) {
        return definitions.resource(name);
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        return definitions.resources(name);
    }

    /** {@return the number of sites in the classes loaded so far; if it is 0 there is nothing to explore} */
    int sites() {
        return sites.get();
    }

    /** {@return the classes that were rewritten, in the order of loading} */
    List<Class<?>> rewritten() {
        return List.copyOf(defined);
    }

    /** {@return the number of rewritten classes} */
    int rewrittenCount() {
        return count.get();
    }

    /**
     * {@return the calls in rewritten classes that may touch shared objects unseen by the explorer; a call that is
     * listed need not have run}
     */
    public List<Unmodelled> unmodelled() {
        synchronized (unmodelled) {
            return List.copyOf(unmodelled);
        }
    }

    /**
     * Initializes all classes that were loaded so far, and those that this loads. If an initializer fails, the error
     * comes up again where the program uses the class.
     *
     * @return how many classes were new
     */
    synchronized int initializeAll() {
        int before = initialized.size();
        for (int i = 0; i < defined.size(); i++) { // the list grows in the loop
            Class<?> type = defined.get(i);
            if (initialized.add(type)) {
                try {
                    Class.forName(type.getName(), true, this);
                } catch (ClassNotFoundException | LinkageError e) {
                    continue;
                }
            }
        }
        return initialized.size() - before;
    }

    /**
     * {@return the static fields that are not final, accessible by reflection, of the rewritten classes that are
     * initialized once for all runs}
     */
    List<Field> mutableStatics() {
        return new StaticState(lasting).mutable();
    }

    /**
     * Finds state that one schedule may leave to the next, and that the explorer can't restore. Reads the values of
     * static fields, and so initializes the classes.
     *
     * @return the static final fields of the rewritten classes that are initialized once for all runs and lead to an
     * array, an atomic object, a collection, or an object with such a field or one that is not final
     */
    List<Field> staticHolders() {
        return new StaticState(lasting).holders();
    }

    /** Closes the archives of the extra class path. */
    @Override
    public void close() throws IOException {
        definitions.close();
    }
}
