package org.smp4j.explore.engine;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.detect.Yields;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Wait;

/** A strand as the engine sees it. */
public final class LiveStrand extends Strand implements Runnable {
    private static final int MAX_READS = 64;
    /** The names that the JDK gives to threads. */
    public static final Pattern NUMBERED = Pattern.compile("Thread-\\d+");

    public final Execution execution;
    // How many threads were started before it in this run.
    public int number;
    public Thread thread;
    String name;
    boolean daemon;
    // Whether the scenario focuses on it.
    public boolean focused;
    Coroutine coroutine;
    // Its body; null for the body of its thread.
    Runnable body;
    public boolean finished;
    // The strands that know that it has ended.
    final StrandSet endSeenBy = new StrandSet();
    boolean stacked; // whether its frames are on the stack of the exploring thread

    // Its next step; if it writes on a condition, what it expects to read.
    public int site;
    public LiveLocation location;
    public int mode;
    public Object expected = Access.UNKNOWN;
    // Further locations that the step reaches, and by bit which it changes; only for a search that reasons about steps.
    final LiveLocation[] others = new LiveLocation[MOST_OTHERS];
    int otherCount;
    int otherWrites;
    // Whether its next step depends on every step of other strands.
    boolean everything;
    // The number of steps that it has reached.
    public int point;
    // Whether it has read an older value since it last spun; where it has read the last one; whether it has spun since.
    boolean missed;
    LiveLocation missedAt;
    boolean spunSince;
    // The number of plain accesses since then that were no steps.
    public int unshared;

    public Wait wait;
    // The end of its wait on the virtual clock; Long.MAX_VALUE for no timeout.
    public long deadline;
    boolean timedOut;
    // The same for a join that does not wait yet, because its thread has not started.
    long joinsUntil;
    public boolean permit;
    public boolean interrupted;
    // Whether its last wait ended by a signal; each wait sets it anew.
    boolean signalled;
    // Whether it was preempted and has not gone on since.
    boolean held;
    // Whether its next step begins a new atomic part, even in a call of the JDK that is atomic.
    public boolean fresh;
    // The point at which its atomic part began.
    private int since;
    // While this is above 0 its accesses are no steps.
    public int quiet;
    // The number of JDK calls on its stack that may hold JDK locks, and the site of the outermost.
    public int calls;
    public int calledAt;
    // The map and key that its next step changes, if a function may compute the value; whether it only adds a value.
    Object map;
    Object key;
    boolean ifAbsent;
    // The object that it has begun to change while another strand used it; the size before.
    public Object disturbed;
    public int sizeBefore;
    // The step in which a call of the JDK last read an object that it was given, and the site.
    public int passedAt;
    public int passedSite;
    // The step up to which a pending interrupt stays pending; 0 if the strategy was not asked yet.
    int deferUntil;
    int cameAt; // the step at which an interrupt last came from outside
    // The steps at which the strategy was last asked for the place of a read or write, and for a failure.
    int placedAt;
    int failsAt;
    int lateUntil; // the step up to which overdue interrupts reach it
    // The step at which the strategy was last asked whether time passes.
    int lookedAt;
    // Whether its next reads are to return the oldest values.
    public boolean oldest;
    public int drawn; // how many values of random generators it has asked for
    public boolean handling; // whether it runs the handler of an interrupt

    // The locations that it has read since it last spun, with their versions.
    private final LiveLocation[] reads = new LiveLocation[MAX_READS];
    private final int[] versions = new int[MAX_READS];
    private int readCount;
    final Yields yields = new Yields();

    public Map<ThreadLocal<?>, Object> locals;
    LiveLocation permitLocation;
    LiveLocation endLocation;

    LiveStrand(Execution execution, int id) {
        super(id);
        this.execution = execution;
    }

    /**
     * Whether accesses of this strand, which runs, are steps. A callback from a JDK call that would have to make a step
     * is refused: other strands would block for real on the lock that the JDK holds.
     */
    public boolean isHeard() {
        if (quiet != 0 && quiet == calls) {
            execution.refusal.of(this, "what " + Sites.get(calledAt).target()
                    + " calls back, and shares something, locks or waits,", calledAt);
        }
        return quiet == 0;
    }

    /**
     * {@return whether its next step is part of the same call of the JDK as its last one, and so no other strand steps
     * in between}
     */
    boolean isWithinPart() {
        return !fresh && site >= 0 && (Sites.modeOf(site) & Access.INNER) != 0;
    }

    /** {@return whether it makes its next step in the same part, without a decision; else a new part begins} */
    boolean goesOn() {
        if (isWithinPart() && execution.runnable.has(this)) {
            wait = Wait.NOTHING;
            execution.assumptions.add(Assumptions.Rule.ATOMIC);
            if (execution.informed) {
                execution.strategy.accessed(execution.view, this);
            }
            return true;
        }
        fresh = site < 0 || (Sites.modeOf(site) & Access.INNER) == 0;
        since = point;
        return false;
    }

    /** The body of its coroutine. */
    @Override
    public void run() {
        execution.strandTable.runBody(this);
    }

