package org.smp4j.explore.engine;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Wait;

/** A strand as the engine runs it. */
public final class LiveStrand extends Strand implements Runnable {
    private static final int MAX_READS = 64;

    public final Execution execution;
    // How many threads were started before it in this run.
    public int number;
    public Thread thread;
    String name;
    boolean daemon;
    // Whether the scenario has its eye on it.
    public boolean focused;
    Coroutine coroutine;
    // What it runs; null for what its thread does.
    Runnable body;
    public boolean finished;
    // The strands that know that it has ended, by bit.
    long endSeenBy;
    // Whether it is on the stack of the thread that explores.
    boolean stacked;

    // Its next step.
    public int site;
    public LiveLocation location;
    public int mode;
    // What else that step reaches, and by bit which of it it changes; filled only where a search reasons about it.
    final LiveLocation[] others = new LiveLocation[MOST_OTHERS];
    int otherCount;
    int otherWrites;
    // Whether what it does depends on all that others do.
    boolean everything;
    // How many steps it has come to.
    public int point;
    // How many plain accesses it has made since, which are no steps.
    public int unshared;

    public Wait wait;
    // Until when at most, on the virtual clock; Long.MAX_VALUE for ever.
    public long deadline;
    boolean timedOut;
    // The same of a join that does not wait yet, because its thread has not begun.
    long joinsUntil;
    public boolean permit;
    public boolean interrupted;
    // Whether its last wait ended by a signal; set anew by each.
    boolean signalled;
    // Whether it goes on after it was made to stop.
    boolean held;
    // Accesses don't count while this is above 0.
    public int quiet;
    // How many calls of the JDK it is in that may hold locks of the JDK, and where the first of them is.
    public int calls;
    public int calledAt;
    // What its next step changes, if that is a value of a map which a function may be computing; and whether only if there is none.
    Object map;
    Object key;
    boolean ifAbsent;
    // What it has begun to change while another used it; how large that was.
    public Object disturbed;
    public int sizeBefore;
    // Up to which of its steps a pending interrupt is left pending; 0 if it was not asked yet.
    int deferUntil;
    // At which of its steps something came from outside.
    int cameAt;
    // Up to which of its steps what is overdue comes to it.
    int lateUntil;
    // At which of its steps it was last asked whether a while has passed.
    int lookedAt;
    // Whether it runs the handler of an interrupt.
    public boolean handling;

    // What it has read since it last spun, with the versions.
    private final LiveLocation[] reads = new LiveLocation[MAX_READS];
    private final int[] versions = new int[MAX_READS];
    private int readCount;

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

    /** What its coroutine runs. */
    @Override
    public void run() {
        execution.lives.runBody(this);
    }

    void reset(Thread ofThread, Runnable toRun, boolean isDaemon) {
        thread = ofThread;
        name = null;
        body = toRun;
        daemon = isDaemon;
        finished = false;
        endSeenBy = 0;
        stacked = false;
        focused = false;
        site = BEGIN;
        location = null;
        mode = 0;
        reachesOne();
        point = 0;
        unshared = 0;
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
        lateUntil = 0;
        lookedAt = -1;
        handling = false;
        readCount = 0;
        locals = null;
        permitLocation = null;
        endLocation = null;
    }

    /** {@return the thread's name; one that the JDK made up is numbered by the exploration} */
    @Override
    public String name() {
        if (name == null) {
            String given = thread.getName();
            name = given.matches("Thread-\\d+") ? "Thread-" + number : given;
        }
        return name;
    }

    /** Its next step reaches one location at most, as far as is known. */
    void reachesOne() {
        otherCount = 0;
        otherWrites = 0;
        everything = false;
    }

    /** Its next step reaches this as well. */
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
                readCount++; // one more than there is room for says that some are not known
                return;
            }
            known = readCount++;
            reads[known] = read;
            read.readIndex[id] = (byte) known;
        }
        versions[known] = read.version;
    }

    /** Its own writes are no news to it. */
    void hasWritten(LiveLocation written) {
        if (readCount <= MAX_READS) {
            int known = indexOf(written);
            if (known >= 0) {
                versions[known] = written.version;
            }
        }
    }

    /** Where it noted a location last time is where it still stands, or it does not stand there at all. */
    private int indexOf(LiveLocation location) {
        int index = location.readIndex[id];
        return index < readCount && reads[index] == location ? index : -1;
    }

    /** {@return whether something that it read has changed since, or may have; if not it is noted there as one who spins} */
    boolean sawChange() {
        if (readCount > MAX_READS) {
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
            reads[i].spinners |= bit;
        }
        return false;
    }

    void stopSpinning() {
        for (int i = Math.min(readCount, MAX_READS) - 1; i >= 0; i--) {
            reads[i].spinners &= ~bit;
        }
        readCount = 0;
    }

    /** {@return what it read since it last spun} */
    @Override
    public LiveLocation[] spinsOn() {
        return Arrays.copyOf(reads, Math.min(readCount, MAX_READS));
    }

    public Object local(ThreadLocal<?> key) {
        return locals == null ? null : locals.get(key);
    }

    public boolean hasLocal(ThreadLocal<?> key) {
        return locals != null && locals.containsKey(key);
    }

    public void local(ThreadLocal<?> key, Object value) {
        if (locals == null) {
            locals = new IdentityHashMap<>();
        }
        locals.put(key, value);
    }

    // ---- as others see it

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
    public LiveLocation other(int index) {
        return others[index];
    }

    @Override
    public StackTraceElement[] stack() {
        return finished || coroutine.finished ? new StackTraceElement[0] : coroutine.stack();
    }
}
