package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.lib.Warnings.Warning;

class PreemptTest {
    private final Cpus cpus = new Cpus(2);
    private final Cpu cpu = cpus.cpu(0);
    private final List<String> scheduled = new ArrayList<>();
    private Sitter sitter;

    @BeforeEach
    void sit() {
        sitter = cpu.sit();
        cpus.installPreemption(now -> {
            scheduled.add("count " + now.preemptCount() + (now.irqsDisabled() ? " IRQs off" : ""));
            now.clearNeedResched();
        });
    }

    @AfterEach
    void stand() {
        if (cpu.preemptCount() != 0) {
            cpu.preemptCountSub(cpu.preemptCount());
        }
        cpu.irqRestore(false);
        sitter.close();
    }

    @Test
    void theLayoutIsTheKernels() {
        assertThat(new int[] {Preempt.PREEMPT_MASK, Preempt.SOFTIRQ_MASK, Preempt.HARDIRQ_MASK, Preempt.NMI_MASK})
                .containsExactly(0xff, 0xff00, 0xf0000, 0xf00000);
        assertThat(new int[] {Preempt.PREEMPT_OFFSET, Preempt.SOFTIRQ_OFFSET, Preempt.HARDIRQ_OFFSET,
                Preempt.NMI_OFFSET})
                .containsExactly(1, 0x100, 0x10000, 0x100000);
        assertThat(Preempt.SOFTIRQ_DISABLE_OFFSET).isEqualTo(0x200);
    }

    @ParameterizedTest
    @CsvSource({
        // count, nmi, hardirq, serving softirq, task, interrupt, atomic, level
        "0x0,      false, false, false, true,  false, false, 0",
        "0x1,      false, false, false, true,  false, true,  0",
        "0xff,     false, false, false, true,  false, true,  0",
        "0x200,    false, false, false, true,  true,  true,  0",
        "0x400,    false, false, false, true,  true,  true,  0",
        "0x100,    false, false, true,  false, true,  true,  1",
        "0x300,    false, false, true,  false, true,  true,  1",
        "0x10000,  false, true,  false, false, true,  true,  2",
        "0x10101,  false, true,  true,  false, true,  true,  2",
        "0x100000, true,  false, false, false, true,  true,  3",
        "0x110000, true,  true,  false, false, true,  true,  3",
    })
    void eachQuestionLooksAtItsOwnBits(String hex, boolean nmi, boolean hardirq, boolean softirq, boolean task,
    boolean interrupt, boolean atomic,
            int level) {
        int count = Integer.decode(hex);
        cpu.preemptCountAdd(count);
        assertThat(Preempt.count()).isEqualTo(count);
        assertThat(Preempt.inNmi()).isEqualTo(nmi);
        assertThat(Preempt.inHardirq()).isEqualTo(hardirq);
        assertThat(Preempt.inServingSoftirq()).isEqualTo(softirq);
        assertThat(Preempt.inTask()).isEqualTo(task).isEqualTo(Preempt.inTask(count));
        assertThat(Preempt.inInterrupt()).isEqualTo(interrupt);
        assertThat(Preempt.inAtomic()).isEqualTo(atomic);
        assertThat(Preempt.preemptible()).isEqualTo(!atomic);
        assertThat(Preempt.interruptContextLevel()).isEqualTo(level).isEqualTo(Preempt.interruptContextLevel(count));
    }

    @Test
    void disabledBottomHalvesAreStillATask() {
        Preempt.localBhDisable();
        Preempt.localBhDisable();
        assertThat(Preempt.count()).isEqualTo(0x400);
        assertThat(Preempt.inServingSoftirq()).isFalse();
        assertThat(Preempt.inTask()).isTrue();
        Preempt.localBhEnable();
        Preempt.localBhEnable();
        assertThat(Preempt.count()).isZero();
    }

    @Test
    void irqsOffIsNotPreemptible() {
        assertThat(Preempt.preemptible()).isTrue();
        LocalIrq.disable();
        assertThat(Preempt.preemptible()).isFalse();
        assertThat(Preempt.inAtomic()).as("but the count is 0").isFalse();
    }

