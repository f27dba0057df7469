package org.smp4j.explore;

/** The strands of a run, from their start to their end; what they run on is used again in the next. */
final class Strands {
    private final Execution x;
    private final Coroutine[] spare = new Coroutine[Execution.MAX_STRANDS];
    private int spares;
    private int alive;

    // Written by: the thread that explores, between runs. Read by: a strand's thread that it waits for. Ordering: volatile.
    volatile boolean unwinding;

    Strands(Execution x) {
        this.x = x;
    }

    void begin() {
        alive = 0;
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
            } else if (strand.coroutine.reusable() && spares < spare.length) {
                spare[spares++] = strand.coroutine;
            }
            strand.coroutine = null;
        }
    }

    Strand add(Thread thread, Runnable body, boolean daemon) {
        if (x.count == Execution.MAX_STRANDS) {
            throw new ExplorerException("the scenario starts more than " + Execution.MAX_STRANDS + " threads");
        }
        Strand strand = x.strands[x.count];
        if (strand == null) {
            strand = new Strand(x, x.count);
            x.strands[x.count] = strand;
        }
        x.count++;
        strand.reset(thread, body, daemon);
        Coroutine coroutine = spares > 0 ? spare[--spares] : Coroutine.create(x.kind);
        strand.coroutine = coroutine;
        Strand self = strand;
        coroutine.body = () -> runBody(self);
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

    private void runBody(Strand strand) {
        if (x.informed) {
            x.strategy.performed(x, strand);
        }
        try {
            strand.body.run();
        } catch (ThreadCoroutine.Abandoned e) {
            throw e;
        } catch (Throwable e) {
            if (x.outcome == null && !unwinding) {
                x.fail(Failure.thrown(x, strand, e));
            }
            return;
        }
        if (x.outcome == null && !unwinding) {
            finish(strand);
        }
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
