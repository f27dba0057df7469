package org.smp4j.cpu;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.lib.CpuMask;

/**
 * Injected faults of interrupts between CPUs: some arrive late, some twice, some call interrupts never. The fault of a
 * sender's n-th interrupt depends only on the seed, the sender and n. No kernel counterpart; it models broken interrupt
 * controllers.
 *
 * <p>The csd lock watchdog repairs a lost call interrupt by sending it again; so a user that drops interrupts needs
 * {@code csdlock_debug}.
 */
public final class IpiFaults {
    private static final int LATEST = 64; // polls
    private static final long APART = 0xD1B54A32D192ED03L; // between the seeds of two senders

    private final long seed;
    private final int delayPerMille;
    private final int duplicatePerMille;
    private final int dropPerMille;
    // each element is made and used only by the sender of that number
    private final SplittableRandom[] random = new SplittableRandom[CpuMask.NR_CPUS];
    // per target: for how many polls no interrupt arrives
    private final AtomicIntegerArray polls = new AtomicIntegerArray(CpuMask.NR_CPUS);
    // per target: interrupts that arrive once more
    private final AtomicIntegerArray twice = new AtomicIntegerArray(CpuMask.NR_CPUS);

    /**
     * Faults at the given rates, each per 1,000 interrupts.
     *
     * @param seed selects the faults
     * @param delayPerMille how many arrive late
     * @param duplicatePerMille how many arrive twice
     * @param dropPerMille how many call interrupts are lost
     */
    public IpiFaults(long seed, int delayPerMille, int duplicatePerMille, int dropPerMille) {
        if (Math.min(delayPerMille, Math.min(duplicatePerMille, dropPerMille)) < 0
                || delayPerMille + duplicatePerMille + dropPerMille > 1000) {
            throw new IllegalArgumentException(
                    "the rates of interrupt faults must not be negative, and their sum must be at most 1000");
        }
        this.seed = seed;
        this.delayPerMille = delayPerMille;
        this.duplicatePerMille = duplicatePerMille;
        this.dropPerMille = dropPerMille;
    }

    /** Decides the fault of an interrupt that is being sent; true if it is lost. */
    boolean drops(Cpu target, int irq) {
        Cpu sender = Cpu.currentOrNull();
        if (irq == PendingWord.TIMER || sender == null) {
            return false;
        }
        int draw = next(sender.id);
        int choice = draw % 1000;
        if (choice < dropPerMille) {
            return irq == PendingWord.CALL;
        }
        choice -= dropPerMille;
        if (choice < delayPerMille) {
            polls.set(target.id, 1 + draw / 1000 % LATEST);
        } else if (choice - delayPerMille < duplicatePerMille) {
            twice.getAndUpdate(target.id, irqs -> irqs | irq);
        }
        return false;
    }

    /** 31 bits. */
    private int next(int sender) {
        if (random[sender] == null) {
            random[sender] = new SplittableRandom(seed + sender * APART);
        }
        return (int) (random[sender].nextLong() >>> 33);
    }

    /** {@return the interrupts that do not arrive at this poll} */
    int deferred(Cpu target) {
        return polls.get(target.id) > 0 && polls.getAndDecrement(target.id) > 0
                ? PendingWord.INTERRUPTS & ~PendingWord.TIMER : 0;
    }

    /** {@return whether an interrupt that was just taken arrives once more} */
    boolean comesTwice(Cpu target, int irq) {
        return (twice.get(target.id) & irq) != 0 && (twice.getAndUpdate(target.id, irqs -> irqs & ~irq) & irq) != 0;
    }
}
