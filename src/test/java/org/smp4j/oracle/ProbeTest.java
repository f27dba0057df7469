package org.smp4j.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.oracle.Probe.afterAll;
import static org.smp4j.oracle.Probe.edge;
import static org.smp4j.testing.Players.until;
import static org.smp4j.testing.Players.untilWithoutPoll;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.BeforeEach;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.sched.Timers;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.testing.TestMachine;

/**
 * The programs of {@code oracle/README.md}, each named after its probe, on a machine of four CPUs that halt when idle.
 */
class ProbeTest {
    private static final int CPUS = 4;
    private static final Object NO_INFO = null;

    private final ProbeLog log = new ProbeLog();
    private String name;
    private TestMachine box;
    private Machine machine;
    private Smp smp;
    private Cpus cpus;

    @BeforeEach
    void boot(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        boot("");
    }

    private void boot(String params) {
        box = TestMachine.boot(CPUS, params);
        machine = box.machine();
        smp = machine.smp();
        cpus = machine.cpus();
    }

    @AfterEach
    void close() {
        box.close();
    }

    /** Runs the program as a task on CPU 0 and compares. */
    private void probe(Runnable program, Probe.Edge... edges) {
        box.run(0, program);
        assertThat(Probe.named(name).differences(log.entries(), edges)).isEmpty();
    }

    private static CpuMask mask(String list) {
        return CpuMask.parse(list, CPUS);
    }

    private void ret(int value) {
        log.note("ret", value);
    }

    @Test
    void single_self_wait() {
        probe(() -> ret(smp.smpCallFunctionSingle(0, log.logsContext("self"), NO_INFO, true)));
    }

    @Test
    void single_self_nowait() {
        probe(() -> ret(smp.smpCallFunctionSingle(0, log.logsContext("self"), NO_INFO, false)));
    }

    @Test
    void single_remote_wait() {
        probe(() -> ret(smp.smpCallFunctionSingle(1, log.logsContext("remote"), NO_INFO, true)), afterAll("ret=0"));
    }

    @Test
    void single_bogus_cpu() {
        probe(() -> ret(smp.smpCallFunctionSingle(99999, log.logsContext("bogus"), NO_INFO, true)));
    }

    private void many(String list) {
        Preempt.disable();
        smp.smpCallFunctionMany(mask(list), log.logsContext("many"), NO_INFO, true);
        Preempt.enable();
        assertThat(log.entries()).as("the caller has waited").hasSize(2);
    }

    @Test
    void many_1_2() {
        probe(() -> many("1,2"));
    }

    @Test
    void many_0_1_2_excludes_self() {
        probe(() -> many("0-2"));
    }

    @Test
    void on_each_cpu() {
        probe(() -> {
            smp.onEachCpu(log.logsContext("each"), NO_INFO, true);
            assertThat(log.entries()).as("the caller has waited").hasSize(CPUS);
        });
    }

    @Test
    void on_each_cpu_mask_0_1_2() {
        probe(() -> {
            smp.onEachCpuMask(mask("0-2"), log.logsContext("mask"), NO_INFO, true);
            assertThat(log.entries()).as("the caller has waited").hasSize(3);
        });
    }

    @Test
    void on_each_cpu_cond_not2() {
        probe(() -> {
            smp.onEachCpuCondMask((cpu, info) -> {
                log.at("cond(" + cpu + ")");
                return cpu != 2;
            }, log.logsAt("cond"), NO_INFO, true, cpus.online);
            assertThat(log.entries()).as("the caller has waited").hasSize(7);
        });
    }

    @Test
    void any_mask_2_3() {
        probe(() -> ret(smp.smpCallFunctionAny(mask("2,3"), log.logsContext("any"), NO_INFO, true)), afterAll("ret=0"));
    }

    @Test
    void any_mask_empty() {
        probe(() -> ret(smp.smpCallFunctionAny(new CpuMask(CPUS), log.logsContext("any"), NO_INFO, true)));
    }

    @Test
    void smp_call_on_cpu() {
        probe(() -> ret(machine.workqueue().smpCallOnCpu(2, () -> {
            log.context("oncpu");
            return 7;
        })), afterAll("ret=7"));
    }