    @Test
    void nestingGoesTo255AndWarnsOnceNearItsEnd() {
        for (int depth = 1; depth < 0xff - 10; depth++) {
            assertThat(Preempt.disable()).isSameAs(cpu);
        }
        assertThat(cpus.warnings.count()).isZero();
        for (int depth = 0xff - 10; depth <= 255; depth++) {
            Preempt.disable();
        }
        assertThat(Preempt.count()).isEqualTo(255);
        assertThat(Preempt.inTask()).isTrue();
        assertThat(cpus.warnings.list()).extracting(Warning::message)
                .containsExactly("preempt count 0xf5 is about to overflow");
        for (int depth = 255; depth > 0; depth--) {
            Preempt.enable();
        }
        assertThat(Preempt.count()).isZero();
        assertThat(cpus.warnings.count(Preempt.OVERFLOW)).isEqualTo(1);
        assertThat(cpus.warnings.count()).isEqualTo(1);
    }

    @Test
    void takingAwayWhatWasNotThereWarnsAndChangesNothing() {
        Preempt.enable();
        assertThat(Preempt.count()).isZero();
        assertThat(cpus.warnings.list()).extracting(Warning::message)
                .containsExactly("preempt count 0x0 would underflow by 0x1");
        cpus.warnings.reset();
        Preempt.localBhDisable();
        Preempt.enableNoResched();
        assertThat(Preempt.count()).as("the preempt field must not borrow from the next").isEqualTo(0x200);
        assertThat(cpus.warnings.count(Preempt.UNDERFLOW)).isEqualTo(1);
    }

    @Test
    void enableToZeroGivesWayIfAskedTo() {
        Preempt.disable();
        Preempt.disable();
        cpu.resched();
        assertThat(cpu.needResched()).isTrue();
        Preempt.enable();
        assertThat(scheduled).isEmpty();
        Preempt.enable();
        assertThat(scheduled).containsExactly("count 0");
        Preempt.disable();
        Preempt.enable();
        assertThat(scheduled).as("not asked again").hasSize(1);
    }

    @Test
    void enableNoReschedDoesNotGiveWay() {
        Preempt.disable();
        cpu.resched();
        Preempt.enableNoResched();
        assertThat(scheduled).isEmpty();
        assertThat(cpu.needResched()).isTrue();
    }

    @Test
    void enablingBottomHalvesGivesWayToo() {
        Preempt.localBhDisable();
        cpu.resched();
        Preempt.localBhEnable();
        assertThat(scheduled).containsExactly("count 0");
    }

    @Test
    void withIrqsOffTheRescheduleIsLeftToTheCodeThatEnablesThem() {
        boolean flags = LocalIrq.save();
        Preempt.disable();
        cpu.resched();
        Preempt.enable();
        assertThat(scheduled).isEmpty();
        LocalIrq.restore(flags);
        assertThat(scheduled).containsExactly("count 0");
    }

    @Test
    void theExitOfAnInterruptGivesWayOnlyAtCountZero() {
        cpus.installTimer(now -> now.resched());
        Preempt.disable();
        cpu.sendInterrupt(PendingWord.TIMER);
        cpu.poll();
        assertThat(scheduled).isEmpty();
        Preempt.enable();
        assertThat(scheduled).containsExactly("count 0");
        cpu.sendInterrupt(PendingWord.TIMER);
        cpu.poll();
        assertThat(scheduled).containsExactly("count 0", "count 0");
    }

    @Test
    void onlyACpuHasACount() {
        sitter.close();
        assertThatIllegalStateException().isThrownBy(Preempt::disable);
        assertThatIllegalStateException().isThrownBy(Preempt::enable);
        assertThatIllegalStateException().isThrownBy(Preempt::count);
        assertThatIllegalStateException().isThrownBy(Preempt::inTask);
        assertThatIllegalStateException().isThrownBy(Preempt::preemptible);
    }
}
