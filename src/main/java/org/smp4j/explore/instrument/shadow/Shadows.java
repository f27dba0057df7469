package org.smp4j.explore.instrument.shadow;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
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
    /** What programs call. */
    private static final String UNSAFE = "sun/misc/Unsafe";
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

    /** Beside java.util.concurrent. */
    private static final Set<String> TIMERS = Set.of("java/util/Timer", "java/util/TimerTask", "java/util/TimerThread",
            "java/util/TaskQueue");

    /** Classes that are written for the explorer, by the class in whose place they stand. */
    private static final Map<String, String> WRITTEN = Map.ofEntries(
            written("jdk/internal/misc/Unsafe"), written("jdk/internal/invoke/MhUtil"),
            written("jdk/internal/access/SharedSecrets"), written("jdk/internal/access/JavaLangAccess"),
            written("jdk/internal/access/JavaObjectInputStreamAccess"),
            written("jdk/internal/access/JavaUtilConcurrentFJPAccess"),
            written("jdk/internal/vm/SharedThreadContainer"), written("jdk/internal/vm/ThreadContainer"),
            written("jdk/internal/vm/ThreadContainers"), written("jdk/internal/util/ArraysSupport"),
            written("jdk/internal/ref/CleanerFactory"), written("java/lang/ref/Cleaner"),
            written("java/util/concurrent/ThreadLocalRandom"), Map.entry(UNSAFE, TEMPLATES + "SunUnsafe"));

    private Shadows() {
    }

    private static Map.Entry<String, String> written(String name) {
        return Map.entry(name, TEMPLATES + name.substring(name.lastIndexOf('/') + 1));
    }

    /** {@return whether a class is a shadow} */
    public static boolean isShadow(String name) {
        return name.startsWith(PREFIX);
    }

    /** {@return whether a shadow is not read from the JDK but written for the explorer} */
    public static boolean isWritten(String shadow) {
        return WRITTEN.containsKey(top(shadow.substring(PREFIX.length())));
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

    private static boolean isReal(String top) {
        return REAL.contains(top) || top.equals("package-info") || top.startsWith("atomic/");
    }

    /** {@return whether a class of {@code java.util.concurrent}, given by its binary name, has a shadow} */
    public static boolean canBeInside(String className) {
        String name = className.replace('.', '/');
        return !isReal(top(name).substring(CONCURRENT.length()))
                && ClassLoader.getSystemResource(name + ".class") != null;
    }

    private static String top(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /**
     * The name that a class has in user code, or in a shadow.
     *
     * @param name its name in the class file
     * @param isShadow whether it is named by a shadow, else by a class of the program
     * @param entered which classes that are modelled by hand the program's code enters instead
     * @return the shadow's name, or the same name if the class stays real
     */
    static String rename(String name, boolean isShadow, Predicate<String> entered) {
        if (name.startsWith(CONCURRENT)) {
            String top = top(name).substring(CONCURRENT.length());
            boolean stays = isReal(top) || !isShadow && MODELLED.contains(top) && !entered.test(top(name));
            return stays ? name : PREFIX + name;
        }
        if (TIMERS.contains(top(name)) || name.equals(UNSAFE)) {
            return PREFIX + name;
        }
        if (!isShadow) {
            return name;
        }
        if (name.startsWith(TEMPLATES)) {
            return WRITTEN.entrySet().stream().filter(entry -> entry.getValue().equals(top(name)))
                    .map(entry -> PREFIX + entry.getKey() + name.substring(top(name).length())).findFirst()
                    .orElse(name);
        }
        return WRITTEN.containsKey(top(name)) ? PREFIX + name : name;
    }
}