    /**
     * Has a task spin on a CPU with IRQs off until it is released; comes back when it does. Context: a task on another
     * CPU.
     */
    private void spinWithIrqsOff(int cpu, AtomicBoolean release) {
        AtomicBoolean spins = new AtomicBoolean();
        box.start(cpu, "spinner", () -> {
            boolean flags = LocalIrq.save();
            spins.set(true);
            untilWithoutPoll(release::get);
            LocalIrq.restore(flags);
        });
        until(spins::get);
    }

    @Test
    void async_busy() {
        AtomicBoolean release = new AtomicBoolean();
        Csd csd = new Csd(log.logsAt("A"), NO_INFO);
        probe(() -> {
            spinWithIrqsOff(1, release);
            log.note("first", smp.smpCallFunctionSingleAsync(1, csd));
            log.note("second", smp.smpCallFunctionSingleAsync(1, csd));
            release.set(true);
            until(() -> log.has("A@1"));
            log.note("third", smp.smpCallFunctionSingleAsync(1, csd));
            until(() -> log.count("A@1") == 2);
        }, edge("second=-16", "A@1"), edge("A@1", "third=0"));
    }

    @Test
    void flush_order_async_irqwork_async_sync_async() {
        AtomicBoolean release = new AtomicBoolean();
        IrqWork work = IrqWork.of(log::irqWork);
        LlistHead queue = cpus.cpu(1).callSingleQueue();
        probe(() -> {
            spinWithIrqsOff(1, release);
            smp.smpCallFunctionSingleAsync(1, new Csd(log.logsAt("A"), NO_INFO));
            log.note("q1", machine.irqWorks().irqWorkQueueOn(work, 1));
            smp.smpCallFunctionSingleAsync(1, new Csd(log.logsAt("B"), NO_INFO));
            LlistNode newest = queue.peekFirst();
            box.start(2, "waiter", () ->
                    log.note("S.ret", smp.smpCallFunctionSingle(1, log.logsAt("S"), NO_INFO, true)));
            until(() -> queue.peekFirst() != newest);
            smp.smpCallFunctionSingleAsync(1, new Csd(log.logsAt("C"), NO_INFO));
            log.note("q2", machine.irqWorks().irqWorkQueueOn(work, 1));
            release.set(true);
            until(() -> log.has("S.ret=0") && log.has("C@1"));
        }, edge("q2=0", "S@1"), edge("S@1", "S.ret=0"));
    }

    @Test
    void irq_work_double_queue_irqs_off() {
        IrqWork work = IrqWork.of(log::irqWork);
        probe(() -> {
            boolean flags = LocalIrq.save();
            log.note("a", machine.irqWorks().irqWorkQueue(work));
            log.note("b", machine.irqWorks().irqWorkQueue(work));
            log.note("pend", work.isPending());
            log.note("busy", work.isBusy());
            LocalIrq.restore(flags);
            log.note("after");
        });
    }

    @Test
    void stop_machine_null_mask() {
        probe(() -> ret(machine.stopMachine().stopMachine(logsContextAndReturns("stop", 0), NO_INFO, null)),
                afterAll("ret=0"));
    }

    @Test
    void stop_machine_mask_2() {
        probe(() -> ret(machine.stopMachine().stopMachine(logsContextAndReturns("stop", 0), NO_INFO, mask("2"))),
                afterAll("ret=0"));
    }

    @Test
    void stop_machine_all_err_on_2() {
        probe(() -> ret(machine.stopMachine().stopMachine(arg -> {
            log.shortContext("fn");
            return Cpu.rawSmpProcessorId() == 2 ? -Errno.EIO : 0;
        }, NO_INFO, cpus.online)), afterAll("ret=-5"));
    }

    @Test
    void stop_one_cpu() {
        probe(() -> ret(machine.stopMachine().stopOneCpu(2, logsContextAndReturns("one", 7), NO_INFO)),
                afterAll("ret=7"));
    }

    private CpuStopFn logsContextAndReturns(String tag, int result) {
        return arg -> {
            log.context(tag);
            return result;
        };
    }

