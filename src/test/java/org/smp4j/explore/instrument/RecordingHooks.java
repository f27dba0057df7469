package org.smp4j.explore.instrument;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.smp4j.explore.hooks.Shims;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;

/** A test double for the hooks: it records the calls, and performs the replaced operations on real threads. */
public final class RecordingHooks {
    private static final List<String> CALLS = Collections.synchronizedList(new ArrayList<>());
    private static final Map<Object, ReentrantLock> MONITORS = Collections.synchronizedMap(new IdentityHashMap<>());
    private static final Map<ReentrantLock, Condition> CONDITIONS =
            Collections.synchronizedMap(new IdentityHashMap<>());
    private static final Set<Class<?>> INITIALIZED = ConcurrentHashMap.newKeySet();
    private static final ThreadLocal<Integer> QUIET = ThreadLocal.withInitial(() -> 0);
    private static final Map<Integer, String> BITS = Map.of(Access.READ, "R", Access.WRITE, "W", Access.CONDITIONAL,
            "?", Access.ACQUIRE, "a",
            Access.RELEASE, "r", Access.PLAIN, "p", Access.HARDWARE, "h");

    private static volatile boolean recording = true;

    private RecordingHooks() {
    }

    static void clear() {
        CALLS.clear();
    }

    /** The recorded calls: the hook, then the facts of its site. */
    static List<String> calls() {
        synchronized (CALLS) {
            return List.copyOf(CALLS);
        }
    }

    /** Whether calls are recorded: spinning threads make many. */
    static void setRecording(boolean value) {
        recording = value;
    }

    private static void record(String call) {
        if (recording && QUIET.get() == 0) {
            CALLS.add(call);
        }
    }

    private static void record(String hook, int id) {
        if (!recording) {
            return;
        }
        Site site = Sites.get(id);
        StringBuilder modes = new StringBuilder();
        for (int bit = 1; bit <= Access.HARDWARE; bit <<= 1) {
            modes.append((site.mode() & bit) == 0 ? "" : BITS.get(bit));
        }
        record(hook + (modes.isEmpty() ? "" : " " + modes)
                + (hook.equals("refuse") ? " " + site.operation() + " " + site.place() : ""));
    }

    public static void field(Object object, int site) {
        record("field", site);
    }

    public static void staticField(int site) {
        record("staticField", site);
    }

    public static void staticField(Class<?> owner, int site) {
        record("staticField", site);
    }

    public static void element(Object array, int index, int site) {
        record("element", site);
    }

    public static boolean copies(Object from, int at, Object to, int start, int length, int site) {
        record("copies", site);
        return false;
    }

    public static Object copied(Object array, int from, int to, int site) {
        record("copied", site);
        return null;
    }

    public static void written(Object copy, Object array, int from, int site) {
        record("written", site);
    }

    public static void handle(VarHandle handle, Object object, int site) {
        record("handle", site);
    }

    public static void staticHandle(VarHandle handle, int site) {
        record("staticHandle", site);
    }

    public static void elementHandle(VarHandle handle, Object array, int index, int site) {
        record("elementHandle", site);
    }

    public static void atomic(Object atomic, int site) {
        record("atomic", site);
    }

    public static void atomicElement(Object atomic, int index, int site) {
        record("atomicElement", site);
    }

    public static void expects(Object value) {
        record("expects " + value);
    }

    public static void expects(long value) {
        record("expects " + value + "L");
    }

    public static void expectsAny() {
        record("expects any");
    }

    public static void exchanged(boolean success) {
        record("exchanged " + success);
    }

    public static void fence(int site) {
        record("fence", site);
    }

    public static void object(Object object, int site) {
        record("object", site);
    }

    public static void cloned(Object object, int site) {
        record("cloned", site);
    }

    public static void passed(Object argument, int site) {
        record("passed", site);
    }

    public static void passedArray(Object array, int site) {
        record("passedArray", site);
    }

    public static void walks(Object object, Object into, int site) {
        record("walks", site);
    }

    public static void view(Object view, Object of) {
        record("view");
    }

    public static void value(Object value) {
        record("value " + value);
    }

    public static void turn() {
        // no test counts these
    }

    public static void enterQuiet() {
        record("enterQuiet");
        QUIET.set(QUIET.get() + 1);
    }

    public static void exitQuiet() {
        QUIET.set(QUIET.get() - 1);
        record("exitQuiet");
    }

    public static void changed(Object object) {
        // Adds nothing of its own.
    }

    public static void enterCall(int site) {
        enterQuiet();
    }

    public static void exitCall() {
        exitQuiet();
    }

    public static void key(Object map, Object key, boolean ifAbsent, int site) {
        record("key" + (ifAbsent ? " if absent" : ""), site);
    }

    @SuppressWarnings("unchecked")
    public static Object compute(Object map, Object key, BiFunction<Object, Object, Object> function, int site) {
        record("compute", site);
        return ((Map<Object, Object>) map).compute(key, function);
    }

    @SuppressWarnings("unchecked")
    public static Object computeIfAbsent(Object map, Object key, Function<Object, Object> function, int site) {
        record("computeIfAbsent", site);
        return ((Map<Object, Object>) map).computeIfAbsent(key, function);
    }

    @SuppressWarnings("unchecked")
    public static Object computeIfPresent(Object map, Object key,
            BiFunction<Object, Object, Object> function, int site) {
        record("computeIfPresent", site);
        return ((Map<Object, Object>) map).computeIfPresent(key, function);
    }

    @SuppressWarnings("unchecked")
    public static Object merge(Object map, Object key, Object value,
            BiFunction<Object, Object, Object> function, int site) {
        record("merge", site);
        return ((Map<Object, Object>) map).merge(key, value, function);
    }

