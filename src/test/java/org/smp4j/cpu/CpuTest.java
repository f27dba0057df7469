package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.at;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Trace;
import org.smp4j.lib.Warnings;
import org.smp4j.testing.Players;
import org.smp4j.testing.Recorder;

class CpuTest {
    private final Cpus cpus = new Cpus(4);
    private final Cpu cpu = cpus.cpu(1);

    /** Like a task that the scheduler may move. */
    private static final class Loose extends Sitter {
        private final boolean idle;

        Loose(Cpus cpus, boolean idle) {
            super(cpus);
            this.idle = idle;
        }

        @Override
        protected boolean staysOnCpu() {
            return false;
        }

        @Override
        public boolean isIdleTask() {
            return idle;
        }
    }

    @Test
    void aSittingThreadIsTheCpuUntilItStandsUp() {
        assertThatIllegalStateException().isThrownBy(Cpu::current)
                .withMessage(Thread.currentThread().getName() + " sits on no CPU");
        try (Sitter sitter = cpu.sit()) {
            assertThat(Cpu.current()).isSameAs(cpu);
            assertThat(sitter.seat()).isSameAs(cpu);
            assertThat(cpu.sitter()).isSameAs(sitter);
            assertThat(sitter.thread()).isSameAs(Thread.currentThread());
            assertThat(sitter.comm()).isEqualTo(Thread.currentThread().getName());
            assertThat(cpu.preemptCount()).isZero();
            assertThat(cpu.irqsDisabled()).isFalse();
        }
        assertThat(cpu.sitter()).isNull();
        assertThatIllegalStateException().isThrownBy(Cpu::current);
        try (Sitter again = cpus.cpu(2).sit()) {
            assertThat(again.seat().id).isEqualTo(2);
        }
    }

    @Test
    void aThreadSitsOnOneCpuOnly() {
        at(cpu, () -> {
            assertThatIllegalStateException().isThrownBy(() -> cpus.cpu(2).sit())
                    .withMessage(Thread.currentThread().getName() + " already sits on CPU 1");
            assertThatIllegalStateException().isThrownBy(cpu::sit);
            assertThat(Cpu.current()).as("the first seat is kept").isSameAs(cpu);
            assertThat(cpus.cpu(2).sitter()).isNull();
        });
    }

    @Test
    void aSeatTakesOneOnly() throws InterruptedException {
        new Players(cpus).cpu(1, taken -> assertThat(taken.sitter()).isNotNull()).cpu(2, other -> {
            Thread visitor = new Thread(() -> assertThatIllegalStateException().isThrownBy(other::sit)
                    .withMessageStartingWith("CPU 2 is taken by"));
            Throwable[] failure = new Throwable[1];
            visitor.setUncaughtExceptionHandler((thread, thrown) -> failure[0] = thrown);
            visitor.start();
            visitor.join();
            assertThat(failure[0]).isNull();
        }).run();
    }

    @Test
    void standingUpUnbalancedIsRefusedButTheSeatIsFree() {
        Sitter first = cpu.sit();
        Preempt.disable();
        LocalIrq.disable();
        assertThatIllegalStateException().isThrownBy(first::close)
                .withMessage("stood up with preempt count 1 and IRQs off");
        first.close();
        try (Sitter _ = cpu.sit()) {
            assertThat(Preempt.count()).isZero();
            assertThat(LocalIrq.disabled()).isFalse();
        }
    }

    @Test
    void onceTheMachineHasEndedStandingUpIsQuiet() {
        assertThatExceptionOfType(Aborted.class).isThrownBy(() -> at(cpu, () -> {
            Preempt.disable();
            cpus.lifetime.close();
            Players.until(() -> false);
        })).withMessage("machine closed");
        assertThat(cpu.sitter()).isNull();
    }

    @Test
    void askingForTheCpuNumberWarnsOnlyWhereItMayBeStaleAtOnce() {
        at(cpu, () -> assertThat(Cpu.smpProcessorId()).as("a sitter that stays").isEqualTo(1));
        assertThat(cpus.warnings.count()).isZero();

        Loose loose = new Loose(cpus, false);
        loose.sitDown(cpu);
        assertThat(Cpu.rawSmpProcessorId()).isEqualTo(1);
        Preempt.disable();
        assertThat(Cpu.smpProcessorId()).isEqualTo(1);
        Preempt.enable();
        LocalIrq.disable();
        assertThat(Cpu.smpProcessorId()).isEqualTo(1);
        LocalIrq.enable();
        assertThat(cpus.warnings.count()).isZero();
        assertThat(Cpu.smpProcessorId()).isEqualTo(1);
        assertThat(Cpu.smpProcessorId()).isEqualTo(1);
        assertThat(cpus.warnings.list()).extracting(Warnings.Warning::message)
                .containsExactly("using smp_processor_id() in preemptible code on CPU 1");
        loose.close();
    }

