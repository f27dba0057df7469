package org.smp4j.stop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.Sysrq;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

class StopMachineTest {
    private static final int CPUS = 4;
    private static final Object NO_ARG = null;

    private TestMachine box = TestMachine.boot(CPUS);
    private Machine machine = box.machine();
    private Cpus cpus = machine.cpus();
    private StopMachine stop = machine.stopMachine();
    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        box.close();
    }

    private void boot(String params) {
        box.close();
        box = TestMachine.boot(CPUS, params);
        machine = box.machine();
        cpus = machine.cpus();
        stop = machine.stopMachine();
    }

    private static CpuMask mask(String list) {
        return CpuMask.parse(list, CPUS);
    }

    private CpuStopFn logs(String what) {
        return CpuStopFn.named(what, arg -> {
            log.add(what + "@" + Cpu.rawSmpProcessorId());
            return 0;
        });
    }

    // ---- one CPU ----

    @Test
    void stopOneCpuRunsInTheStopperOfThatCpuAndReturnsItsResult() {
        box.run(0, () -> {
            for (int cpu = 0; cpu < CPUS; cpu++) {
                int target = cpu;
                assertThat(stop.stopOneCpu(cpu, arg -> {
                    log.add(arg + " " + Task.current().comm() + " " + Task.current().policy());
                    assertThat(Cpu.smpProcessorId()).isEqualTo(target);
                    assertThat(LocalIrq.disabled()).isFalse();
                    assertThat(Preempt.count()).isEqualTo(1);
                    return -target;
                }, "arg")).isEqualTo(-cpu);
            }
        });
        assertThat(log).containsExactly("arg migration/0 STOP", "arg migration/1 STOP", "arg migration/2 STOP",
                "arg migration/3 STOP");
    }

    @Test
    @Invariant(25)
    void anOfflineCpuRunsNothingAndIsNotWaitedFor() {
        boot("maxcpus=3");
        box.run(0, () -> {
            assertThat(stop.stopOneCpu(3, logs("fn"), NO_ARG)).isEqualTo(-Errno.ENOENT);
            assertThat(stop.stopOneCpuNowait(3, logs("fn"), NO_ARG, new CpuStopWork())).isFalse();
            assertThat(stop.stopTwoCpus(1, 3, logs("fn"), NO_ARG)).isEqualTo(-Errno.ENOENT);
            assertThat(stop.stopTwoCpus(3, 1, logs("fn"), NO_ARG)).isEqualTo(-Errno.ENOENT);
            machine.cpuHotplugLock().cpusReadLock();
            assertThat(stop.stopCpus(mask("3"), logs("fn"), NO_ARG)).isEqualTo(-Errno.ENOENT);
            assertThat(stop.stopCpus(mask("2,3"), logs("fn"), NO_ARG)).as("the work for CPU 3 is counted as done")
                    .isZero();
            machine.cpuHotplugLock().cpusReadUnlock();
        });
        assertThat(log).containsExactly("fn@2");
    }

    @Test
    void aStopperIsAboveAFifoTaskButWaitsForPreemptEnable() {
        AtomicBoolean done = new AtomicBoolean();
        box.run(0, () -> {
            Task hog = machine.scheduler().run("hog", Task.Policy.FIFO, mask("1"), () -> {
                Preempt.disable();
                log.add("preemption off");
                until(() -> (cpus.cpu(1).pendingBits() & PendingWord.NEED_RESCHED) != 0);
                Cpu.current().poll();
                log.add("preemption on");
                Preempt.enable();
                log.add("hog goes on");
                until(done::get);
            });
            until(() -> !log.isEmpty());
            stop.stopOneCpu(1, logs("fn"), NO_ARG);
            done.set(true);
            hog.join();
        });
        assertThat(log).containsExactly("preemption off", "preemption on", "fn@1", "hog goes on");
    }

    @Test
    @Invariant(24)
    void aStopperRunsItsWorksInOrder() {
        int works = 50;
        List<Integer> order = new ArrayList<>();
        box.run(0, () -> {
            for (int i = 0; i < works; i++) {
                int number = i;
                assertThat(stop.stopOneCpuNowait(2, arg -> {
                    order.add(number);
                    return 0;
                }, NO_ARG, new CpuStopWork())).isTrue();
            }
            stop.stopOneCpu(2, arg -> 0, NO_ARG);
        });
        assertThat(order).hasSize(works).isSorted();
    }

    @Test
    void aWorkMayBeUsedAgainAsSoonAsItsFunctionRuns() {
        CpuStopWork work = new CpuStopWork();
        AtomicInteger runs = new AtomicInteger();
        box.run(0, () -> {
            CpuStopFn[] again = new CpuStopFn[1];
            again[0] = arg -> {
                if (runs.incrementAndGet() < 100) {
                    stop.stopOneCpuNowait((Cpu.rawSmpProcessorId() + 1) % CPUS, again[0], NO_ARG, work);
                }
                return 0;
            };
            stop.stopOneCpuNowait(1, again[0], NO_ARG, work);
            until(() -> runs.get() == 100);
        });
    }

    @Test
    void stopOneCpuNowaitMayBeCalledFromAnInterruptAndWithIrqsOff() {
        box.run(0, () -> {
            machine.smp().smpCallFunctionSingle(1,
                    info -> stop.stopOneCpuNowait(1, logs("own"), NO_ARG, new CpuStopWork()), NO_ARG, true);
            until(() -> log.contains("own@1"));
            boolean flags = LocalIrq.save();
            stop.stopOneCpuNowait(0, logs("local"), NO_ARG, new CpuStopWork());
            assertThat(log).doesNotContain("local@0");
            LocalIrq.restore(flags);
            assertThat(log).contains("local@0");
        });
    }

    // ---- misuse ----

    @Test
    @Invariant(27)
    void aTaskThatMustNotSleepIsRefused() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        box.run(0, () -> {
            Preempt.disable();
            assertThatIllegalStateException().isThrownBy(() -> stop.stopMachine(logs("fn"), NO_ARG, null))
                    .withMessageContaining("stop_machine");
            assertThatIllegalStateException().isThrownBy(() -> stop.stopOneCpu(1, logs("fn"), NO_ARG));
            assertThatIllegalStateException().isThrownBy(() -> stop.stopTwoCpus(1, 2, logs("fn"), NO_ARG));
            Preempt.enable();
            boolean flags = LocalIrq.save();
            assertThatIllegalStateException().isThrownBy(() -> stop.stopMachine(logs("fn"), NO_ARG, null));
            LocalIrq.restore(flags);
            assertThat(stop.stopMachine(logs("after"), NO_ARG, null)).as("it holds no lock").isZero();
        });
        assertThat(log).containsExactly("after@0");
    }

    @Test
    @Invariant(27)
    void anInterruptAndAStopperAreRefused() {
        box.expectWarning(Scheduler.WHILE_ATOMIC, Warnings.THROWN);
        box.run(0, () -> {
            machine.smp().smpCallFunctionSingle(1, info -> stop.stopMachine(logs("fn"), NO_ARG, null), NO_ARG, true);
            stop.stopOneCpu(1, arg -> stop.stopMachine(logs("fn"), NO_ARG, null), NO_ARG);
        });
        assertThat(machine.warnings().count(Warnings.THROWN)).isEqualTo(2);
        assertThat(log).isEmpty();
    }

    @Test
    void oneCpuTwiceIsRefused() {
        box.run(0, () -> assertThatIllegalArgumentException()
                .isThrownBy(() -> stop.stopTwoCpus(1, 1, logs("fn"), NO_ARG)));
    }

    @Test
    void theCpuslockedFormWarnsWithoutTheLock() {
        box.expectWarning(CpuHotplugLock.NOT_HELD);
        box.run(0, () -> {
            stop.stopMachineCpuslocked(logs("fn"), NO_ARG, null);
            stop.stopCoreCpuslocked(2, logs("core"), NO_ARG);
        });
        assertThat(log).containsExactly("fn@0", "core@2");
    }

    @Test
    @Invariant(26)
    void aLeakedPreemptCountIsReportedOnceAndMended() {
        box.expectWarning(StopMachine.LEAKED);
        box.run(0, () -> {
            for (int i = 0; i < 2; i++) {
                stop.stopOneCpu(1, CpuStopFn.named("leaky", arg -> {
                    Preempt.disable();
                    return 0;
                }), NO_ARG);
            }
            assertThat(stop.stopOneCpu(1, arg -> Preempt.count(), NO_ARG)).isEqualTo(1);
            box.start(1, "after", () -> assertThat(Preempt.count()).isZero()).join();
        });
        assertThat(machine.warnings().list()).singleElement().asString()
                .contains("cpu_stop: leaky leaked preempt count");
    }

    @Test
    void aFunctionThatThrowsIsReportedAndNoCpuHangs() {
        box.expectWarning(Warnings.THROWN);
        CpuStopFn throwing = arg -> {
            throw new IllegalStateException("on purpose");
        };
        box.run(0, () -> {
            assertThat(stop.stopOneCpu(1, throwing, NO_ARG)).isEqualTo(-Errno.EIO);
            assertThat(stop.stopMachine(throwing, NO_ARG, mask("0-3"))).isEqualTo(-Errno.EIO);
            assertThat(stop.stopTwoCpus(1, 2, throwing, NO_ARG)).isEqualTo(-Errno.EIO);
            assertThat(stop.stopMachine(logs("after"), NO_ARG, null)).isZero();
        });
        assertThat(machine.warnings().count(Warnings.THROWN)).isEqualTo(6);
        assertThat(log).containsExactly("after@0");
    }

    // ---- all CPUs ----

    @Test
    @Invariant(23)
    void aNullMaskMeansTheLowestOnlineCpu() {
        box.run(2, () -> {
            assertThat(stop.stopMachine(logs("fn"), NO_ARG, null)).isZero();
            assertThat(log).containsExactly("fn@0");
        });
    }

    @Test
    @Invariant(23)
    void aMaskMeansOnceOnEachOfItsCpusAndNowhereElse() {
        box.run(0, () -> {
            for (String list : List.of("1", "0,3", "1-3", "0-3")) {
                AtomicIntegerArray runs = new AtomicIntegerArray(CPUS);
                CpuMask mask = mask(list);
                assertThat(stop.stopMachine(arg -> runs.getAndIncrement(Cpu.rawSmpProcessorId()), NO_ARG, mask))
                        .isZero();
                for (int cpu = 0; cpu < CPUS; cpu++) {
                    assertThat(runs.get(cpu)).isEqualTo(mask.testCpu(cpu) ? 1 : 0);
                }
            }
        });
    }

    @Test
    @Invariant(23)
    void theResultIsOneOfThoseThatAreNotZero() {
        box.run(0, () -> {
            assertThat(stop.stopMachine(arg -> Cpu.rawSmpProcessorId() - 5, NO_ARG, mask("0-3"))).isBetween(-5, -2);
            assertThat(stop.stopMachine(arg -> Cpu.rawSmpProcessorId() == 1 ? -7 : 0, NO_ARG, mask("0-3")))
                    .isEqualTo(-7);
            assertThat(stop.stopMachine(arg -> 0, NO_ARG, mask("0-3"))).isZero();
        });
    }

    @Test
    void stopTwoCpusRunsOnTheFirstAsPassed() {
        box.run(0, () -> {
            stop.stopTwoCpus(1, 2, logs("fn"), NO_ARG);
            stop.stopTwoCpus(3, 1, logs("fn"), NO_ARG);
            stop.stopTwoCpus(0, 3, logs("fn"), NO_ARG);
            assertThat(stop.stopTwoCpus(3, 0, arg -> LocalIrq.disabled() ? 11 : 0, NO_ARG)).isEqualTo(11);
        });
        assertThat(log).containsExactly("fn@1", "fn@3", "fn@0");
    }

    @Test
    @Invariant({21, 22})
    void whileTheFunctionRunsEveryCpuIsInTheBarrierWithIrqsOffAndNothingElseIsInProgress() {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger inSection = new AtomicInteger(); // preempt-disabled task sections and interrupt handlers
        AtomicInteger violations = new AtomicInteger();
        box.run(0, () -> {
            List<Task> tasks = new ArrayList<>();
            for (int cpu = 1; cpu < CPUS; cpu++) {
                int self = cpu;
                tasks.add(box.start(cpu, "busy/" + cpu, () -> {
                    while (!done.get()) {
                        Preempt.disable();
                        inSection.incrementAndGet();
                        machine.smp().smpCallFunctionSingle((self + 1) % CPUS, info -> {
                            inSection.incrementAndGet();
                            inSection.decrementAndGet();
                        }, NO_ARG, self == 1);
                        inSection.decrementAndGet();
                        Preempt.enable();
                        machine.scheduler().condResched();
                    }
                }));
            }
            for (int i = 0; i < 100; i++) {
                stop.stopMachine(arg -> {
                    violations.addAndGet(inSection.get() == 0 && LocalIrq.disabled() ? 0 : 1);
                    for (int cpu = 0; cpu < CPUS; cpu++) {
                        violations.addAndGet(stop.printStopInfo(cpu).contains("multi_cpu_stop") && cpus.cpu(cpu)
                                .irqsDisabled() ? 0 : 1);
                    }
                    return 0;
                }, NO_ARG, i % 2 == 0 ? null : mask("0-3"));
            }
            done.set(true);
            tasks.forEach(Task::join);
        });
        assertThat(violations).hasValue(0);
    }

    /** With preemption off on CPU 1 the others wait for it in PREPARE, and must not make it wait for them. */
    @Test
    void inPrepareACpuServesCalls() {
        box.run(0, () -> {
            Task caller = box.start(1, "preempt-off", () -> {
                Preempt.disable();
                log.add("in");
                for (int cpu : new int[] {0, 2, 3}) {
                    until(() -> String.valueOf(stop.printStopInfo(cpu)).contains("multi_cpu_stop"));
                }
                machine.smp().smpCallFunction(info -> log.add("call@" + Cpu.rawSmpProcessorId()), NO_ARG, true);
                assertThat(log).contains("call@0", "call@2", "call@3").doesNotContain("stopped@0");
                Preempt.enable();
            });
            until(() -> !log.isEmpty());
            assertThat(stop.stopMachine(logs("stopped"), NO_ARG, null)).isZero();
            caller.join();
        });
        assertThat(log).last().isEqualTo("stopped@0");
    }

    @Test
    @Invariant(24)
    void stopsOfAllCpusNeverOverlap() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger violations = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        box.run(0, () -> {
            List<Task> tasks = new ArrayList<>();
            for (int cpu = 0; cpu < CPUS; cpu++) {
                tasks.add(box.start(cpu, "stopper/" + cpu, () -> {
                    for (int i = 0; i < 30; i++) {
                        stop.stopMachine(arg -> {
                            violations.addAndGet(inside.getAndIncrement());
                            runs.incrementAndGet();
                            inside.decrementAndGet();
                            return 0;
                        }, NO_ARG, null);
                    }
                }));
            }
            tasks.forEach(Task::join);
        });
        assertThat(violations).hasValue(0);
        assertThat(runs).hasValue(30 * CPUS);
    }

    // ---- boot and inactive CPUs ----

    /** Before the stoppers run, the function runs at once; with more than one CPU online that is a warning. */
    @Test
    void beforeTheStoppersRunTheFunctionRunsInPlaceWithIrqsOff() {
        Cpus early = new Cpus(2);
        early.setCpuOnline(1, false);
        Smp smp = new Smp(early);
        Scheduler scheduler = new Scheduler(smp, new IrqWorks(smp), early, new PlatformThreads());
        StopMachine stops = new StopMachine(scheduler, new CpuHotplugLock(scheduler), early);
        try (var _ = early.cpu(0).sit()) {
            assertThat(stops.stopMachineCpuslocked(arg -> LocalIrq.disabled() ? 5 : 0, NO_ARG, CpuMask.of(2, 1)))
                    .isEqualTo(5);
            assertThat(LocalIrq.disabled()).isFalse();
            assertThat(early.warnings.count()).isZero();
            early.setCpuOnline(1, true);
            assertThat(stops.stopMachineCpuslocked(arg -> 3, NO_ARG, null)).isEqualTo(3);
            assertThat(early.warnings.count(StopMachine.EARLY)).isEqualTo(1);
        }
    }

    @Test
    void anInactiveCpuStopsTheActiveOnesWithoutSleeping() {
        box.run(0, () -> {
            cpus.setCpuActive(3, false);
            AtomicInteger local = new AtomicInteger();
            machine.smp().smpCallFunctionSingle(3, info -> {
                local.set(stop.stopMachineFromInactiveCpu(arg -> {
                    log.add("all@" + Cpu.rawSmpProcessorId());
                    return Cpu.rawSmpProcessorId() == 3 ? -9 : -1;
                }, NO_ARG, mask("0-3")));
            }, NO_ARG, false);
            until(() -> local.get() != 0);
            assertThat(local).as("its own result comes first").hasValue(-9);
            assertThat(log).containsExactlyInAnyOrder("all@0", "all@1", "all@2", "all@3");
            log.clear();
            local.set(0);
            machine.smp().smpCallFunctionSingle(3, info -> local.set(stop.stopMachineFromInactiveCpu(arg -> {
                log.add("one@" + Cpu.rawSmpProcessorId());
                return -4;
            }, NO_ARG, null)), NO_ARG, false);
            until(() -> local.get() != 0);
            assertThat(local).hasValue(-4);
            assertThat(log).containsExactly("one@0");
            cpus.setCpuActive(3, true);
            assertThat(stop.stopMachine(logs("after"), NO_ARG, null)).isZero();
        });
    }

    @Test
    void anActiveCpuMayNotTakeTheFormForInactiveOnes() {
        box.run(0, () -> assertThatIllegalStateException()
                .isThrownBy(() -> stop.stopMachineFromInactiveCpu(logs("fn"), NO_ARG, null)));
    }

    // ---- parking ----

    @Test
    @Invariant({25, 26})
    void aParkedStopperTakesNoWorkAndHasNone() {
        box.run(0, () -> {
            AtomicBoolean queued = new AtomicBoolean();
            stop.stopOneCpu(2, arg -> {
                queued.set(stop.stopOneCpuNowait(2, logs("queued before"), NO_ARG, new CpuStopWork()));
                stop.stopMachinePark(2);
                return 0;
            }, NO_ARG);
            assertThat(queued).isTrue();
            assertThat(stop.stopOneCpu(2, logs("after"), NO_ARG)).isEqualTo(-Errno.ENOENT);
            until(() -> log.contains("queued before@2"));
            assertThat(stop.stopTwoCpus(1, 2, logs("two"), NO_ARG)).isEqualTo(-Errno.ENOENT);
            until(() -> machine.scheduler().curr(2).policy() != Task.Policy.STOP); // it has parked
            stop.stopMachineUnpark(2);
            assertThat(stop.stopOneCpu(2, logs("unparked"), NO_ARG)).isZero();
        });
        assertThat(log).containsExactly("queued before@2", "unparked@2");
    }

    // ---- reports ----

    @Test
    void theReportNamesTheStoppersFunctionAndItsCaller() {
        AtomicBoolean leave = new AtomicBoolean();
        box.run(0, () -> {
            assertThat(stop.printStopInfo(1)).isNull();
            box.start(2, "requester", () -> stop.stopOneCpu(1, CpuStopFn.named("long_function", arg -> {
                log.add("in");
                until(leave::get);
                return 0;
            }), NO_ARG));
            until(() -> log.contains("in"));
            assertThat(stop.printStopInfo(1)).isEqualTo("Stopper: long_function+0x0/0x0 <- requester");
            Sysrq.showAllCpus(machine);
            leave.set(true);
            until(() -> stop.printStopInfo(1) == null);
        });
        assertThat(box.printed()).contains("Stopper: long_function+0x0/0x0 <- requester")
                .anyMatch(line -> line.contains("CPU: 1 Comm: migration/1"));
    }
}