    public static void refuse(int site) {
        record("refuse", site);
    }

    public static void made(Thread thread) {
    }

    public static boolean initializes(Class<?> type, int id, int site) {
        boolean first = INITIALIZED.add(type);
        if (first) {
            record("initializes", site);
        }
        return first;
    }

    public static void initialized(Class<?> type, int id, int site, Throwable thrown) {
        record("initialized", site);
        if (thrown != null && !(thrown instanceof Error)) {
            throw new ExceptionInInitializerError(thrown);
        }
    }

    private static ReentrantLock lockOf(Object monitor) {
        return MONITORS.computeIfAbsent(Objects.requireNonNull(monitor), _ -> new ReentrantLock());
    }

    private static Condition conditionOf(Object monitor) {
        return CONDITIONS.computeIfAbsent(lockOf(monitor), ReentrantLock::newCondition);
    }

    public static void monitorEnter(Object monitor, int site) {
        record("monitorEnter", site);
        lockOf(monitor).lock();
    }

    public static void monitorExit(Object monitor, int site) {
        record("monitorExit", site);
        lockOf(monitor).unlock();
    }

    public static void await(Object monitor, int site) throws InterruptedException {
        record("await", site);
        conditionOf(monitor).await();
    }

    public static void await(Object monitor, long millis, int site) throws InterruptedException {
        record("await " + millis, site);
        conditionOf(monitor).awaitNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    public static void signal(Object monitor, int site) {
        record("signal", site);
        conditionOf(monitor).signal();
    }

    public static void signalAll(Object monitor, int site) {
        record("signalAll", site);
        conditionOf(monitor).signalAll();
    }

    public static void lock(ReentrantLock lock, int site) {
        record("lock", site);
        lock.lock();
    }

    public static boolean tryLock(ReentrantLock lock, int site) {
        record("tryLock", site);
        return lock.tryLock();
    }

    public static void unlock(ReentrantLock lock, int site) {
        record("unlock", site);
        lock.unlock();
    }

    public static boolean isHeldByCurrentThread(ReentrantLock lock, int site) {
        record("isHeldByCurrentThread", site);
        return lock.isHeldByCurrentThread();
    }

    public static Thread currentThread() {
        record("currentThread");
        return Thread.currentThread();
    }

    public static boolean failsWithoutCause() {
        return false;
    }

    public static void caught(Throwable thrown) {
    }

    public static void start(Thread thread, int site) {
        record("start", site);
        thread.start();
    }

    public static void join(Thread thread, int site) throws InterruptedException {
        record("join", site);
        thread.join();
    }

    public static void join(Thread thread, long millis, int site) throws InterruptedException {
        record("join " + millis, site);
        thread.join(millis);
    }

    public static boolean isAlive(Thread thread, int site) {
        record("isAlive", site);
        return thread.isAlive();
    }

    public static void interrupt(Thread thread, int site) {
        record("interrupt", site);
        if (!Shims.overrides(thread, "interrupt")) { // else the override has called this method, and would do so again
            thread.interrupt();
        }
    }

    public static void setDaemon(Thread thread, boolean on) {
        thread.setDaemon(on);
    }

    public static boolean isDaemon(Thread thread) {
        return thread.isDaemon();
    }

    public static boolean isInterrupted(Thread thread, int site) {
        record("isInterrupted", site);
        return thread.isInterrupted();
    }

    public static boolean interrupted(int site) {
        record("interrupted", site);
        return Thread.interrupted();
    }

    public static String getName(Thread thread, int site) {
        record("getName", site);
        return thread.getName();
    }

    public static void setName(Thread thread, String name, int site) {
        record("setName", site);
        thread.setName(name);
    }

    public static long threadId(Thread thread) {
        record("threadId");
        return thread.threadId();
    }

    public static Thread.State getState(Thread thread, int site) {
        record("getState", site);
        return thread.getState();
    }

    /** Does not perform the call: only the record matters. */
    public static void sleep(long nanos, int site) {
        record("sleep " + nanos, site);
    }

    public static void yield(int site) {
        record("yield", site);
        Thread.yield();
    }

    public static void onSpinWait(int site) {
        record("onSpinWait", site);
    }

    public static void park(int site) {
        record("park", site);
        LockSupport.park();
    }

    public static void parkNanos(long nanos, int site) {
        record("parkNanos " + nanos, site);
        LockSupport.parkNanos(nanos);
    }

    public static void unpark(Thread thread, int site) {
        record("unpark", site);
        LockSupport.unpark(thread);
    }

    public static ClassLoader programsLoader() {
        return ClassLoader.getSystemClassLoader();
    }

    public static int processorsOfPools(Runtime runtime) {
        return runtime.availableProcessors();
    }

    public static long nanoTime(int site) {
        record("nanoTime", site);
        return System.nanoTime();
    }

    public static long currentTimeMillis(int site) {
        record("currentTimeMillis", site);
        return System.currentTimeMillis();
    }

    public static int availableProcessors(Runtime runtime) {
        record("availableProcessors");
        return runtime.availableProcessors();
    }

    public static int identityHashCode(Object object) {
        record("identityHashCode");
        return System.identityHashCode(object);
    }


    public static Object get(ThreadLocal<?> local) {
        record("get");
        return local.get();
    }

    @SuppressWarnings("unchecked")
    public static void set(ThreadLocal<?> local, Object value) {
        record("set");
        ((ThreadLocal<Object>) local).set(value);
    }

    public static void remove(ThreadLocal<?> local) {
        record("remove");
        local.remove();
    }
}