    @Test
    void getCpuKeepsTheCallerWhereItIs() {
        at(cpu, () -> {
            assertThat(Cpu.getCpu()).isEqualTo(1);
            assertThat(Preempt.count()).isEqualTo(1);
            assertThat(Cpu.getCpu()).isEqualTo(1);
            assertThat(Preempt.count()).isEqualTo(2);
            Cpu.putCpu();
            Cpu.putCpu();
            assertThat(Preempt.count()).isZero();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x200, 0x201})
    void anInterruptRunsInHardirqContextOnTopOfTheCount(int before) {
        List<String> seen = new ArrayList<>();
        cpus.installTimer(now ->
                seen.add(Integer.toHexString(now.preemptCount()) + (now.irqsDisabled() ? " off " : " on ")
                + Preempt.inHardirq() + " on " + Cpu.smpProcessorId()));
        at(cpu, () -> {
            cpu.preemptCountAdd(before);
            cpu.sendInterrupt(PendingWord.TIMER);
            cpu.poll();
            assertThat(seen).containsExactly(Integer.toHexString(0x10000 + before) + " off true on 1");
            assertThat(cpu.preemptCount()).isEqualTo(before);
            assertThat(cpu.irqsDisabled()).isFalse();
            if (before != 0) {
                cpu.preemptCountSub(before);
            }
        });
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    void aHandlerThatThrowsIsReportedAndLeavesNothingBehind() {
        RuntimeException cause = new IllegalArgumentException("of a device");
        cpus.installTimer(now -> {
            throw cause;
        });
        at(cpu, () -> {
            cpu.sendInterrupt(PendingWord.TIMER);
            cpu.poll();
            assertThat(cpu.preemptCount()).isZero();
            assertThat(cpu.irqsDisabled()).isFalse();
            assertThat(cpu.pendingBits()).isZero();
        });
        assertThat(cpus.warnings.list()).singleElement().satisfies(warning -> {
            assertThat(warning.cause()).isSameAs(cause);
            assertThat(warning.site()).isEqualTo(Warnings.THROWN);
            assertThat(warning.message()).startsWith("Local timer interrupts threw ");
        });
    }

    @Test
    void theEndOfTheMachineIsNotSwallowedByAHandler() {
        cpus.installTimer(now -> {
            cpus.lifetime.close();
            cpus.lifetime.check();
        });
        assertThatExceptionOfType(Aborted.class).isThrownBy(() -> at(cpu, () -> {
            cpu.sendInterrupt(PendingWord.TIMER);
            cpu.poll();
        }));
        assertThat(cpus.warnings.count()).isZero();
    }

    @Test
    void reschedulingAnotherCpuInterruptsItUnlessItPollsOrWasAsked() {
        Recorder recorder = new Recorder();
        cpus.setEvents(recorder);
        at(cpus.cpu(0), () -> {
            cpu.resched();
            assertThat(cpu.pendingBits()).isEqualTo(PendingWord.RESCHED | PendingWord.NEED_RESCHED);
            cpu.resched();
            assertThat(recorder.lines()).containsExactly("0 ipi_send_cpu 1 0x0");

            Cpu polling = cpus.cpu(2);
            polling.pending.getAndSet(PendingWord.POLLING);
            assertThat(polling.wakeIfPolling()).isTrue();
            polling.resched();
            assertThat(polling.pendingBits()).isEqualTo(PendingWord.POLLING | PendingWord.NEED_RESCHED);
            assertThat(recorder.lines("sched_wake_idle_without_ipi")).containsOnly("0 sched_wake_idle_without_ipi 2")
                    .isNotEmpty();
            assertThat(recorder.lines("ipi_send_cpu")).hasSize(1);
            assertThat(cpu.wakeIfPolling()).isFalse();

            cpus.cpu(0).resched();
            assertThat(cpus.cpu(0).needResched()).isTrue();
            assertThat(recorder.lines("ipi_send_cpu")).as("not to itself").hasSize(1);
            cpus.cpu(0).clearNeedResched();
            assertThat(cpus.cpu(0).pendingBits()).isZero();
        });
        at(cpus.cpu(2), () -> {
            cpus.cpu(2).clearNeedResched();
            assertThat(cpus.cpu(2).pendingBits()).as("a CPU that reschedules no longer polls").isZero();
        });
    }

    @Test
    void aCpuIsIdleIfItsSitterIsAnIdleTask() {
        assertThat(cpu.isIdle()).isFalse();
        at(cpu, () -> assertThat(cpu.isIdle()).isFalse());
        Loose idle = new Loose(cpus, true);
        idle.sitDown(cpu);
        assertThat(cpu.isIdle()).isTrue();
        idle.close();
    }

    @Test
    void tracepointsAreOnInTestsAndSilentOnAnOfflineCpuButForFunctions() {
        assertThat(Trace.ON).as("the system property smp4j.trace").isTrue();
        List<String> seen = new ArrayList<>();
        EventSink sink = new EventSink() {
            @Override
            public void ipiEntry(String reason) {
                seen.add("entry " + reason);
            }

            @Override
            public void ipiExit(String reason) {
                seen.add("exit " + reason);
            }

            @Override
            public void ipiRaise(int target, String reason) {
                seen.add("raise " + target + " " + reason);
            }

            @Override
            public void function(String name) {
                seen.add(name);
            }
        };
        at(cpu, () -> {
            assertThat(cpu.trace()).as("no listener").isNull();
            cpus.setEvents(sink);
            cpu.sendInterrupt(PendingWord.CALL);
            cpu.poll();
            assertThat(seen).containsExactly("raise 1 Function call interrupts", "entry Function call interrupts",
                    "exit Function call interrupts");
            seen.clear();
            cpus.setCpuOnline(1, false);
            cpu.sendInterrupt(PendingWord.CALL);
            cpu.poll();
            cpu.traceFunction("irq_work_run");
            assertThat(seen).containsExactly("irq_work_run");
            cpus.setEvents(null);
            cpu.traceFunction("irq_work_run");
            assertThat(seen).hasSize(1);
        });
    }

    @Test
    void cpusAreFoundByTheirNumberOnly() {
        assertThat(cpus.cpu(3).id).isEqualTo(3);
        assertThat(cpus.cpu(3)).hasToString("CPU 3");
        for (int wrong : new int[] {-1, 4, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> cpus.cpu(wrong))
                    .withMessage("CPU " + wrong + ": this machine has 0 to 3");
        }
    }
}
