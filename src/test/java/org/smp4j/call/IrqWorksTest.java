package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.at;
import static org.smp4j.testing.Players.until;
import static org.smp4j.testing.Players.untilWithoutPoll;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;
import org.smp4j.testing.Recorder;

class IrqWorksTest {
    private final Cpus cpus = new Cpus(3);
    private final Smp smp = new Smp(cpus);
    private final IrqWorks irqWorks = new IrqWorks(smp);
    private final Recorder recorder = new Recorder();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final Cpu cpu = cpus.cpu(0);

    @BeforeEach
    void record() {
        cpus.setEvents(recorder);
    }

    private IrqWork.Func func(String name) {
        return new IrqWork.Func() {
            @Override
            public void call(IrqWork work) {
                ran.add(name + " on " + Cpu.smpProcessorId() + ": " + Integer.toHexString(Preempt.count())
                        + (LocalIrq.disabled() ? " off" : " on"));
            }

            @Override
            public String name() {
                return name;
            }
        };
    }

    @Test
    @Invariant(38)
    void oneThatIsPendingIsNotQueuedAgain() {
        IrqWork work = IrqWork.of(func("w"));
        at(cpu, () -> {
            Preempt.disable();
            LocalIrq.disable();
            assertThat(irqWorks.irqWorkQueue(work)).isTrue();
            assertThat(work.isPending()).isTrue();
            assertThat(work.isBusy()).isTrue();
            assertThat(irqWorks.irqWorkQueue(work)).isFalse();
            assertThat(irqWorks.irqWorkQueueOn(work, 1)).isFalse();
            assertThat(cpus.cpu(1).callSingleQueue().isEmpty()).isTrue();
            assertThat(ran).isEmpty();
            assertThat(Preempt.count()).isEqualTo(1);
            LocalIrq.enable();
            assertThat(ran).containsExactly("w on 0: 10001 off");
            assertThat(work.isBusy()).isFalse();
            assertThat(irqWorks.irqWorkQueue(work)).isTrue();
            Preempt.enable();
        });
        assertThat(ran).containsExactly("w on 0: 10001 off", "w on 0: 10001 off");
    }

