package org.smp4j.explore.instrument.shadow;

import java.util.Map;
import java.util.Set;
import org.smp4j.explore.model.Names;

/**
 * Which classes of the JDK have a shadow: those of {@code java.util.concurrent} with state of their own, and internal
 * ones that these call. Interfaces that other parts of the JDK take, and exceptions, stay real. All names are internal
 * ones, with slashes.
 */
public final class Shadows {
    /** The package of all shadow classes; the rest of a shadow's name is the JDK's. */
    public static final String PREFIX = Names.SHADOW.replace('.', '/');

    private static final String CONCURRENT = "java/util/concurrent/";
    private static final String TEMPLATES = "org/smp4j/explore/shadow/";

    /** Below java/util/concurrent, without nested classes: never renamed. */
    private static final Set<String> REAL = Set.of("""
            BlockingDeque BlockingQueue Callable CompletionService ConcurrentMap ConcurrentNavigableMap Delayed Executor
            ExecutorService Future RunnableFuture RunnableScheduledFuture ScheduledExecutorService ScheduledFuture
            ThreadFactory TransferQueue Flow TimeUnit BrokenBarrierException CancellationException CompletionException
            ExecutionException RejectedExecutionException StructureViolationException TimeoutException locks/Condition
            locks/Lock locks/ReadWriteLock locks/LockSupport
            """.split("\\s+"));
    /** Hand-modelled in user code, which keeps proofs small; the JDK's own classes use the shadows of these. */
    private static final Set<String> MODELLED = Set.of("""
            locks/ReentrantLock ConcurrentHashMap ConcurrentLinkedQueue ConcurrentLinkedDeque ConcurrentSkipListMap
            ConcurrentSkipListSet CopyOnWriteArrayList CopyOnWriteArraySet
            """.split("\\s+"));

    /** Classes that are written for the explorer, by the class in whose place they stand. */
    private static final Map<String, String> WRITTEN = Map.ofEntries(
            written("jdk/internal/misc/Unsafe"), written("jdk/internal/invoke/MhUtil"),
            written("jdk/internal/access/SharedSecrets"), written("jdk/internal/access/JavaLangAccess"),
            written("jdk/internal/access/JavaObjectInputStreamAccess"),
            written("jdk/internal/access/JavaUtilConcurrentFJPAccess"),
            written("jdk/internal/vm/SharedThreadContainer"), written("jdk/internal/vm/ThreadContainer"),
            written("jdk/internal/vm/ThreadContainers"), written("jdk/internal/util/ArraysSupport"),
            written("jdk/internal/ref/CleanerFactory"), written("java/lang/ref/Cleaner"),
            written("java/util/concurrent/ThreadLocalRandom"));

    private Shadows() {
    }

    private static Map.Entry<String, String> written(String name) {
        return Map.entry(name, TEMPLATES + name.substring(name.lastIndexOf('/') + 1));
    }

    /** {@return whether a class is a shadow} */
    public static boolean isShadow(String name) {
        return name.startsWith(PREFIX);
    }

    /**
     * The class whose file is the source of a shadow.
     *
     * @param shadow the shadow's name
     * @return a class of the JDK, or one that is written for the explorer
     */
    public static String source(String shadow) {
        String name = shadow.substring(PREFIX.length());
        String template = WRITTEN.get(top(name));
        return template == null ? name : template + name.substring(top(name).length());
    }

    private static String top(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /**
     * The name that a class has in user code, or in a shadow.
     *
     * @param name its name in the class file
     * @param where the code that names it
     * @return the shadow's name, or the same name if the class stays real
     */
    static String rename(String name, User where) {
        if (name.startsWith(CONCURRENT)) {
            String top = top(name).substring(CONCURRENT.length());
            boolean stays = REAL.contains(top) || top.equals("package-info")
                    || top.startsWith("atomic/")
                    || where == User.CODE && MODELLED.contains(top);
            return stays ? name : PREFIX + name;
        }
        if (where != User.SHADOW) {
            return name;
        }
        if (name.startsWith(TEMPLATES)) {
            return WRITTEN.entrySet().stream().filter(entry -> entry.getValue().equals(top(name)))
                    .map(entry -> PREFIX + entry.getKey() + name.substring(top(name).length())).findFirst()
                    .orElse(name);
        }
        return WRITTEN.containsKey(top(name)) ? PREFIX + name : name;
    }

    /** Who names a class. */
    public enum User {
        /** A class of the program. */
        CODE,
        /** A class of the program, where all of java.util.concurrent is explored within. */
        CODE_INSIDE,
        /** A shadow. */
        SHADOW
    }
}