    void reset(Thread ofThread, Runnable toRun, boolean isDaemon) {
        thread = ofThread;
        name = null;
        body = toRun;
        daemon = isDaemon;
        finished = false;
        endSeenBy.clear();
        stacked = false;
        focused = false;
        site = BEGIN;
        location = null;
        mode = 0;
        reachesOne();
        point = 0;
        since = 0;
        fresh = true;
        expected = Access.UNKNOWN;
        missed = false;
        missedAt = null;
        unshared = 0;
        passedAt = -1;
        wait = Wait.NOTHING;
        deadline = Long.MAX_VALUE;
        timedOut = false;
        permit = false;
        interrupted = false;
        held = false;
        quiet = 0;
        calls = 0;
        map = null;
        key = null;
        disturbed = null;
        deferUntil = 0;
        cameAt = 0;
        placedAt = 0;
        failsAt = 0;
        lateUntil = 0;
        lookedAt = -1;
        handling = false;
        oldest = false;
        drawn = 0;
        readCount = 0;
        yields.begin();
        locals = null;
        permitLocation = null;
        endLocation = null;
    }

    /** {@return the thread's name; the exploration numbers threads that the JDK would number} */
    @Override
    public String name() {
        String given = name == null ? thread.getName() : null;
        name = given == null ? name : given.isEmpty() ? "virtual-" + number
                : NUMBERED.matcher(given).matches() ? "Thread-" + number : given;
        return name;
    }

    /** Its next step is known to reach at most one location. */
    void reachesOne() {
        otherCount = 0;
        otherWrites = 0;
        everything = false;
    }

    /** Its next step also reaches this location. */
    void reaches(LiveLocation other, boolean writes) {
        others[otherCount] = other;
        otherWrites |= writes ? 1 << otherCount : 0;
        otherCount++;
    }

    void hasRead(LiveLocation read) {
        if (readCount > MAX_READS) {
            return;
        }
        int known = indexOf(read);
        if (known < 0) {
            if (readCount == MAX_READS) {
                readCount++; // a count beyond the array's length means that some are unknown
                return;
            }
            known = readCount++;
            reads[known] = read;
            read.readIndex(id, known);
        }
        versions[known] = read.version;
    }

    /** Its own write does not count as a change that it waits for. */
    void hasWritten(LiveLocation written) {
        int known = readCount > MAX_READS ? -1 : indexOf(written);
        if (known >= 0) {
            versions[known] = written.version;
        }
    }

    /** The last index of a location among the reads, if it is still valid; else there is none. */
    private int indexOf(LiveLocation location) {
        int index = location.readIndex(id);
        return index < readCount && reads[index] == location ? index : -1;
    }

    /**
     * {@return whether a location that it read has changed since, or may have; if not, it is registered there as a
     * spinner}
     */
    boolean sawChange() {
        if (missed || readCount > MAX_READS) {
            spunSince |= missed;
            missed = false;
            readCount = 0;
            return true;
        }
        for (int i = 0; i < readCount; i++) {
            if (reads[i].version != versions[i]) {
                readCount = 0;
                return true;
            }
        }
        for (int i = 0; i < readCount; i++) {
            reads[i].addSpinner(this);
        }
        return false;
    }

    void stopSpinning() {
        for (int i = Math.min(readCount, MAX_READS) - 1; i >= 0; i--) {
            reads[i].removeSpinner(this);
        }
        readCount = 0;
    }

    /** {@return the locations that it has read since it last spun} */
    @Override
    public LiveLocation[] spinsOn() {
        return Arrays.copyOf(reads, Math.min(readCount, MAX_READS));
    }

    /** {@return the value of a thread local} */
    public Object local(ThreadLocal<?> key) {
        return locals == null ? null : locals.get(key);
    }

    /** {@return whether a thread local has a value} */
    public boolean hasLocal(ThreadLocal<?> key) {
        return locals != null && locals.containsKey(key);
    }

    /** Sets a thread local. */
    public void local(ThreadLocal<?> key, Object value) {
        if (locals == null) {
            locals = new IdentityHashMap<>();
        }
        locals.put(key, value);
    }

    @Override
    public boolean isDaemon() {
        return daemon;
    }

    @Override
    public boolean isFocused() {
        return focused;
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public int site() {
        return site;
    }

    @Override
    public LiveLocation location() {
        return location;
    }

    @Override
    public int mode() {
        return mode;
    }

    @Override
    public int point() {
        return point;
    }

    @Override
    public Wait waitsFor() {
        return wait;
    }

    @Override
    public boolean isAccess() {
        return location != null && !location.isThreads() && location.field != Blocking.LOCK && map == null;
    }

    @Override
    public int otherCount() {
        return otherCount;
    }

    @Override
    public int otherWrites() {
        return otherWrites;
    }

    @Override
    public boolean dependsOnAll() {
        return everything;
    }

    @Override
    public boolean seeksOldest() {
        return oldest;
    }

    @Override
    public LiveLocation other(int index) {
        return others[index];
    }

    @Override
    public StackTraceElement[] stack() {
        if (this != Execution.running) {
            return finished || stacked || coroutine.finished ? new StackTraceElement[0] : coroutine.stack();
        }
        return Stream.of(new Throwable().getStackTrace())
                .takeWhile(frame -> !frame.getClassName().equals(StrandTable.class.getName()))
                .toArray(StackTraceElement[]::new);
    }

    @Override
    public Thread thread() {
        return thread;
    }
}
