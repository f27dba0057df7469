package org.smp4j.explore.engine;

import java.util.Set;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.coroutine.ThreadCoroutine;
import org.smp4j.explore.detect.Failures;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Wait;

/** The strands of a run, from their start to their end; the next run reuses their coroutines. */
public final class StrandTable {
    private static final int HANDLER = Sites.field("handler");
    private static final int HOOKS = Sites.field("shutdown hooks");
    private static final int UNCAUGHT = Sites.add("", 0, "", null, 0, "uncaught", "strand",
            Access.READ | Access.ACQUIRE);

    private final Execution x;
    private final Coroutine[] spare = new Coroutine[Run.MAX_STRANDS];
    private int spares;
    private int alive;
    private int started;

    // Written by: the exploring thread, between runs. Read by: the strand's thread that it waits for. Ordering:
    // volatile.
    public volatile boolean unwinding;

    StrandTable(Execution x) {
        this.x = x;
    }

    void begin() {
        alive = 0;
        started = 0;
    }

    void recycle() {
        if (x.weak != null) {
            x.weak.settle(); // the program may look at the outcome
        }
        for (int i = 0; i < x.count; i++) {
            LiveStrand strand = x.strands[i];
            if (!strand.coroutine.finished) {
                // On a thread the frames unwind now, and finally blocks must not act on the next run.
                Execution.running = strand;
                unwinding = true;
                strand.coroutine.abandon();
                unwinding = false;
                Execution.running = null;
            } else {
                keep(strand.coroutine);
            }
            strand.coroutine = null;
        }
    }

    LiveStrand add(Thread thread, Runnable body, boolean daemon) {
        LiveStrand ended = x.count < StrandSet.FEW ? null : ended(Execution.running);
        LiveStrand strand = ended == null ? another() : ended;
        int point = ended == null ? 0 : ended.point + 1; // departures see both as one strand
        strand.reset(thread, body, daemon);
        strand.locals = x.environment.inherited.of(thread);
        strand.number = started++;
        strand.point = point;
        Coroutine coroutine = spares > 0 ? spare[--spares] : Coroutine.create(x.kind);
        strand.coroutine = coroutine;
        coroutine.body = strand;
        if (!daemon) {
            alive++;
        }
        x.runnable.add(strand);
        if (x.happensBefore != null) {
            x.happensBefore.started(Execution.running, strand);
        }
        if (x.weak != null && Execution.running != null) {
            x.weak.sees(strand.id, Execution.running.id);
        }
        if (x.observer != null) {
            x.observer.started(x.view, Execution.running, strand);
        }
        x.strategy.made(x.view, strand);
        return strand;
    }

    private LiveStrand another() {
        if (x.count >= x.strategy.mostStrands()) {
            throw tooMany();
        }
        int id = x.count++;
        if (x.strands[id] == null) {
            x.strands[id] = new LiveStrand(x, id);
        }
        return x.strands[id];
    }

    /**
     * A strand that has ended, and whose end the starter has seen: its steps happen before those of the new strand, so
     * that both can have one number. So a run rarely has strands that cost more than the first few.
     *
     * @return the strand; null if there is none
     */
    private LiveStrand ended(LiveStrand starter) {
        for (int i = 0; i < x.count; i++) {
            LiveStrand strand = x.strands[i];
            if (strand.finished && strand.endSeenBy.has(starter)) {
                x.environment.retire(strand.thread, strand.interrupted);
                keep(strand.coroutine);
                return strand;
            }
        }
        return null;
    }

    private ExplorerException tooMany() {
        if (x.strategy.leavesLarger()) {
            x.outcome = Outcome.PRUNED;
            x.leave(Execution.running);
        }
        int most = x.strategy.mostStrands();
        return Refusal.met("the scenario has more than " + most + " threads at once"
                + (most < Run.MAX_STRANDS ? ", and strategy " + x.strategy.name() + " knows no more: explore it with "
                        + "portfolio or bound2, which know " + Run.MAX_STRANDS : "")
                + "; a thread counts until the thread that starts the next one has joined it: use fewer, or join those "
                + "that have ended");
    }

    private void keep(Coroutine coroutine) {
        if (coroutine.reusable() && spares < spare.length) {
            spare[spares++] = coroutine;
        }
    }

    /** Runs a strand from its start to its end, on its coroutine. */
    void runBody(LiveStrand strand) {
        if (x.informed) {
            x.strategy.performed(x.view, strand);
        }
        try {
            Runnable body = strand.body == null ? x.environment.taskOf(strand.thread) : strand.body;
            (body == null ? strand.thread : body).run();
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) {
            throwsOut(strand, e);
        }
        if (x.outcome == null && !unwinding) {
            finish(strand);
        }
    }