    @Test
    @Invariant(38)
    void itMayBeQueuedAgainFromItsOwnFunction() {
        IrqWork again = IrqWork.of(work -> {
            ran.add("pending " + work.isPending() + " busy " + work.isBusy());
            if (ran.size() < 3) {
                assertThat(irqWorks.irqWorkQueue(work)).isTrue();
                assertThat(irqWorks.irqWorkQueue(work)).isFalse();
            }
        });
        at(cpu, () -> irqWorks.irqWorkQueue(again));
        assertThat(ran).containsExactly("pending false busy true", "pending false busy true",
                "pending false busy true");
        assertThat(again.isBusy()).isFalse();
        assertThat(again.isPending()).isFalse();
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    @Invariant(38)
    void inAStormEveryClaimThatSucceedsIsOneRunThatBeginsAfterIt() throws InterruptedException {
        int rounds = 4_000;
        AtomicInteger claims = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        IrqWork work = IrqWork.of(w -> {
            if (runs.incrementAndGet() % 8 == 0) {
                Thread.yield(); // time for a claim while it runs
            }
        });
        Players.Play claimer = self -> {
            for (int i = 0; i < rounds; i++) {
                if (i % 2 == 0 ? irqWorks.irqWorkQueue(work) : irqWorks.irqWorkQueueOn(work, (self.id + i) % 3)) {
                    claims.incrementAndGet();
                }
                if (i % 8 == 0) {
                    irqWorks.irqWorkSync(work);
                }
            }
        };
        new Players(cpus).cpu(0, claimer).cpu(1, claimer).cpu(2, claimer).run();
        assertThat(runs).hasValue(claims.get());
        assertThat(claims.get()).isPositive();
        assertThat(work.isBusy()).isFalse();
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    @Invariant(39)
    void syncWaitsForOneThatIsQueuedAndForOneThatRuns() throws InterruptedException {
        AtomicBoolean started = new AtomicBoolean();
        AtomicBoolean finished = new AtomicBoolean();
        AtomicBoolean mayFinish = new AtomicBoolean();
        IrqWork work = IrqWork.of(w -> {
            started.set(true);
            untilWithoutPoll(mayFinish::get);
            finished.set(true);
        });
        new Players(cpus).cpu(0, self -> {
            irqWorks.irqWorkQueueOn(work, 1);
            irqWorks.irqWorkSync(work);
            assertThat(finished).as("it was queued only").isTrue();
            finished.set(false);
            irqWorks.irqWorkSync(work);
            started.set(false);
            mayFinish.set(false);
            irqWorks.irqWorkQueueOn(work, 1);
            untilWithoutPoll(started::get);
            irqWorks.irqWorkSync(work);
            assertThat(finished).as("it ran").isTrue();
        }).serving(1).cpu(2, self -> {
            for (int round = 0; round < 2; round++) {
                untilWithoutPoll(() -> started.get() && !mayFinish.get());
                for (int i = 0; i < 500; i++) {
                    Thread.yield();
                }
                mayFinish.set(true);
            }
        }).run();
    }

    @Test
    @Invariant(39)
    void afterSyncNothingRunsUnlessItIsQueuedAnew() throws InterruptedException {
        int rounds = 3_000;
        int[] late = new int[1];
        AtomicBoolean freed = new AtomicBoolean(true);
        IrqWork work = IrqWork.of(w -> late[0] += freed.get() ? 1 : 0);
        new Players(cpus).cpu(0, self -> {
            for (int i = 0; i < rounds; i++) {
                freed.set(false);
                irqWorks.irqWorkQueueOn(work, 1 + i % 2);
                irqWorks.irqWorkSync(work);
                freed.set(true);
            }
        }).serving(1, 2).run();
        assertThat(late).containsExactly(0);
    }

    @Test
    @Invariant(39)
    void whatWasWrittenBeforeAClaimThatFailsIsSeenByTheRunThatWasPending() throws InterruptedException {
        int rounds = 1_500;
        int[] written = new int[2 * 16];
        AtomicIntegerArray seen = new AtomicIntegerArray(2);
        AtomicInteger failed = new AtomicInteger();
        AtomicInteger missed = new AtomicInteger();
        IrqWork work = IrqWork.of(w -> {
            int first = written[0];
            int second = written[16];
            Thread.yield(); // time for a claim after it has looked: that one must succeed
            seen.set(0, first);
            seen.set(1, second);
        });
        Players.Play writer = self -> {
            for (int i = 1; i <= rounds; i++) {
                written[self.id * 16] = i; // plain
                if (!irqWorks.irqWorkQueueOn(work, 2)) {
                    failed.incrementAndGet();
                }
                irqWorks.irqWorkSync(work);
                missed.addAndGet(seen.get(self.id) >= i ? 0 : 1);
            }
        };
        new Players(cpus).cpu(0, writer).cpu(1, writer).serving(2).run();
        assertThat(missed).hasValue(0);
    }

    @Test
    @Invariant({38, 39})
    void aClaimWhileItRunsSucceedsAndIsServedByAnotherRun() throws InterruptedException {
        int[] data = new int[1];
        AtomicBoolean looked = new AtomicBoolean();
        AtomicBoolean claimed = new AtomicBoolean();
        IrqWork work = IrqWork.of(w -> {
            ran.add("saw " + data[0]);
            looked.set(true);
            untilWithoutPoll(claimed::get);
        });
        new Players(cpus).cpu(0, self -> {
            data[0] = 1;
            irqWorks.irqWorkQueueOn(work, 1);
            until(looked::get);
            data[0] = 2;
            try {
                assertThat(irqWorks.irqWorkQueueOn(work, 1)).isTrue();
            } finally {
                claimed.set(true);
            }
            irqWorks.irqWorkSync(work);
            assertThat(ran).containsExactly("saw 1", "saw 2");
        }).serving(1).run();
    }

    @Test
    @Invariant(39)
    void aClaimThatFailsWhileTheWorkIsPendingIsServedByItsRun() {
        int[] data = new int[1];
        IrqWork work = IrqWork.of(w -> ran.add("saw " + data[0]));
        at(cpu, () -> {
            LocalIrq.disable();
            data[0] = 1;
            assertThat(irqWorks.irqWorkQueue(work)).isTrue();
            data[0] = 2;
            assertThat(irqWorks.irqWorkQueue(work)).isFalse();
            LocalIrq.enable();
        });
        assertThat(ran).containsExactly("saw 2");
    }

    @Test
    @Invariant(40)
    void localWorksRunNewestFirstAndLazyOnesAfterThem() {
        IrqWork[] works =
                {IrqWork.of(func("w1")), IrqWork.lazy(func("l1")), IrqWork.of(func("w2")), IrqWork.hard(func("w3")),
                IrqWork.lazy(func("l2"))};
        at(cpu, () -> {
            LocalIrq.disable();
            for (IrqWork work : works) {
                irqWorks.irqWorkQueue(work);
            }
            assertThat(cpu.pendingBits()).isEqualTo(PendingWord.IRQ_WORK);
            assertThat(cpu.callSingleQueue().isEmpty()).as("not on the call queue").isTrue();
            LocalIrq.enable();
        });
        assertThat(ran).extracting(line -> line.substring(0, 2)).containsExactly("w3", "w2", "w1", "l2", "l1");
        assertThat(recorder.lines()).as("one interrupt for each list")
                .containsExactly("0 ipi_send_cpu 0 w1", "0 ipi_send_cpu 0 l1");
    }

    @Test
    @Invariant(40)
    void remoteWorksGoThroughTheCallQueueInOrderWithOneInterrupt() {
        IrqWork first = IrqWork.of(func("w1"));
        IrqWork lazy = IrqWork.lazy(func("l1"));
        Csd call = new Csd(SmpCallFunc.named("c", info -> ran.add("c on " + Cpu.smpProcessorId() + ": ")), null);
        at(cpu, () -> {
            assertThat(irqWorks.irqWorkQueueOn(first, 1)).isTrue();
            smp.smpCallFunctionSingleAsync(1, call);
            assertThat(irqWorks.irqWorkQueueOn(lazy, 1)).isTrue();
            assertThat(irqWorks.irqWorkQueueOn(first, 1)).isFalse();
        });
        assertThat(cpus.cpu(1).pendingBits()).as("a call interrupt").isEqualTo(PendingWord.CALL);
        at(cpus.cpu(1), () -> cpus.cpu(1).poll());
        assertThat(ran).containsExactly("w1 on 1: 10000 off", "c on 1: ", "l1 on 1: 10000 off");
        assertThat(recorder.lines()).containsExactly("0 csd_queue_cpu 1 w1",
                "0 ipi_send_cpu 1 generic_smp_call_function_single_interrupt",
                "0 csd_queue_cpu 1 c", "0 csd_queue_cpu 1 l1", "1 csd_function_entry c", "1 csd_function_exit c");
        assertThat(first.isBusy()).isFalse();
    }

    @Test
    @Invariant(40)
    void queueingOnItselfIsLocal() {
        IrqWork work = IrqWork.of(func("w"));
        at(cpu, () -> assertThat(irqWorks.irqWorkQueueOn(work, 0)).isTrue());
        assertThat(ran).containsExactly("w on 0: 10000 off");
        assertThat(recorder.lines()).containsExactly("0 ipi_send_cpu 0 w");
    }

    @Test
    void aLazyWorkWaitsForTheTickIfOneComes() {
        irqWorks.installTick(now -> true);
        IrqWork lazy = IrqWork.lazy(func("l"));
        at(cpu, () -> {
            assertThat(irqWorks.irqWorkNeedsCpu()).isFalse();
            irqWorks.irqWorkQueue(lazy);
            assertThat(cpu.pendingBits()).isZero();
            assertThat(irqWorks.irqWorkNeedsCpu()).isTrue();
            irqWorks.irqWorkQueue(IrqWork.of(func("w")));
            assertThat(ran).as("the interrupt runs the lazy ones too").extracting(line -> line.substring(0, 1))
                    .containsExactly("w", "l");
            irqWorks.irqWorkQueue(lazy);
            LocalIrq.disable();
            irqWorks.irqWorkTick();
            LocalIrq.enable();
            assertThat(ran).hasSize(3);
            assertThat(irqWorks.irqWorkNeedsCpu()).isFalse();
        });
    }

    @Test
    void theTickLeavesTheOthersToTheirInterrupt() {
        at(cpu, () -> {
            LocalIrq.disable();
            irqWorks.irqWorkQueue(IrqWork.of(func("w")));
            irqWorks.irqWorkTick();
            assertThat(ran).isEmpty();
            LocalIrq.enable();
            assertThat(ran).hasSize(1);
        });
    }

    @Test
    void aCpuThatIsOfflineIsWarnedAboutOnceAndNotRefused() {
        cpus.setCpuOnline(1, false);
        at(cpu, () -> {
            assertThat(irqWorks.irqWorkQueueOn(IrqWork.of(func("w1")), 1)).isTrue();
            assertThat(irqWorks.irqWorkQueueOn(IrqWork.of(func("w2")), 1)).isTrue();
        });
        assertThat(cpus.warnings.count(IrqWorks.QUEUE_ON_OFFLINE)).isEqualTo(1);
        at(cpus.cpu(1), () -> {
            LocalIrq.disable();
            smp.smpcfdDyingCpu();
            irqWorks.irqWorkQueue(IrqWork.lazy(func("l")));
            assertThat(irqWorks.irqWorkNeedsCpu()).isTrue();
            irqWorks.irqWorkRun();
            assertThat(irqWorks.irqWorkNeedsCpu()).isFalse();
            LocalIrq.enable();
        });
        assertThat(ran).extracting(line -> line.substring(0, 2)).containsExactly("w1", "w2", "l ");
        assertThat(cpus.warnings.count(IrqWorks.NEEDS_OFFLINE_CPU)).isEqualTo(1);
    }

    @Test
    void misuseIsReported() {
        at(cpu, () -> {
            irqWorks.irqWorkRun();
            assertThat(cpus.warnings.count(IrqWorks.RUN_IRQS_ON)).isPositive();
            LocalIrq.disable();
            irqWorks.irqWorkSync(IrqWork.of(func("free")));
            LocalIrq.enable();
            assertThat(cpus.warnings.count(IrqWorks.SYNC_IRQS_OFF)).isEqualTo(1);
        });
    }

    @Test
    void aFunctionThatThrowsIsReportedAndItsWorkIsFreeAgain() {
        IrqWork work = IrqWork.of(w -> {
            throw new IllegalArgumentException("of a user");
        });
        at(cpu, () -> {
            assertThat(irqWorks.irqWorkQueue(work)).isTrue();
            assertThat(work.isBusy()).isFalse();
            irqWorks.irqWorkSync(work);
            assertThat(irqWorks.irqWorkQueue(work)).isTrue();
            assertThat(Preempt.preemptible()).isTrue();
        });
        assertThat(cpus.warnings.count()).isEqualTo(2);
    }

    @Test
    void theFlagsAreTheKernels() {
        assertThat(new int[] {IrqWork.PENDING, IrqWork.BUSY, IrqWork.CLAIMED, IrqWork.LAZY, IrqWork.HARD_IRQ})
                .containsExactly(1, 2, 3, 4, 8);
        assertThat(IrqWork.hard(func("h")).isHard()).isTrue();
        assertThat(IrqWork.of(func("w")).isHard()).isFalse();
        assertThat(IrqWork.lazy(func("l")).isLazy()).isTrue();
        IrqWork work = IrqWork.lazy(func("l"));
        assertThat(work.claim()).isTrue();
        assertThat(work.flags).as("claimed, of its type, and still lazy").isEqualTo(0x27);
        int begun = work.begin();
        assertThat(begun).isEqualTo(0x26);
        assertThat(work.claim()).as("claimed again while it runs").isTrue();
        work.end(begun);
        assertThat(work.flags).as("so it stays claimed").isEqualTo(0x27);
    }

    @Test
    void syncServesInterruptsWhileItWaits() throws InterruptedException {
        AtomicInteger served = new AtomicInteger();
        Csd call = new Csd(info -> served.incrementAndGet(), null);
        IrqWork work = IrqWork.of(w -> {
            smp.smpCallFunctionSingleAsync(0, call);
            untilWithoutPoll(() -> served.get() == 1);
        });
        new Players(cpus).cpu(0, self -> {
            irqWorks.irqWorkQueueOn(work, 1);
            irqWorks.irqWorkSync(work);
            assertThat(served).hasValue(1);
        }).cpu(1, self -> until(() -> served.get() == 1)).run();
    }
}
