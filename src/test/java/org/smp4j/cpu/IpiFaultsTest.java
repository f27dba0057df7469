package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.smp4j.testing.Players.at;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Printk;
import org.smp4j.testing.Players;

class IpiFaultsTest {
    private static final int SENT = 2_000;

    private static Cpus machine(IpiFaults faults) {
        Cpus cpus = new Cpus(BootParams.cpus(3).withPin(false), Printk.NONE, faults);
        for (int cpu = 0; cpu < 3; cpu++) {
            cpus.setCpuOnline(cpu, true);
        }
        return cpus;
    }

    /** One letter for each interrupt that CPU {@code sender} sends to CPU 2. */
    private static String fates(Cpus cpus, int sender, int irq) {
        StringBuilder fates = new StringBuilder();
        AtomicInteger taken = new AtomicInteger();
        cpus.installCallFunction(cpu -> taken.incrementAndGet());
        cpus.installIrqWork(cpu -> taken.incrementAndGet());
        Cpu target = cpus.cpu(2);
        for (int i = 0; i < SENT; i++) {
            taken.set(0);
            at(cpus.cpu(sender), () -> target.sendInterrupt(irq));
            at(target, () -> {
                int polls = 0;
                while ((target.pendingBits() & irq) != 0) {
                    target.poll();
                    polls++;
                }
                assertThat(polls).as("an interrupt comes late, but it comes").isLessThanOrEqualTo(66);
                fates.append(taken.get() == 0 ? 'x' : taken.get() == 2 ? '2' : polls > 1 ? 'l' : '.');
            });
        }
        return fates.toString();
    }

    private static long count(String fates, char fate) {
        return fates.chars().filter(c -> c == fate).count();
    }

    @Test
    void theSeedDecidesWhatHappens() {
        String first = fates(machine(new IpiFaults(7, 100, 100, 100)), 0, PendingWord.CALL);
        assertThat(fates(machine(new IpiFaults(7, 100, 100, 100)), 0, PendingWord.CALL)).isEqualTo(first);
        assertThat(fates(machine(new IpiFaults(8, 100, 100, 100)), 0, PendingWord.CALL)).isNotEqualTo(first);
        assertThat(fates(machine(new IpiFaults(7, 100, 100, 100)), 1, PendingWord.CALL))
                .as("each sender has its own luck").isNotEqualTo(first);
        for (char fate : new char[] {'x', '2', 'l'}) {
            assertThat(count(first, fate)).as("a tenth of all are '%s'", fate).isBetween(100L, 300L);
        }
    }

    /** A seed that is written down somewhere means the same faults as ever. */
    @Test
    void theFatesAreThoseOfSplitMix64() {
        assertThat(fates(machine(new IpiFaults(7, 0, 0, 300)), 0, PendingWord.CALL))
                .startsWith("x..x.x....x.x..xx...x.x.");
        assertThat(fates(machine(new IpiFaults(7, 0, 0, 300)), 1, PendingWord.CALL))
                .startsWith("x...xx.x.x..x.......xx..");
    }

    @Test
    void theFateOfTheNthInterruptDoesNotDependOnOtherSenders() {
        Cpus alone = machine(new IpiFaults(7, 0, 0, 300));
        Cpus both = machine(new IpiFaults(7, 0, 0, 300));
        fates(both, 1, PendingWord.CALL);
        assertThat(fates(both, 0, PendingWord.CALL)).isEqualTo(fates(alone, 0, PendingWord.CALL));
    }

    @Test
    void onlyCallInterruptsAreLost() {
        assertThat(fates(machine(new IpiFaults(1, 0, 0, 1000)), 0, PendingWord.CALL))
                .containsOnlyOnce("x".repeat(SENT));
        assertThat(fates(machine(new IpiFaults(1, 0, 0, 1000)), 0, PendingWord.IRQ_WORK)).isEqualTo(".".repeat(SENT));
    }

    @Test
    void ratesOfAThousandHitAll() {
        assertThat(fates(machine(new IpiFaults(1, 0, 1000, 0)), 0, PendingWord.CALL)).isEqualTo("2".repeat(SENT));
        assertThat(fates(machine(new IpiFaults(1, 1000, 0, 0)), 0, PendingWord.CALL)).isEqualTo("l".repeat(SENT));
        assertThat(fates(machine(new IpiFaults(1, 0, 0, 0)), 0, PendingWord.CALL)).isEqualTo(".".repeat(SENT));
    }

    @Test
    void theTimerIsOfTheCpuItselfAndWithoutFault() {
        AtomicInteger ticks = new AtomicInteger();
        Cpus lossy = machine(new IpiFaults(1, 0, 0, 1000));
        lossy.installTimer(cpu -> ticks.incrementAndGet());
        at(lossy.cpu(0), () -> {
            lossy.cpu(0).sendInterrupt(PendingWord.TIMER);
            lossy.cpu(0).poll();
        });
        Cpus slow = machine(new IpiFaults(1, 1000, 0, 0));
        slow.installTimer(cpu -> ticks.incrementAndGet());
        Cpu late = slow.cpu(0);
        at(late, () -> {
            late.sendInterrupt(PendingWord.CALL);
            late.sendInterrupt(PendingWord.TIMER);
            late.poll();
            assertThat(late.pendingBits()).as("the call is late, the timer is not").isEqualTo(PendingWord.CALL);
        });
        assertThat(ticks).hasValue(2);
    }

    @Test
    void aSenderOnNoCpuGetsNoFaults() {
        Cpus cpus = machine(new IpiFaults(1, 0, 0, 1000));
        cpus.cpu(0).sendInterrupt(PendingWord.CALL);
        assertThat(cpus.cpu(0).pendingBits()).isEqualTo(PendingWord.CALL);
    }

    @Test
    void lateAndDoubleInterruptsFromManySendersAllArrive() throws InterruptedException {
        Cpus cpus = machine(new IpiFaults(3, 300, 300, 0));
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        cpus.installCallFunction(cpu -> seen.set(sent.get()));
        Players.Play sender = cpu -> {
            for (int i = 0; i < 500; i++) {
                int mine = sent.incrementAndGet();
                cpus.cpu(2).sendInterrupt(PendingWord.CALL);
                Players.until(() -> seen.get() >= mine);
            }
        };
        new Players(cpus).cpu(0, sender).cpu(1, sender).serving(2).run();
        assertThat(seen.get()).isEqualTo(1000);
    }

    @Test
    void ratesAreOutOfAThousand() {
        for (int[] rates : new int[][] {{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}, {1001, 0, 0}, {400, 400, 201}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new IpiFaults(0, rates[0], rates[1], rates[2]))
                    .withMessage("the rates of interrupt faults must not be negative, and their sum must be at most "
                    + "1000");
        }
    }
}