    /** Whether the stoppers of all CPUs but 1 are in the barrier, where they wait for CPU 1. */
    private boolean othersAreInTheBarrier() {
        return isInTheBarrier(0) && isInTheBarrier(2) && isInTheBarrier(3);
    }

    private boolean isInTheBarrier(int cpu) {
        String info = machine.stopMachine().printStopInfo(cpu);
        return info != null && info.contains("multi_cpu_stop");
    }

    @Test
    void stop_waits_for_preempt_off() {
        probe(() -> {
            box.start(1, "preempt-off", () -> {
                Preempt.disable();
                log.at("pd_in");
                until(() -> log.has("ipi@0") && log.has("ipi_to_preempt_off@1"));
                log.at("pd_out");
                Preempt.enable();
            });
            until(() -> log.has("pd_in@1"));
            box.start(2, "timer", () -> machine.scheduler().timers().start(System.nanoTime(), this::timer)).join();
            log.at("stop_call");
            ret(machine.stopMachine().stopMachine(arg -> {
                log.at("fn");
                return 0;
            }, NO_INFO, null));
        }, edge("pd_in@1", "stop_call@0"), edge("stop_call@0", "timer@2"), edge("timer@2", "ipi@0"),
                edge("timer@2", "ipi_to_preempt_off@1"),
                edge("ipi@0", "pd_out@1"), edge("pd_out@1", "fn@0"), afterAll("ret=0"));
    }

    /** The timer interrupt on CPU 2; comes again each millisecond until the stop waits only for CPU 1. */
    private void timer() {
        if (!othersAreInTheBarrier()) {
            machine.scheduler().timers().start(System.nanoTime() + Timers.JIFFY, this::timer);
            return;
        }
        log.at("timer");
        smp.smpCallFunctionSingleAsync(0, new Csd(log.logsAt("ipi"), NO_INFO));
        smp.smpCallFunctionSingleAsync(1, new Csd(log.logsAt("ipi_to_preempt_off"), NO_INFO));
    }

    /** The probe without a line: the task on CPU 1 waits for a task on CPU 2, whose stopper waits for CPU 1. */
    @Test
    void stop_waits_for_preempt_off_that_waits_for_a_task() {
        box.close();
        boot("watchdog_thresh=1");
        AtomicBoolean released = new AtomicBoolean();
        AtomicInteger reports = new AtomicInteger();
        machine.watchdog().onLockup(reports::incrementAndGet);
        box.start(1, "preempt-off", () -> {
            Preempt.disable();
            log.at("pd_in");
            untilReleasedWithPreemptionOff(released);
            Preempt.enable();
        });
        box.start(2, "releaser", () -> {
            // never true here: CPU 2 is not in it while this task runs
            while (!log.has("stop_call@0") || !othersAreInTheBarrier()) {
                machine.scheduler().timers().msleep(1);
            }
            released.set(true);
        });
        box.start(0, "caller", () -> {
            until(() -> log.has("pd_in@1"));
            log.at("stop_call");
            machine.stopMachine().stopMachine(arg -> 0, NO_INFO, null);
        });
        box.await(() -> reports.get() == CPUS, "four lockups");

        String printed = String.join("\n", box.printed());
        assertThat(printed).containsPattern("soft lockup - CPU#0 stuck for \\d+s! \\[migration/0:\\d+]")
                .containsPattern("soft lockup - CPU#1 stuck for \\d+s! \\[preempt-off:\\d+]")
                .containsPattern("soft lockup - CPU#2 stuck for \\d+s! \\[migration/2:\\d+]")
                .containsPattern("soft lockup - CPU#3 stuck for \\d+s! \\[migration/3:\\d+]");
        assertThat(printed).as("the task's context and stack")
                .containsPattern("CPU: 1 Comm: preempt-off online preempt_count: 00000001 irqs: on")
                .contains("untilReleasedWithPreemptionOff");
        assertThat(printed).as("what the stoppers wait in").contains("Stopper: multi_cpu_stop+0x0/0x0 <- caller");
        assertThat(machine.watchdog().lockups()).isEqualTo(CPUS);
        assertThat(released).isFalse();
    }

    private static void untilReleasedWithPreemptionOff(AtomicBoolean released) {
        until(released::get);
    }
}
