package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.smp4j.testing.Players.at;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Printk;
import org.smp4j.testing.Players;

class IdleWaitTest {
    private static Cpus machine(BootParams.Idle idle) {
        Cpus cpus = new Cpus(BootParams.cpus(2).withIdle(idle).withPin(false), Printk.NONE, null);
        cpus.setCpuOnline(0, true);
        cpus.setCpuOnline(1, true);
        return cpus;
    }

    /**
     * Each round waits for the answer to the last one: a wake-up that gets lost leaves both waiting until the deadline.
     */
    @ParameterizedTest
    @EnumSource(BootParams.Idle.class)
    void noWakeUpIsLost(BootParams.Idle idle) throws InterruptedException {
        int rounds = 20_000;
        Cpus cpus = machine(idle);
        AtomicInteger answered = new AtomicInteger();
        cpus.installCallFunction(now -> answered.incrementAndGet());
        new Players(cpus).cpu(0, cpu -> {
            while (answered.get() < rounds) {
                IdleWait.await(cpu);
                if (cpu.needResched()) {
                    cpu.clearNeedResched();
                    answered.incrementAndGet();
                }
                cpu.poll();
            }
        }).cpu(1, cpu -> {
            for (int i = 1; i <= rounds; i++) {
                int round = i;
                if (!cpus.cpu(0).wakeIfPolling()) {
                    cpus.cpu(0).sendInterrupt(PendingWord.CALL);
                }
                Players.until(() -> answered.get() >= round);
                if (i % 64 == 0) { // time to park
                    Players.until(() -> answered.get() == rounds
                            || (cpus.cpu(0).pendingBits() & PendingWord.PARKED) != 0);
                }
            }
        }).run();
        assertThat(answered).hasValue(rounds);
    }

    @Test
    void whatIsPendingEndsItAtOnce() {
        Cpus cpus = machine(BootParams.Idle.POLL);
        at(cpus.cpu(0), () -> {
            for (int bit : new int[] {PendingWord.CALL, PendingWord.IRQ_WORK, PendingWord.RESCHED, PendingWord.TIMER,
                    PendingWord.NEED_RESCHED}) {
                cpus.cpu(0).pending.getAndSet(bit);
                IdleWait.await(cpus.cpu(0));
                assertThat(cpus.cpu(0).pendingBits()).as("left for the caller to take").isEqualTo(bit);
                cpus.cpu(0).pending.getAndClear(bit);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(BootParams.Idle.class)
    void onlyAPollingIdleIsSeenToPollAndNeverWhenItParks(BootParams.Idle idle) throws InterruptedException {
        Cpus cpus = machine(idle);
        AtomicInteger seenPolling = new AtomicInteger();
        AtomicInteger rounds = new AtomicInteger();
        new Players(cpus).cpu(0, cpu -> {
            for (int i = 0; i < 500; i++) {
                cpu.idleSpin = 20_000;
                IdleWait.await(cpu);
                cpu.poll();
                assertThat(cpu.pendingBits() & PendingWord.PARKED).isZero();
                rounds.incrementAndGet();
            }
        }).cpu(1, cpu -> {
            while (rounds.get() < 500) {
                int bits = cpus.cpu(0).pendingBits();
                if ((bits & PendingWord.POLLING) != 0) {
                    seenPolling.incrementAndGet();
                    assertThat(bits & PendingWord.PARKED).isZero();
                }
                cpus.cpu(0).sendInterrupt(PendingWord.CALL);
                Thread.yield();
            }
        }).run();
        if (idle == BootParams.Idle.HALT) {
            assertThat(seenPolling).hasValue(0);
        }
    }

    @Test
    void aParkedCpuGoesHomeWhenTheMachineEnds() throws InterruptedException {
        Cpus cpus = machine(BootParams.Idle.POLL);
        AtomicInteger aborted = new AtomicInteger();
        Thread idle = new Thread(() -> assertThatExceptionOfType(Aborted.class).isThrownBy(() -> at(cpus.cpu(0), () -> {
            try {
                for (;;) {
                    IdleWait.await(cpus.cpu(0));
                }
            } finally {
                aborted.set(cpus.cpu(0).pendingBits() + 1);
            }
        })));
        idle.setDaemon(true);
        idle.start();
        while ((cpus.cpu(0).pendingBits() & PendingWord.PARKED) == 0) {
            Thread.onSpinWait();
        }
        cpus.lifetime.close();
        cpus.cpu(0).unpark();
        idle.join(30_000);
        assertThat(aborted).as("no mark is left").hasValue(1);
    }
}
