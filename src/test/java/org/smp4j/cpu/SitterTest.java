package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.at;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Waiter;

class SitterTest {
    private final Cpus cpus = new Cpus(2);
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private Sitter newSitter(int count, boolean irqsOff) {
        Sitter sitter = new Sitter(cpus);
        sitter.firstContext(count, irqsOff);
        return sitter;
    }

    private SeatThread start(String name, Sitter sitter, Runnable body) {
        SeatThread thread = new SeatThread(name, sitter, () -> {
            try {
                body.run();
            } catch (Aborted e) {
                log.add(name + ": " + e.getMessage());
            } catch (Throwable e) {
                log.add(name + " failed: " + e);
            }
        });
        sitter.attach(thread);
        thread.start();
        return thread;
    }

    private void join(Thread... threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(30));
            assertThat(thread.isAlive()).as("%s at %s", thread.getName(), List.of(thread.getStackTrace())).isFalse();
        }
    }

    @Test
    void theSeatGoesFromHandToHandWithItsCountAndFlag() throws InterruptedException {
        Cpu cpu = cpus.cpu(0);
        Sitter first = newSitter(1, true);
        Sitter second = newSitter(5, false); // for an empty seat only
        int rounds = 500;
        SeatThread one = start("one", first, () -> {
            first.awaitSeat();
            assertThat(Cpu.current()).isSameAs(cpu);
            assertThat(Waiter.current()).isSameAs(first);
            for (int i = 0; i < rounds; i++) {
                assertThat(cpu.preemptCount()).isEqualTo(1);
                assertThat(cpu.irqsDisabled()).isTrue();
                cpu.preemptCountAdd(1);
                first.passSeatTo(second);
                assertThatIllegalStateException().isThrownBy(Cpu::current);
                first.awaitSeat();
            }
            first.leaveSeatEmpty();
            log.add("one done");
        });
        SeatThread two = start("two", second, () -> {
            for (int i = 0; i < rounds; i++) {
                second.awaitSeat();
                assertThat(cpu.sitter()).isSameAs(second);
                assertThat(cpu.preemptCount()).isEqualTo(2);
                assertThat(cpu.irqsDisabled()).isTrue();
                cpu.preemptCountSub(1);
                second.passSeatTo(first);
            }
            log.add("two done");
        });
        first.seatOn(cpu);
        join(one, two);
        assertThat(log).containsExactlyInAnyOrder("one done", "two done");
        assertThat(cpu.sitter()).isNull();
    }

    @Test
    void aTakenSeatIsNotGranted() {
        at(cpus.cpu(0), () -> assertThatIllegalStateException()
                .isThrownBy(() -> newSitter(0, false).seatOn(cpus.cpu(0)))
                .withMessageStartingWith("CPU 0 is taken by"));
    }

    @Test
    void aThreadThatWaitsForASeatEndsWhenTheMachineEnds() throws InterruptedException {
        Sitter waiting = newSitter(0, false);
        SeatThread thread = start("waiting", waiting, waiting::awaitSeat);
        cpus.lifetime.close();
        LockSupport.unpark(thread);
        join(thread);
        assertThat(log).containsExactly("waiting: machine closed");
    }

    @Test
    void aWakeBeforeTheBlockIsRemembered() {
        at(cpus.cpu(0), () -> {
            Waiter self = Waiter.current();
            self.wake();
            self.wake();
            self.block();
            self.blockUntil(System.nanoTime() + 1000);
        });
    }

    @Test
    void anAtomicSectionIsWithoutPreemptionAndInterrupts() {
        at(cpus.cpu(0), () -> {
            Waiter self = Waiter.current();
            int outer = self.atomicBegin();
            int inner = self.atomicBegin();
            assertThat(Preempt.count()).isEqualTo(2);
            self.atomicEnd(inner);
            assertThat(Preempt.count()).isEqualTo(1);
            assertThat(LocalIrq.disabled()).isTrue();
            self.atomicEnd(outer);
            assertThat(Preempt.preemptible()).isTrue();
        });
    }

    @Test
    void someoneWithoutAThreadHasNoName() {
        assertThat(newSitter(0, false).comm()).isEqualTo("-");
        assertThat(newSitter(0, false).seat()).isNull();
    }
}
