package org.smp4j.explore;

/** The strands of a run, from their start to their end; what they run on is used again in the next. */
final class Strands {
    private static final int HANDLER = Sites.field("handler");
    private static final int UNCAUGHT = Sites.add("", 0, "", null, 0, "uncaught", "strand", Access.READ | Access.ACQUIRE);

    private final Execution x;
    private final Coroutine[] spare = new Coroutine[Execution.MAX_STRANDS];
    private int spares;
    private int alive;
    private int started;

    // Written by: the thread that explores, between runs. Read by: a strand's thread that it waits for. Ordering: volatile.
    volatile boolean unwinding;

    Strands(Execution x) {
        this.x = x;
    }

    void begin() {
        alive = 0;
        started = 0;
    }

    void recycle() {
        for (int i = 0; i < x.count; i++) {
            Strand strand = x.strands[i];
            if (!strand.coroutine.finished) {
                // On a thread its frames unwind now, and its finally clauses must not meddle with the next run.
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

    Strand add(Thread thread, Runnable body, boolean daemon) {
        Strand strand = x.count < Execution.MAX_STRANDS ? another() : ended(Execution.running);
        int point = strand.point;
        strand.reset(thread, body, daemon);
        strand.locals = x.surroundings.inherited.of(thread);
        strand.number = started++;
        if (strand.number >= Execution.MAX_STRANDS) {
            strand.point = point + 1; // the two make up one in departures
        }
        Coroutine coroutine = spares > 0 ? spare[--spares] : Coroutine.create(x.kind);
        strand.coroutine = coroutine;
        coroutine.body = strand;
        if (!daemon) {
            alive++;
        }
        x.runnable |= strand.bit;
        if (x.happensBefore != null) {
            x.happensBefore.started(Execution.running, strand);
        }
        if (x.observer != null) {
            x.observer.started(x, Execution.running, strand);
        }
        x.strategy.made(x, strand);
        return strand;
    }

    private Strand another() {
        int id = x.count++;
        if (x.strands[id] == null) {
            x.strands[id] = new Strand(x, id);
        }
        return x.strands[id];
    }

    /**
     * One that has ended, as the strand that starts the next knows: what it did comes before what the next does, so
     * that both can have one number.
     */
    private Strand ended(Strand starter) {
        for (int i = 0; i < x.count; i++) {
            Strand strand = x.strands[i];
            if (strand.finished && (strand.endSeenBy & starter.bit) != 0) {
                x.surroundings.retire(strand.thread, strand.interrupted);
                keep(strand.coroutine);
                return strand;
            }
        }
        throw Refusal.met("the scenario has more than " + Execution.MAX_STRANDS + " threads at once; a thread counts "
                + "until the thread that starts the next one has joined it: use fewer, or join those that have ended");
    }

    private void keep(Coroutine coroutine) {
        if (coroutine.reusable() && spares < spare.length) {
            spare[spares++] = coroutine;
        }
    }

    /** What a strand does from its start to its end, on its coroutine. */
    void runBody(Strand strand) {
        if (x.informed) {
            x.strategy.performed(x, strand);
        }
        try {
            if (strand.body == null) {
                strand.thread.run();
            } else {
                strand.body.run();
            }
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) {
            if (x.outcome == null && !unwinding && !isHandled(strand, e)) {
                x.fail(Failure.thrown(x, strand, e));
            }
            if (x.outcome != null || unwinding) {
                return;
            }
        }
        if (x.outcome == null && !unwinding) {
            finish(strand);
        }
    }

    /** Whether it is the business of a handler that the scenario has set; what the first strand throws is not, and ends the run. */
    private boolean isHandled(Strand strand, Throwable thrown) {
        boolean isOurs = thrown instanceof Failure.Broken || thrown instanceof ExplorerException;
        Thread.UncaughtExceptionHandler handler = null;
        if (strand.number > 0 && !isOurs) {
            x.plain.access(strand, null, HANDLER, UNCAUGHT, Access.READ | Access.ACQUIRE);
            handler = x.surroundings.handlerOf(strand.thread);
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
            if (x.outcome == null && !unwinding) {
                x.fail(Failure.thrown(x, strand, e));
            }
        }
        return true;
    }

    /** Sets the handler for what no thread has a handler of its own for. */
    void setDefaultHandler(Strand strand, int site, Thread.UncaughtExceptionHandler handler) {
        x.plain.access(strand, null, HANDLER, site, Access.WRITE | Access.RELEASE);
        x.surroundings.defaultHandler = handler;
    }

    private void finish(Strand strand) {
        strand.quiet = 0;
        Location end = x.blocking.endOf(strand);
        x.announce(strand, Execution.END, end, Access.WRITE | Access.RELEASE);
        x.decide(strand);
        x.perform(strand);
        strand.finished = true;
        x.runnable &= ~strand.bit;
        for (int i = 0; i < x.count; i++) {
            Strand other = x.strands[i];
            if (other.wait == Strand.Wait.JOIN && other.location == end) {
                x.wake(other);
            }
        }
        if (!strand.daemon && --alive == 0) {
            x.outcome = Execution.Outcome.COMPLETE;
            return;
        }
        strand.point++;
        long menu = x.time.menu();
        if (menu != 0) {
            x.turns.pass(x.choose(strand, menu));
        }
    }
}
