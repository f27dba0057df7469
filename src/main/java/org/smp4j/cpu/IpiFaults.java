package org.smp4j.cpu;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.lib.CpuMask;

/**
 * What goes wrong with interrupts between CPUs: some come late, some twice, some call interrupts never. What happens to
 * a sender's n-th interrupt depends on the seed, the sender and n alone. No kernel counterpart; it stands for what
 * broken interrupt controllers do.
 *
 * <p>A lost call interrupt is cured by the csd lock watchdog, which sends it again; so whoever drops wants
 * {@code csdlock_debug} on.
 */
public final class IpiFaults {
    private static final int LATEST = 64; // polls

    private final long seed;
    private final int delayPerMille;
    private final int duplicatePerMille;
    private final int dropPerMille;
    private final long[] random = new long[CpuMask.NR_CPUS]; // each element: of the sender of that number only
    // per target: for how many polls nothing arrives
    private final AtomicIntegerArray polls = new AtomicIntegerArray(CpuMask.NR_CPUS);
    // per target: interrupts that come once more
    private final AtomicIntegerArray twice = new AtomicIntegerArray(CpuMask.NR_CPUS);

    /**
     * Faults at the given rates, each out of 1,000 interrupts.
     *
     * @param seed decides which
     * @param delayPerMille how many come late
     * @param duplicatePerMille how many come twice
     * @param dropPerMille how many call interrupts are lost
     */
    public IpiFaults(long seed, int delayPerMille, int duplicatePerMille, int dropPerMille) {
        if (Math.min(delayPerMille, Math.min(duplicatePerMille, dropPerMille)) < 0
                || delayPerMille + duplicatePerMille + dropPerMille > 1000) {
            throw new IllegalArgumentException("rates of interrupt faults are out of 1000, and so is their sum");
        }
        this.seed = seed;
        this.delayPerMille = delayPerMille;
        this.duplicatePerMille = duplicatePerMille;
        this.dropPerMille = dropPerMille;
    }

    /** Decides about an interrupt that is being sent; true if it is lost. */
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

    /** SplitMix64, one stream a sender; 31 bits. */
    private int next(int sender) {
        long z = seed + sender * 0xD1B54A32D192ED03L + (random[sender] += 0x9E3779B97F4A7C15L);
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return (int) ((z ^ z >>> 31) >>> 33);
    }

    /** {@return the interrupts that do not arrive at this poll} */
    int deferred(Cpu target) {
        return polls.get(target.id) > 0 && polls.getAndDecrement(target.id) > 0
                ? PendingWord.INTERRUPTS & ~PendingWord.TIMER : 0;
    }

    /** {@return whether an interrupt that was just taken comes once more} */
    boolean comesTwice(Cpu target, int irq) {
        return (twice.get(target.id) & irq) != 0 && (twice.getAndUpdate(target.id, irqs -> irqs & ~irq) & irq) != 0;
    }
}
