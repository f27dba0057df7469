package org.smp4j.explore;

/** The clock of a run: it stands still while anybody can step. */
final class VirtualTime {
    // Hopeless is who was let spin this often, and waited this long, without anybody else having done something for it.
    private static final int SPIN_ROUNDS = 1000;
    private static final int RELEASES = 3;
    private static final long HOPELESS_NANOS = 20_000_000_000L;

    private static final long EPOCH_MILLIS = 1_000_000_000_000L;

    private final Execution x;
    private long now;
    private int hopelessRounds;
    private int releases;
    private long lastProgress;

    VirtualTime(Execution x) {
        this.x = x;
    }

    void begin() {
        now = 0;
        hopelessRounds = 0;
        releases = 0;
        lastProgress = 0;
    }

    long now() {
        return now;
    }

    long currentTimeMillis() {
        return EPOCH_MILLIS + now / 1_000_000;
    }

    /** One strand has done something for another. */
    void progress() {
        hopelessRounds = 0;
        releases = 0;
        lastProgress = now;
    }

    /** {@return who can step; where nobody can time passes until somebody can, and 0 if that does not help} */
    long menu() {
        if (x.runnable != 0) {
            return x.runnable;
        }
        if (hopelessRounds == 0 && releases == 0 && x.interrupts.installed() && x.interrupts.comeWhileAllWait(x.turns.current())) {
            return x.runnable;
        }
        Strand earliest = null;
        Strand patient = null;
        for (int i = 0; i < x.count; i++) {
            Strand strand = x.strands[i];
            if (strand.wait == Strand.Wait.QUIESCENCE) {
                patient = patient == null ? strand : patient;
            } else if (strand.deadline != Long.MAX_VALUE && !strand.finished && (earliest == null || strand.deadline < earliest.deadline)) {
                earliest = strand;
            }
        }
        if (patient != null && x.spinning != 0 && releases < RELEASES) {
            releases++; // a spin need not be one of a loop: what comes after it may be something
            release();
            return x.runnable;
        }
        if (patient != null) {
            releases = 0;
            if (x.observer != null) {
                x.observer.timePassed(x);
            }
            x.enable(patient);
            return x.runnable;
        }
        if (earliest == null && x.spinning == 0) {
            x.fail(Failure.deadlock(x));
            return 0;
        }
        hopelessRounds++;
        if (hopelessRounds > SPIN_ROUNDS && now - lastProgress > HOPELESS_NANOS) {
            x.fail(Failure.deadlock(x));
            return 0;
        }
        passTime(earliest);
        return x.runnable;
    }

    /** To the first deadline; by more and more where that has led nowhere for long, and where who spins looks at the clock. */
    private void passTime(Strand earliest) {
        long step = x.spinning == 0 ? 0 : 1000L << Math.min(hopelessRounds, 36);
        if (hopelessRounds > SPIN_ROUNDS / 2) {
            step = Math.max(step, 1000L << Math.min(hopelessRounds - SPIN_ROUNDS / 2, 36));
        }
        long target = earliest == null ? now + step : hopelessRounds > SPIN_ROUNDS / 2 ? Math.max(now + step, earliest.deadline)
                : x.spinning == 0 ? earliest.deadline : Math.min(now + step, earliest.deadline);
        now = Math.max(now, target);
        if (x.observer != null) {
            x.observer.timePassed(x);
        }
        if (earliest != null && earliest.deadline <= now) {
            timeOut(earliest);
        }
        release();
    }

    /** Lets everybody who spins have another look. */
    private void release() {
        for (long waiting = x.spinning; waiting != 0; waiting &= waiting - 1) {
            Strand strand = x.strands[Long.numberOfTrailingZeros(waiting)];
            strand.stopSpinning();
            x.enable(strand);
        }
        x.spinning = 0;
    }

    private void timeOut(Strand strand) {
        strand.timedOut = true;
        if (strand.wait == Strand.Wait.SIGNAL) {
            strand.location.waiters.remove(strand);
            x.blocking.wantLock(strand, strand.location);
            strand.timedOut = true;
            return;
        }
        if (strand.wait == Strand.Wait.SPIN) {
            x.spinning &= ~strand.bit;
            strand.stopSpinning();
        }
        x.enable(strand);
    }
}
