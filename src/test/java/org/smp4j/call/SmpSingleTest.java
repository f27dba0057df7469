package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.smp4j.testing.Players.at;
import static org.smp4j.testing.Players.until;
import static org.smp4j.testing.Players.untilWithoutPoll;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingBits;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Errno;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;
import org.smp4j.testing.Recorder;

class SmpSingleTest {
    private static final String IPI = "generic_smp_call_function_single_interrupt";

    private final Cpus cpus = new Cpus(4);
    private final Smp smp = new Smp(cpus);
    private final Recorder recorder = new Recorder();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final SmpCallFunc func = SmpCallFunc.named("f", info -> ran.add(info + " on " + Cpu.smpProcessorId() + ": "
            + Integer.toHexString(Preempt.count()) + (Cpu.current().irqsDisabled() ? " off" : " on")));

    @BeforeEach
    void record() {
        cpus.setEvents(recorder);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Invariant({5, 7})
    void aCallToItselfRunsAtOnceWithoutQueueAndInterrupt(boolean wait) {
        at(cpus.cpu(2), () -> {
            assertThat(smp.smpCallFunctionSingle(2, func, "x", wait)).isZero();
            assertThat(ran).as("in the task, IRQs off").containsExactly("x on 2: 1 off");
            assertThat(Preempt.preemptible()).isTrue();
            assertThat(cpus.cpu(2).pendingBits()).isZero();
            assertThat(cpus.cpu(2).callSingleQueue().isEmpty()).isTrue();
        });
        assertThat(recorder.lines()).containsExactly("2 csd_function_entry f null", "2 csd_function_exit f null");
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    @Invariant({3, 4, 5})
    void aCallToAnotherCpuRunsThereOnceInHardirqContext() {
        at(cpus.cpu(0), () -> assertThat(smp.smpCallFunctionSingle(1, func, "x", false)).isZero());
        assertThat(cpus.cpu(1).pendingBits()).isEqualTo(PendingWord.CALL);
        assertThat(ran).isEmpty();
        at(cpus.cpu(1), () -> {
            cpus.cpu(1).poll();
            assertThat(ran).containsExactly("x on 1: 10000 off");
            cpus.cpu(1).poll();
            PendingBits.set(cpus.cpu(1), PendingWord.CALL);
            cpus.cpu(1).poll(); // an interrupt that finds the queue empty is legal
        });
        assertThat(ran).hasSize(1);
        assertThat(recorder.lines()).containsExactly("0 csd_queue_cpu 1 f", "0 ipi_send_cpu 1 " + IPI,
                "1 csd_function_entry f", "1 csd_function_exit f");
        assertThat(cpus.warnings.count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Invariant(4)
    void aCallToACpuThatIsOfflineOrDoesNotExistIsRefusedAndNeverRuns(boolean wait) {
        cpus.setCpuOnline(3, false);
        at(cpus.cpu(0), () -> {
            for (int cpu : new int[] {3, 4, 64, 70_000, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                assertThat(smp.smpCallFunctionSingle(cpu, func, "x", wait)).as("CPU %d", cpu).isEqualTo(-Errno.ENXIO);
                assertThat(Preempt.count()).isZero();
            }
            assertThat(recorder.lines()).isEmpty();
            assertThat(cpus.cpu(3).pendingBits()).isZero();
            assertThat(cpus.cpu(3).callSingleQueue().isEmpty()).isTrue();
            assertThat(smp.smpCallFunctionSingle(0, func, "y", wait)).as("the csd is free again").isZero();
        });
        cpus.setCpuOnline(3, true);
        at(cpus.cpu(3), () -> cpus.cpu(3).poll());
        assertThat(ran).containsExactly("y on 0: 1 off");
    }

    private long question;
    private long answer;

    @Test
    @Invariant(6)
    void theTargetSeesWhatWasWrittenBeforeAndTheSenderWhatTheFunctionWrote() throws InterruptedException {
        int rounds = 5_000;
        SmpCallFunc square = info -> answer = question * question;
        new Players(cpus).cpu(0, cpu -> {
            for (long i = 1; i <= rounds; i++) {
                question = i; // plain, both ways
                assertThat(smp.smpCallFunctionSingle(1, square, null, true)).isZero();
                if (answer != i * i) {
                    throw new AssertionError("round " + i + ": " + answer);
                }
            }
        }).serving(1).run();
    }

    @Test
    @Invariant(6)
    void theTargetSeesWhatWasWrittenBeforeACallWithoutWait() throws InterruptedException {
        int rounds = 3_000;
        long[] written = new long[rounds];
        AtomicInteger seen = new AtomicInteger();
        SmpCallFunc check = info -> seen.addAndGet(written[(Integer) info] == 7 ? 1 : 0);
        new Players(cpus).cpu(0, cpu -> {
            for (int i = 0; i < rounds; i++) {
                written[i] = 7;
                smp.smpCallFunctionSingle(1, check, i, false);
            }
        }).serving(1).run();
        assertThat(seen).hasValue(rounds);
    }

    @Test
    @Invariant(8)
    void preemptionIsOffThroughoutTheWaitAndIrqsAreOn() throws InterruptedException {
        List<Integer> below = new CopyOnWriteArrayList<>();
        AtomicBoolean answered = new AtomicBoolean();
        SmpCallFunc interruption = info -> {
            below.add(Preempt.count() & Preempt.PREEMPT_MASK);
            answered.set(true);
        };
        Csd csd = new Csd(interruption, null);
        SmpCallFunc slow = info -> {
            smp.smpCallFunctionSingleAsync(0, csd);
            untilWithoutPoll(answered::get); // CPU 0 takes it while it waits for this function
        };
        new Players(cpus).cpu(0, cpu -> {
            smp.smpCallFunctionSingle(1, slow, null, true);
            assertThat(answered).isTrue();
            assertThat(Preempt.count()).isZero();
        }).serving(1).run();
        assertThat(below).containsExactly(1);
    }

    @Test
    @Invariant(9)
    void theLockIsHeldWhileTheFunctionOfAWaitingCallRunsAndNotWithoutWait() throws InterruptedException {
        List<String> locks = new CopyOnWriteArrayList<>();
        cpus.setEvents(new EventSink() {
            @Override
            public void csdFunctionEntry(Object function, Object csd) {
                locks.add("entry " + ((Csd) csd).isLocked());
            }

            @Override
            public void csdFunctionExit(Object function, Object csd) {
                locks.add("exit " + ((Csd) csd).isLocked());
            }
        });
        SmpCallFunc look = info -> locks.add("run " + ((Csd) info).isLocked());
        new Players(cpus).cpu(0, cpu -> {
            smp.smpCallFunctionSingle(1, look, smp.data(0).waiting[0], true);
            assertThat(smp.data(0).waiting[0].isLocked()).isFalse();
            assertThat(locks).containsExactly("entry true", "run true", "exit true");
            locks.clear();
            smp.smpCallFunctionSingle(1, look, smp.data(0).csdData, false);
            until(() -> locks.size() == 3);
            assertThat(locks).containsExactly("entry false", "run false", "exit false");
        }).serving(1).run();
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    @Invariant(9)
    void unlockingACsdThatIsNotLockedIsReported() {
        Csd csd = new Csd(func, null);
        csd.setLocked(CallSingleNode.CSD_TYPE_ASYNC);
        csd.unlock(smp);
        assertThat(csd.isLocked()).isFalse();
        assertThat(csd.type()).as("cleared with the lock").isZero();
        assertThat(cpus.warnings.count()).isZero();
        csd.unlock(smp);
        assertThat(cpus.warnings.count(Csd.NOT_LOCKED)).isEqualTo(1);
    }

    @Test
    @Invariant(11)
    void theSecondCallWithoutWaitIsHeldUpUntilTheFirstIsUnlocked() throws InterruptedException {
        AtomicInteger sent = new AtomicInteger();
        AtomicBoolean early = new AtomicBoolean();
        new Players(cpus).cpu(0, cpu -> {
            for (int i = 1; i <= 5; i++) {
                smp.smpCallFunctionSingle(1, func, i, false);
                sent.set(i);
            }
        }).cpu(1, cpu -> {
            untilWithoutPoll(() -> sent.get() == 1);
            for (int i = 0; i < 2_000; i++) {
                early.compareAndSet(false, sent.get() > 1);
                Thread.yield();
            }
            until(() -> ran.size() == 5);
        }).run();
        assertThat(early).as("the first call holds the csd").isFalse();
        assertThat(ran).containsExactly("1 on 1: 10000 off", "2 on 1: 10000 off", "3 on 1: 10000 off",
                "4 on 1: 10000 off", "5 on 1: 10000 off");
    }

    @Test
    @Invariant(15)
    void twoCpusThatWaitForEachOtherBothGoOn() throws InterruptedException {
        int rounds = 3_000;
        int[] served = new int[2];
        SmpCallFunc serve = info -> served[Cpu.smpProcessorId()]++;
        Players.Play caller = cpu -> {
            for (int i = 0; i < rounds; i++) {
                smp.smpCallFunctionSingle(1 - cpu.id, serve, null, true);
            }
        };
        new Players(cpus).cpu(0, caller).cpu(1, caller).run();
        assertThat(served).containsExactly(rounds, rounds);
    }

    @Test
    void aWaitInsideAnInterruptHasACsdOfItsOwn() throws InterruptedException {
        AtomicInteger stage = new AtomicInteger();
        SmpCallFunc inner = info -> stage.compareAndSet(2, 3);
        SmpCallFunc interruption = info -> {
            stage.set(2);
            smp.smpCallFunctionSingle(2, inner, null, true); // misuse, warned about, and yet it works
        };
        Csd csd = new Csd(interruption, null);
        SmpCallFunc outer = info -> {
            stage.set(1);
            smp.smpCallFunctionSingleAsync(0, csd);
            untilWithoutPoll(() -> stage.get() == 3);
        };
        new Players(cpus).cpu(0, cpu -> {
            smp.smpCallFunctionSingle(1, outer, null, true);
            assertThat(stage).hasValue(3);
        }).serving(1, 2).run();
        assertThat(cpus.warnings.list()).extracting(Warnings.Warning::site)
                .containsExactlyInAnyOrder(Smp.SINGLE_IRQS_OFF, Smp.SINGLE_NOT_TASK);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aFunctionThatThrowsCountsAsRunAndIsReported(int target) throws InterruptedException {
        RuntimeException cause = new UnsupportedOperationException("of a user");
        SmpCallFunc throwing = SmpCallFunc.named("throwing", info -> {
            throw cause;
        });
        new Players(cpus).cpu(0, cpu -> {
            assertThat(smp.smpCallFunctionSingle(target, throwing, null, true)).isZero();
            assertThat(Preempt.preemptible()).isTrue();
            assertThat(smp.smpCallFunctionSingle(target, func, "next", true)).isZero();
        }).serving(1).run();
        assertThat(ran).hasSize(1);
        assertThat(cpus.warnings.list()).singleElement()
                .satisfies(warning -> assertThat(warning.cause()).isSameAs(cause));
        assertThat(recorder.lines("csd_function_exit")).hasSize(2);
    }

    @Test
    void aMissingFunctionOrMaskIsRefusedBeforeAnythingChanges() {
        assertThatIllegalStateException().isThrownBy(() -> smp.smpCallFunctionSingle(0, func, null, false));
        at(cpus.cpu(0), () -> {
            assertThatNullPointerException().isThrownBy(() -> smp.smpCallFunctionSingle(1, null, null, true))
                    .withMessage("func");
            assertThat(Preempt.count()).isZero();
        });
    }

    @Test
    void aTargetThatPollsInIdleIsNotInterruptedAndRunsTheCallInTaskContext() {
        Cpu idle = cpus.cpu(1);
        PendingBits.set(idle, PendingWord.POLLING);
        at(cpus.cpu(0), () -> smp.smpCallFunctionSingle(1, func, "x", false));
        assertThat(idle.pendingBits()).isEqualTo(PendingWord.POLLING | PendingWord.NEED_RESCHED);
        at(idle, () -> {
            idle.clearNeedResched();
            idle.poll();
            assertThat(ran).isEmpty();
            smp.flushSmpCallFunctionQueue();
            assertThat(idle.irqsDisabled()).isFalse();
            smp.flushSmpCallFunctionQueue();
        });
        assertThat(ran).containsExactly("x on 1: 0 off");
        assertThat(recorder.lines()).containsExactly("0 csd_queue_cpu 1 f", "0 sched_wake_idle_without_ipi 1",
                "1 csd_function_entry f", "1 csd_function_exit f");
    }

    @Test
    void kickAllCpusSyncInterruptsEveryOtherCpu() throws InterruptedException {
        List<String> seen = new ArrayList<>();
        new Players(cpus).cpu(0, cpu -> {
            smp.kickAllCpusSync();
            seen.addAll(recorder.lines("csd_function_exit"));
        }).serving(1, 2, 3).run();
        assertThat(seen).containsExactlyInAnyOrder("1 csd_function_exit do_nothing", "2 csd_function_exit do_nothing",
                "3 csd_function_exit do_nothing");
    }
}
