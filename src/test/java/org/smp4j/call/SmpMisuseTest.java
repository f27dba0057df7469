package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.Invariant;

/** What the kernel warns about: once, and the call goes on. */
class SmpMisuseTest {
    private final Cpus cpus = new Cpus(2);
    private final Smp smp = new Smp(cpus);
    private final Cpu cpu = cpus.cpu(0);
    private final AtomicInteger runs = new AtomicInteger();
    private final SmpCallFunc func = info -> runs.incrementAndGet();
    private final CpuMask both = CpuMask.of(2, 0, 1);

    private List<WarnSite> sites() {
        return cpus.warnings.list().stream().map(Warnings.Warning::site).toList();
    }

    /** Twice, so that a warning that is not once shows; the polls in between are the other CPU's. */
    private void twice(Runnable call) {
        for (int i = 0; i < 2; i++) {
            at(cpu, call);
            at(cpus.cpu(1), () -> cpus.cpu(1).poll());
        }
    }

    @Test
    @Invariant(16)
    void aSingleCallWithIrqsOffWarnsOnce() {
        twice(() -> {
            LocalIrq.disable();
            assertThat(smp.smpCallFunctionSingle(1, func, null, false)).isZero();
            assertThat(LocalIrq.disabled()).isTrue();
            LocalIrq.enable();
        });
        assertThat(sites()).containsExactly(Smp.SINGLE_IRQS_OFF);
        assertThat(runs).hasValue(2);
    }

    @Test
    @Invariant(16)
    void aSingleCallFromAHardirqWarnsOnce() {
        cpus.installTimer(now -> smp.smpCallFunctionSingle(1, func, null, false));
        twice(() -> {
            cpu.sendInterrupt(PendingWord.TIMER);
            cpu.poll();
        });
        assertThat(sites()).containsExactly(Smp.SINGLE_IRQS_OFF, Smp.SINGLE_NOT_TASK);
        assertThat(runs).hasValue(2);
    }

    @Test
    @Invariant(16)
    void aSingleCallFromASoftirqWarnsOnceButNotWithBottomHalvesDisabled() {
        twice(() -> {
            Preempt.localBhDisable();
            smp.smpCallFunctionSingle(1, func, null, false);
            Preempt.localBhEnable();
        });
        assertThat(sites()).isEmpty();
        twice(() -> {
            cpu.preemptCountAdd(Preempt.SOFTIRQ_OFFSET);
            smp.smpCallFunctionSingle(1, func, null, false);
            cpu.preemptCountSub(Preempt.SOFTIRQ_OFFSET);
        });
        assertThat(sites()).containsExactly(Smp.SINGLE_NOT_TASK);
        assertThat(runs).hasValue(4);
    }

    @Test
    @Invariant(16)
    void aBroadcastWithPreemptionOnWarnsOnce() {
        twice(() -> smp.smpCallFunctionMany(both, func, null, false));
        assertThat(sites()).containsExactly(CallMany.MANY_PREEMPTIBLE);
        assertThat(runs).hasValue(2);
    }

    @Test
    @Invariant(16)
    void anythingThatKeepsPreemptionOffIsGoodEnoughForABroadcast() {
        twice(() -> {
            Preempt.localBhDisable();
            smp.smpCallFunctionMany(both, func, null, false);
            Preempt.localBhEnable();
        });
        twice(() -> smp.smpCallFunction(func, null, false));
        twice(() -> smp.onEachCpu(func, null, false));
        assertThat(sites()).isEmpty();
    }

    @Test
    @Invariant(16)
    void aBroadcastWithIrqsOffWarnsOnce() {
        twice(() -> {
            LocalIrq.disable();
            smp.onEachCpu(func, null, false);
            LocalIrq.enable();
        });
        assertThat(sites()).containsExactly(CallMany.MANY_IRQS_OFF);
        assertThat(runs).hasValue(4);
    }

    @Test
    @Invariant(16)
    void aBroadcastFromAnInterruptWarnsOnce() {
        cpus.installTimer(now -> smp.smpCallFunction(func, null, false));
        twice(() -> {
            cpu.sendInterrupt(PendingWord.TIMER);
            cpu.poll();
        });
        assertThat(sites()).containsExactly(CallMany.MANY_IRQS_OFF, CallMany.MANY_NOT_TASK);
        assertThat(runs).hasValue(2);
    }

    @Test
    @Invariant(16)
    void aCpuThatIsOfflineMayCallWithIrqsOff() {
        cpus.setCpuOnline(0, false);
        twice(() -> {
            LocalIrq.disable();
            Preempt.disable();
            assertThat(smp.smpCallFunctionSingle(1, func, null, false)).isZero();
            Preempt.enable();
            LocalIrq.enable();
        });
        twice(() -> {
            LocalIrq.disable();
            smp.smpCallFunction(func, null, false);
            LocalIrq.enable();
        });
        assertThat(sites()).isEmpty();
        assertThat(runs).hasValue(4);
    }
}
