package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;
import static org.smp4j.testing.Players.until;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Errno;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;
import org.smp4j.testing.Recorder;

class SmpAsyncTest {
    private final Cpus cpus = new Cpus(3);
    private final Smp smp = new Smp(cpus);
    private final AtomicInteger runs = new AtomicInteger();
    private final Csd csd = new Csd(SmpCallFunc.named("f", info -> runs.incrementAndGet()), "info");

    @Test
    @Invariant(4)
    void aCsdThatIsOnItsWayIsBusyAndLeftAlone() {
        Recorder recorder = new Recorder();
        cpus.setEvents(recorder);
        at(cpus.cpu(0), () -> {
            assertThat(smp.smpCallFunctionSingleAsync(1, csd)).isZero();
            assertThat(csd.isLocked()).isTrue();
            assertThat(smp.smpCallFunctionSingleAsync(1, csd)).isEqualTo(-Errno.EBUSY);
            assertThat(smp.smpCallFunctionSingleAsync(2, csd)).isEqualTo(-Errno.EBUSY);
            assertThat(smp.smpCallFunctionSingleAsync(0, csd)).isEqualTo(-Errno.EBUSY);
            assertThat(Preempt.count()).isZero();
            assertThat(csd.dst).isEqualTo((short) 1);
            assertThat(recorder.lines("csd_queue_cpu")).hasSize(1);
        });
        at(cpus.cpu(2), () -> cpus.cpu(2).poll());
        assertThat(runs).hasValue(0);
        at(cpus.cpu(1), () -> cpus.cpu(1).poll());
        assertThat(runs).hasValue(1);
        assertThat(csd.isLocked()).isFalse();
        at(cpus.cpu(0), () -> assertThat(smp.smpCallFunctionSingleAsync(0, csd))
                .as("free again; to itself it runs at once").isZero());
        assertThat(runs).hasValue(2);
    }

    @Test
    @Invariant(4)
    void aCsdForACpuThatIsOfflineIsRefusedAndFreeAgain() {
        cpus.setCpuOnline(2, false);
        at(cpus.cpu(0), () -> {
            assertThat(smp.smpCallFunctionSingleAsync(2, csd)).isEqualTo(-Errno.ENXIO);
            assertThat(smp.smpCallFunctionSingleAsync(-1, csd)).isEqualTo(-Errno.ENXIO);
            assertThat(smp.smpCallFunctionSingleAsync(3, csd)).isEqualTo(-Errno.ENXIO);
            assertThat(csd.isLocked()).isFalse();
        });
        assertThat(runs).hasValue(0);
        assertThat(cpus.cpu(2).callSingleQueue().isEmpty()).isTrue();
    }

    @Test
    @Invariant({8, 16})
    void itMayBeSentWithIrqsOffAndFromAnInterrupt() {
        Csd second = new Csd(info -> runs.incrementAndGet(), null);
        cpus.installTimer(cpu -> assertThat(smp.smpCallFunctionSingleAsync(2, second)).isZero());
        at(cpus.cpu(0), () -> {
            LocalIrq.disable();
            Preempt.disable();
            assertThat(smp.smpCallFunctionSingleAsync(1, csd)).isZero();
            assertThat(Preempt.count()).isEqualTo(1);
            assertThat(LocalIrq.disabled()).isTrue();
            Preempt.enable();
            LocalIrq.enable();
            cpus.cpu(0).sendInterrupt(PendingWord.TIMER);
            cpus.cpu(0).poll();
        });
        at(cpus.cpu(1), () -> cpus.cpu(1).poll());
        at(cpus.cpu(2), () -> cpus.cpu(2).poll());
        assertThat(runs).hasValue(2);
        assertThat(cpus.warnings.count()).as("no misuse").isZero();
    }

    @Test
    @Invariant(9)
    void aFunctionMaySendItsOwnCsdAgain() throws InterruptedException {
        int hops = 3_000;
        List<Integer> wrong = new CopyOnWriteArrayList<>();
        Csd[] ball = new Csd[1];
        ball[0] = new Csd(info -> {
            int hop = runs.incrementAndGet();
            if (ball[0].isLocked() || Cpu.smpProcessorId() != hop % 3) {
                wrong.add(hop);
            }
            if (hop < hops) {
                wrong.addAll(smp.smpCallFunctionSingleAsync((hop + 1) % 3, ball[0]) == 0 ? List.of() : List.of(hop));
            }
        }, null);
        new Players(cpus).cpu(0, cpu -> {
            smp.smpCallFunctionSingleAsync(1, ball[0]);
            until(() -> runs.get() == hops);
        }).serving(1, 2).run();
        assertThat(wrong).isEmpty();
        assertThat(cpus.warnings.count()).isZero();
    }
}
