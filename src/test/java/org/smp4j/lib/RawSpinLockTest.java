package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;

import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.testing.Players;

class RawSpinLockTest {
    private final Cpus cpus = new Cpus(3);
    private final RawSpinLock lock = new RawSpinLock();
    private int guarded;

    @Test
    void itIsHeldWithIrqsAndPreemptionOffAndBringsBackWhatItFound() {
        at(cpus.cpu(0), () -> {
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            assertThat(LocalIrq.disabled()).isTrue();
            assertThat(Preempt.count()).isEqualTo(1);
            RawSpinLock second = new RawSpinLock();
            second.acquire(self);
            assertThat(Preempt.count()).as("the second lock leans on the first").isEqualTo(1);
            second.release();
            lock.unlock(self, flags);
            assertThat(LocalIrq.disabled()).isFalse();
            assertThat(Preempt.count()).isZero();

            LocalIrq.disable();
            lock.unlock(self, lock.lock(self));
            assertThat(LocalIrq.disabled()).as("IRQs were off before").isTrue();
            LocalIrq.enable();
        });
    }

    @Test
    void anInterruptWaitsForTheUnlock() {
        int[] taken = new int[1];
        cpus.installTimer(cpu -> taken[0]++);
        at(cpus.cpu(0), () -> {
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            Cpu.current().sendInterrupt(PendingWord.TIMER);
            self.relax(0);
            assertThat(taken[0]).isZero();
            lock.unlock(self, flags);
            assertThat(taken[0]).isEqualTo(1);
        });
    }

    @Test
    void onlyOneHoldsItAndSeesWhatTheLastOneWrote() throws InterruptedException {
        Players.Play counter = cpu -> {
            Waiter self = Waiter.current();
            for (int i = 0; i < 20_000; i++) {
                int flags = lock.lock(self);
                guarded++;
                lock.unlock(self, flags);
            }
        };
        new Players(cpus).cpu(0, counter).cpu(1, counter).cpu(2, counter).run();
        assertThat(guarded).isEqualTo(60_000);
    }
}