    private void throwsOut(LiveStrand strand, Throwable e) {
        Refusal.caught(e);
        if (x.outcome == null && !unwinding && !isHandled(strand, e)) {
            x.fail(Failures.thrown(strand, e, StrandTable.class));
        }
    }

    /**
     * Whether a handler that the scenario has set gets the exception; an exception of the first strand ends the run
     * instead.
     */
    private boolean isHandled(LiveStrand strand, Throwable thrown) {
        boolean isOurs = thrown instanceof Failure.Broken || thrown instanceof ExplorerException;
        Thread.UncaughtExceptionHandler handler = null;
        if (strand.number > 0 && !isOurs) {
            try {
                handlers(strand, UNCAUGHT, Access.READ | Access.ACQUIRE);
            } catch (ThreadCoroutine.Abandoned e) {
                throw e;
            } catch (Throwable e) {
                strand.quiet = 0; // of an interrupt that the strand took here; the first exception counts
            }
            handler = x.environment.handlerOf(strand.thread);
        }
        if (handler == null) {
            return false;
        }
        strand.quiet = 0;
        try {
            handler.uncaughtException(strand.thread, thrown);
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) {
            Refusal.caught(e);
            if (x.outcome == null && !unwinding) {
                x.fail(Failures.thrown(strand, e, StrandTable.class));
            }
        }
        return true;
    }

    /** A step of a strand that sets a handler of uncaught exceptions, or asks for one. */
    public void handlers(LiveStrand strand, int site, int mode) {
        if (strand.quiet == 0) {
            x.plainSteps.access(strand, null, HANDLER, site, mode);
        }
    }

    private void finish(LiveStrand strand) {
        strand.quiet = 0;
        LiveLocation end = x.blocking.endOf(strand);
        x.announce(strand, Strand.END, end, Access.WRITE | Access.RELEASE);
        try {
            x.decide(strand);
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) { // of an interrupt that the strand took here
            throwsOut(strand, e);
            if (x.outcome != null || unwinding) {
                return;
            }
            strand.quiet = 0;
            x.announce(strand, Strand.END, end, Access.WRITE | Access.RELEASE);
        }
        x.perform(strand);
        strand.finished = true;
        x.runnable.remove(strand);
        for (int i = 0; i < x.count; i++) {
            LiveStrand other = x.strands[i];
            if (other.wait == Wait.JOIN && other.location == end) {
                x.wake(other);
            }
        }
        if (!strand.daemon && --alive == 0 && !shutsDown()) {
            x.outcome = Outcome.COMPLETE;
            return;
        }
        strand.point++;
        if (x.time.findsOne()) {
            x.turns.pass(x.choose(strand));
        }
    }

    /** As {@link Execution#find}, for a caller that only needs the name. */
    LiveStrand of(Thread thread) {
        for (int i = 0; i < x.count; i++) {
            if (x.strands[i].thread == thread) {
                return x.strands[i];
            }
        }
        return null;
    }

    /** The threads to start at the end, for a change by a step of the strand. */
    public Set<Thread> shutdownHooks(LiveStrand strand, int site) {
        x.plainSteps.access(strand, null, HOOKS, site, Access.READ | Access.ACQUIRE | Access.WRITE | Access.RELEASE);
        if (x.environment.shutsDown) {
            throw new IllegalStateException("Shutdown in progress");
        }
        return x.environment.shutdownHooks;
    }

    /** All threads but daemons have ended; {@return whether threads start that were registered for that} */
    private boolean shutsDown() {
        Set<Thread> hooks = x.environment.shutdownHooks;
        if (x.environment.shutsDown || hooks.isEmpty()) {
            return false;
        }
        x.environment.shutsDown = true;
        x.hold.happened();
        for (Thread hook : hooks) {
            LiveStrand started = add(hook, null, false);
            for (int i = 0; i < x.count; i++) {
                LiveStrand other = x.strands[i];
                if (other.finished && !other.daemon) {
                    x.plainSteps.sees(started, x.blocking.endOf(other));
                }
            }
        }
        return true;
    }

    /** {@return how many threads of a group and the groups below it have started and not ended} */
    public int activeCount(LiveStrand strand, int site, ThreadGroup group) {
        x.announce(strand, site, null, 0);
        strand.everything = true;
        x.decide(strand);
        x.perform(strand);
        x.hold.happened();
        int active = 0;
        for (int i = 0; i < x.count; i++) {
            LiveStrand other = x.strands[i];
            active += !other.finished && !other.thread.isVirtual() && group != null
                    && (other.thread.getThreadGroup() == group || group.parentOf(other.thread.getThreadGroup()))
                    ? 1 : 0;
        }
        return active;
    }
}
