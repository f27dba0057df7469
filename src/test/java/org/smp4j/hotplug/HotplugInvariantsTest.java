package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Symbol;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Task;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

/** What holds while CPU 3 comes and goes without pause and others look, call and lock. */
class HotplugInvariantsTest {
    private static final int CPUS = 4;
    private static final int VICTIM = 3;
    private static final int CYCLES = 40;

    private final TestMachine box = TestMachine.boot(CPUS);
    private final Machine machine = box.machine();
    private final CpuHotplug hotplug = machine.hotplug();
    private final Cpus cpus = machine.cpus();
    private final AtomicBoolean stop = new AtomicBoolean();

    @AfterEach
    void close() {
        box.close();
    }

    /**
     * Takes CPU 3 down and up again, {@code CYCLES} times, while a task on each of CPU 1 and 2 does something again and
     * again.
     */
    private void whileItComesAndGoes(IntConsumer turn) {
        box.run(0, () -> {
            List<Task> others = new ArrayList<>();
            for (int cpu = 1; cpu < VICTIM; cpu++) {
                int here = cpu;
                others.add(box.start(cpu, "other/" + cpu, () -> {
                    while (!stop.get()) {
                        turn.accept(here);
                        machine.scheduler().condResched();
                    }
                }));
            }
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                assertThat(hotplug.removeCpu(VICTIM)).isZero();
                assertThat(hotplug.addCpu(VICTIM)).isZero();
            }
            stop.set(true);
            for (Task other : others) {
                other.join();
                if (other.failure() != null) {
                    throw new AssertionError(other.failure());
                }
            }
        });
    }

    private static void linger(int turns) {
        Waiter self = Waiter.current();
        for (int turn = 0; turn < turns; turn++) {
            self.relax(0);
        }
    }

    @Test
    @Invariant(19)
    void noCpuGoesOfflineUnderASectionWithPreemptionOff() {
        AtomicLong sections = new AtomicLong();
        AtomicLong irqSections = new AtomicLong();
        Random random = new Random(19);
        whileItComesAndGoes(here -> {
            boolean irqs = here == 2;
            boolean flags = irqs && LocalIrq.save();
            Cpu cpu = Preempt.disable();
            boolean before = cpus.online.testCpu(VICTIM);
            linger(random.nextInt(200));
            if (before) {
                (irqs ? irqSections : sections).incrementAndGet();
                assertThat(cpus.online.testCpu(VICTIM)).isTrue();
            }
            cpu.preemptEnable();
            if (irqs) {
                LocalIrq.restore(flags);
            }
        });
        assertThat(sections).hasPositiveValue();
        assertThat(irqSections).hasPositiveValue();
    }

    @Test
    @Invariant({17, 20})
    void whatIsAcceptedRunsAndWhatIsRefusedWasRefusedForACpuThatWasDown() {
        AtomicLong accepted = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        AtomicLong ran = new AtomicLong();
        AtomicLong motion = new AtomicLong(); // odd from before CPU 3 goes until after it is back
        SmpCallFunc func = SmpCallFunc.named("counts", info -> {
            ran.incrementAndGet();
            assertThat(Cpu.rawSmpProcessorId()).isEqualTo(VICTIM);
        });
        List<Task> senders = new ArrayList<>();
        box.run(0, () -> {
            for (int cpu = 1; cpu < VICTIM; cpu++) {
                senders.add(box.start(cpu, "sender/" + cpu, () -> {
                    while (!stop.get()) {
                        long before = motion.get();
                        int ret = machine.smp().smpCallFunctionSingle(VICTIM, func, null, false);
                        long after = motion.get();
                        if (ret == 0) {
                            accepted.incrementAndGet();
                        } else {
                            assertThat(ret).isEqualTo(-Errno.ENXIO);
                            refused.incrementAndGet();
                            assertThat(before != after || before % 2 == 1).as("it was down at some moment").isTrue();
                        }
                        machine.scheduler().condResched();
                    }
                }));
            }
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                motion.incrementAndGet();
                assertThat(hotplug.removeCpu(VICTIM)).isZero();
                long refusedBefore = refused.get();
                assertThat(cpus.cpu(VICTIM).callSingleQueue().isEmpty()).as("after the last flush").isTrue();
                if (cycle % 10 == 0) {
                    until(() -> refused.get() > refusedBefore + 10);
                }
                assertThat(cpus.cpu(VICTIM).callSingleQueue().isEmpty()).as("and it stays empty").isTrue();
                assertThat(hotplug.addCpu(VICTIM)).isZero();
                motion.incrementAndGet();
                long acceptedBefore = accepted.get();
                until(() -> accepted.get() > acceptedBefore + 10);
            }
            motion.incrementAndGet();
            assertThat(hotplug.removeCpu(VICTIM)).isZero();
            stop.set(true);
            for (Task sender : senders) {
                sender.join();
                assertThat(sender.failure()).isNull();
            }
            assertThat(ran.get()).as("runs, when the CPU is down for good").isEqualTo(accepted.get());
        });
        assertThat(refused).hasPositiveValue();
    }

    @Test
    @Invariant(17)
    void theLastFlushRunsBothKindsOfIrqWork() {
        List<String> ran = new ArrayList<>();
        box.run(0, () -> {
            IrqWork work = IrqWork.of(w -> ran.add("irq_work"));
            IrqWork lazy = IrqWork.lazy(w -> ran.add("lazy"));
            hotplug.setup().setupStateNocalls(CpuhpState.AP_ARM_CACHE_B15_RAC_DYING, "test", null, cpu -> {
                machine.irqWorks().irqWorkQueue(work);
                machine.irqWorks().irqWorkQueue(lazy);
                assertThat(ran).as("interrupts are off").isEmpty();
                return 0;
            });
            hotplug.setup().setupStateNocalls(CpuhpState.AP_ARM_XEN_STARTING, "test:low", null, cpu -> {
                ran.add("low");
                assertThat(Cpu.current().callSingleQueue().isEmpty()).isTrue();
                assertThat(machine.irqWorks().irqWorkNeedsCpu()).isFalse();
                return 0;
            });
            assertThat(hotplug.removeCpu(VICTIM)).isZero();
            assertThat(ran).containsExactly("irq_work", "lazy", "low");
        });
    }

    @Test
    @Invariant({28, 36})
    void aReaderOfTheLockSeesTheMasksAtRestAndInOrder() {
        AtomicInteger readers = new AtomicInteger();
        AtomicInteger without = new AtomicInteger();
        whileItComesAndGoes(here -> {
            machine.cpuHotplugLock().cpusReadLock();
            CpuMask online = cpus.online.copy();
            CpuMask active = cpus.active.copy();
            int state = hotplug.files().state(VICTIM);
            int number = cpus.numOnline();
            assertThat(state).isIn(CpuhpState.OFFLINE, CpuhpState.ONLINE);
            assertThat(online.testCpu(VICTIM)).isEqualTo(state == CpuhpState.ONLINE);
            assertThat(active).isEqualTo(online);
            assertThat(online.isSubsetOf(cpus.present) && cpus.present.isSubsetOf(cpus.possible)).isTrue();
            assertThat(number).isEqualTo(online.weight());
            linger(50);
            assertThat(cpus.online).isEqualTo(online);
            assertThat(hotplug.files().state(VICTIM)).isEqualTo(state);
            machine.cpuHotplugLock().cpusReadUnlock();
            (online.testCpu(VICTIM) ? readers : without).incrementAndGet();
            if (here == 1) {
                machine.scheduler().timers().scheduleTimeout(1);
            }
        });
        assertThat(readers).hasPositiveValue();
        assertThat(without).hasPositiveValue();
    }

    @Test
    @Invariant(29)
    void beforeAnyOtherTeardownNoSectionIsLeftThatSawTheCpuActive() {
        AtomicBoolean teardownRuns = new AtomicBoolean();
        AtomicLong sections = new AtomicLong();
        int[] highest = new int[1];
        box.run(0, () -> {
            for (int slot = CpuhpState.AP_ONLINE_DYN; slot <= CpuhpState.AP_ONLINE_DYN_END; slot++) {
                highest[0] = hotplug.setup().setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "test:" + slot, cpu -> {
                    teardownRuns.set(false);
                    assertThat(cpus.active.testCpu(cpu)).isFalse();
                    return 0;
                }, cpu -> {
                    teardownRuns.set(true);
                    assertThat(cpus.active.testCpu(cpu)).isFalse();
                    return 0;
                });
            }
        });
        assertThat(highest[0]).isEqualTo(CpuhpState.AP_ONLINE_DYN_END);
        whileItComesAndGoes(here -> {
            Cpu cpu = Preempt.disable();
            if (cpus.active.testCpu(VICTIM)) {
                sections.incrementAndGet();
                for (int turn = 0; turn < 2000 && cpus.active.testCpu(VICTIM); turn++) {
                    linger(1);
                }
                linger(300);
                assertThat(teardownRuns.get() && !cpus.active.testCpu(VICTIM)).as("a teardown has begun").isFalse();
            }
            cpu.preemptEnable();
        });
        assertThat(sections).hasPositiveValue();
    }

    @Test
    @Invariant(42)
    void theControlCpuGoesOnOnlyWhenTheCpuIsDeadAndADeadCpuReportsToOneThatIsOnline() {
        AtomicInteger reportedTo = new AtomicInteger(-1);
        AtomicInteger stateAtReport = new AtomicInteger(-1);
        AtomicInteger turns = new AtomicInteger();
        cpus.setEvents(new EventSink() {
            @Override
            public void csdFunctionEntry(Object func, Object csd) {
                if (Symbol.ps(func).equals("cpuhp_complete_idle_dead")) {
                    assertThat(Cpu.current().isOnline()).isTrue();
                    reportedTo.set(Cpu.rawSmpProcessorId());
                    stateAtReport.set(hotplug.files().state(VICTIM));
                }
            }
        });
        box.run(1, () -> {
            assertThat(hotplug.removeCpu(0)).isZero();
            hotplug.setup().setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "test", null, cpu -> {
                if (cpu == VICTIM) {
                    turns.incrementAndGet();
                    assertThat(stateAtReport.getAndSet(-1)).as("the report came first")
                            .isEqualTo(CpuhpState.AP_IDLE_DEAD);
                    assertThat(cpus.cpu(VICTIM).sitter()).as("the seat is empty").isNull();
                }
                return 0;
            });
            for (int cycle = 0; cycle < CYCLES; cycle++) {
                assertThat(hotplug.removeCpu(VICTIM)).isZero();
                assertThat(reportedTo.getAndSet(-1)).as("CPU 0 is down").isEqualTo(1);
                assertThat(hotplug.addCpu(VICTIM)).isZero();
            }
        });
        cpus.setEvents(null);
        assertThat(turns).hasValue(CYCLES);
    }

    @Test
    @Invariant(44)
    void eachStepThatBeginsEndsOnce() {
        AtomicInteger depth = new AtomicInteger();
        AtomicInteger steps = new AtomicInteger();
        List<String> faults = new ArrayList<>();
        cpus.setEvents(new EventSink() {
            private final int[] open = new int[16];

            private void enter(int idx) {
                open[depth.getAndIncrement()] = idx;
                steps.incrementAndGet();
            }

            @Override
            public void cpuhpEnter(int cpu, int target, int idx, Object fun) {
                enter(idx);
            }

            @Override
            public void cpuhpMultiEnter(int cpu, int target, int idx, Object fun) {
                enter(idx);
            }

            @Override
            public void cpuhpExit(int cpu, int state, int idx, int ret) {
                int begun = depth.get() == 0 ? -1 : open[depth.decrementAndGet()];
                if (begun != idx) {
                    faults.add("step " + idx + " ended, " + begun + " had begun");
                }
            }
        });
        box.run(0, () -> {
            int state = hotplug.setup().setupStateMulti(CpuhpState.AP_ONLINE_DYN, "test", (cpu, node) -> 0,
                    (cpu, node) -> node.equals("bad") ? -1 : 0);
            hotplug.setup().addInstanceNocalls(state, "good");
            assertThat(hotplug.removeCpu(VICTIM)).isZero();
            assertThat(hotplug.addCpu(VICTIM)).isZero();
            hotplug.setup().addInstanceNocalls(state, "bad");
            hotplug.setup().addInstanceNocalls(state, "good too");
            assertThat(hotplug.removeCpu(VICTIM)).isEqualTo(-1);
        });
        cpus.setEvents(null);
        assertThat(faults).isEmpty();
        assertThat(depth).hasValue(0);
        assertThat(steps.get()).isGreaterThan(20);
    }
}
