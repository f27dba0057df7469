package org.smp4j.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.testing.Players.at;
import static org.smp4j.weave.Call.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.GuardedPrintk;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** Whatever a user's function does, its caller and its CPU go on. */
class UserFunctionTest {
    private final Cpus cpus = new Cpus(3);
    private final Smp smp = new Smp(cpus);
    private final List<String> ran = new ArrayList<>();

    /** An exception that can't even be printed. */
    private static final class Unprintable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }

    private void note(Object what) {
        ran.add(what + " on " + Cpu.rawSmpProcessorId());
    }

    private void pollAll() {
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            Cpu each = cpus.cpu(cpu);
            at(each, each::poll);
        }
    }

    private List<WarnSite> sites() {
        return cpus.warnings.list().stream().map(Warnings.Warning::site).toList();
    }

    @Test
    void aFunctionThatThrowsWhatCannotBePrintedHasRun() {
        Csd csd = new Csd(info -> {
            throw new Unprintable();
        }, null);
        at(cpus.cpu(0), () -> assertThat(smp.smpCallFunctionSingleAsync(1, csd)).isZero());
        pollAll();
        assertThat(csd.isLocked()).isFalse();
        assertThat(cpus.warnings.list()).singleElement().asString()
                .contains("threw", "Unprintable (its toString() threw java.lang.IllegalStateException)");
    }

    @Test
    void aFunctionWithoutAUsableNameIsCalledByItsClass() {
        SmpCallFunc nameless = new SmpCallFunc() {
            @Override
            public void call(Object info) {
                throw new IllegalStateException("thrown");
            }

            @Override
            public String name() {
                throw new IllegalStateException("name");
            }
        };
        at(cpus.cpu(0), () -> assertThat(smp.smpCallFunctionSingle(0, nameless, null, true)).isZero());
        assertThat(cpus.warnings.list()).singleElement().asString()
                .contains("UserFunctionTest$", "IllegalStateException: thrown");
    }

    @Test
    void aLogThatThrowsLosesItsLinesAndIsWarnedAboutOnce() {
        Cpus noisy = new Cpus(BootParams.cpus(2).withPin(false), line -> {
            throw new IllegalStateException("no space left");
        }, null);
        noisy.setCpuOnline(0, true);
        Smp calls = new Smp(noisy);
        for (int i = 0; i < 2; i++) {
            at(noisy.cpu(0), () -> calls.smpCallFunctionSingle(0, info -> {
                throw new IllegalStateException("thrown");
            }, null, true));
        }
        noisy.lifetime.panic("on purpose");
        assertThat(noisy.warnings.list()).extracting(Warnings.Warning::site)
                .containsExactly(Warnings.THROWN, GuardedPrintk.LOG_THREW, Warnings.THROWN);
    }

    @Test
    void errorsOfTheVirtualMachineAreExceptionsLikeOthers() {
        List<SmpCallFunc> functions = List.of(info -> {
            throw new OutOfMemoryError("on purpose");
        }, UserFunctionTest::recurse);
        for (SmpCallFunc each : functions) {
            at(cpus.cpu(0), () -> smp.onEachCpu(each, null, false));
            pollAll();
        }
        at(cpus.cpu(0), () -> smp.onEachCpu(this::note, "after", false));
        pollAll();
        assertThat(ran).containsExactlyInAnyOrder("after on 0", "after on 1", "after on 2");
        assertThat(cpus.warnings.list()).extracting(warning -> warning.cause().getClass().getSimpleName())
                .containsExactlyInAnyOrder("OutOfMemoryError", "OutOfMemoryError", "OutOfMemoryError",
                "StackOverflowError", "StackOverflowError",
                        "StackOverflowError");
    }

    private static void recurse(Object info) {
        recurse(info);
    }

    @Test
    void aFunctionThatLeavesPreemptionOffIsReportedByNameAndPutRight() {
        SmpCallFunc leaks = SmpCallFunc.named("leaks", info -> {
            Preempt.disable();
            Preempt.disable();
        });
        at(cpus.cpu(0), () -> { // playing a CPU fails if it ends with another count than it began with
            smp.smpCallFunctionSingle(1, leaks, null, false);
            smp.smpCallFunctionSingle(0, leaks, null, true);
        });
        pollAll();
        assertThat(sites()).containsExactly(Context.PREEMPT_LEAK, Context.PREEMPT_LEAK);
        assertThat(cpus.warnings.list()).extracting(Warnings.Warning::message)
                .containsExactly("leaks leaked preempt count: 00000001 -> 00000003",
                "leaks leaked preempt count: 00010000 -> 00010002");
    }

    @Test
    void aFunctionThatSwitchesIrqsOnIsReportedAndTheNextOneHasThemOff() {
        at(cpus.cpu(0), () -> {
            smp.smpCallFunctionSingleAsync(1, new Csd(SmpCallFunc.named("enables", info -> LocalIrq.enable()), null));
            smp.smpCallFunctionSingleAsync(1, new Csd(info -> ran.add("IRQs off " + LocalIrq.disabled()), null));
        });
        pollAll();
        assertThat(ran).containsExactly("IRQs off true");
        assertThat(cpus.warnings.list()).singleElement().asString().contains("enables left IRQs on");
    }

    @Test
    void whatAnIrqWorkAndAHandlerLeaveBehindIsPutRightToo() {
        IrqWorks irqWorks = new IrqWorks(smp);
        cpus.installTimer(cpu -> {
            Preempt.disable();
            throw new Unprintable();
        });
        at(cpus.cpu(0), () -> {
            irqWorks.irqWorkQueue(IrqWork.of(work -> {
                LocalIrq.enable();
                Preempt.disable();
            }));
            cpus.cpu(0).sendInterrupt(PendingWord.TIMER);
            Cpu.current().poll();
            assertThat(Preempt.preemptible()).isTrue();
        });
        assertThat(sites()).containsExactly(Context.PREEMPT_LEAK, Context.IRQS_CHANGED, Warnings.THROWN,
                Context.PREEMPT_LEAK);
    }

    @Test
    void aConditionThatThrowsEndsTheCallForTheCpusThatComeAfter() {
        CpuMask asked = new CpuMask(3);
        at(cpus.cpu(0), () -> {
            assertThatThrownBy(() -> smp.onEachCpuCond((cpu, info) -> {
                asked.setCpu(cpu);
                if (cpu == 2) {
                    throw new Unprintable();
                }
                return true;
            }, this::note, "f", false)).isInstanceOf(Unprintable.class);
            assertThat(Preempt.preemptible()).isTrue();
        });
        assertThat(asked).hasToString("1-2");
        pollAll();
        assertThat(ran).as("CPU 1 was interrupted for what was queued before").containsExactly("f on 1");
        at(cpus.cpu(0), () -> smp.onEachCpu(this::note, "g", false));
        pollAll();
        assertThat(ran).containsExactlyInAnyOrder("f on 1", "g on 0", "g on 1", "g on 2");
        assertThat(cpus.warnings.list()).isEmpty();
    }

    @Test
    void aConditionThatThrowsForTheCallersOwnCpuDoesNoHarmEither() {
        at(cpus.cpu(0), () -> {
            assertThatThrownBy(() -> smp.onEachCpuCond((cpu, info) -> {
                Preempt.disable();
                if (cpu == 0) {
                    throw new IllegalStateException("here");
                }
                return true;
            }, this::note, "f", false)).hasMessage("here");
            assertThat(Preempt.preemptible()).isTrue();
        });
        pollAll();
        assertThat(ran).containsExactly("f on 1", "f on 2");
        assertThat(sites()).containsOnly(Context.PREEMPT_LEAK).hasSize(3);
    }

    @Test
    void aConditionMustNotUseTheMemoryOfItsOwnCall() {
        at(cpus.cpu(0), () -> assertThatThrownBy(() -> smp.onEachCpuCond((cpu, info) -> {
            smp.onEachCpu(this::note, "inner", false);
            return true;
        }, this::note, "outer", false)).isInstanceOf(IllegalStateException.class).hasMessageContaining("condition"));
        at(cpus.cpu(0), () -> smp.onEachCpu(this::note, "after", false));
        pollAll();
        assertThat(ran).containsExactlyInAnyOrder("after on 0", "after on 1", "after on 2");
    }

    @Test
    void badArgumentsChangeNothing() {
        CpuMask small = new CpuMask(2);
        List<Runnable> bad =
                List.of(() -> smp.smpCallFunctionSingle(1, null, null, true),
                () -> smp.smpCallFunctionSingleAsync(1, null),
                () -> smp.smpCallFunctionAny(null, this::note, null, true),
                () -> smp.smpCallFunctionAny(CpuMask.of(3, 1), null, null, true),
                () -> smp.smpCallFunctionMany(null, this::note, null, true),
                () -> smp.smpCallFunction(null, null, true),
                () -> smp.onEachCpu(null, null, true), () -> smp.onEachCpuMask(null, this::note, null, true),
                () -> new Csd(null, null),
                () -> new Csd().set(null, null), () -> IrqWork.of(null), () -> new IrqWorks(smp).irqWorkQueue(null),
                () -> new IrqWorks(smp).irqWorkQueueOn(null, 1));
        List<Runnable> wrongSize = List.of(() -> smp.smpCallFunctionAny(small, this::note, null, true),
                () -> smp.smpCallFunctionMany(small, this::note, null, true),
                () -> smp.onEachCpuMask(small, this::note, null, true));
        at(cpus.cpu(0), () -> {
            for (Runnable each : bad) {
                assertThatNullPointerException().isThrownBy(each::run).withMessageMatching("func|mask|csd|work");
                assertThat(Preempt.preemptible()).isTrue();
            }
            for (Runnable each : wrongSize) {
                assertThatThrownBy(each::run).isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("the mask must have 3 CPUs, as the machine, got one of 2");
                assertThat(Preempt.preemptible()).isTrue();
            }
        });
        pollAll();
        assertThat(ran).isEmpty();
    }

    @Test
    void anotherMachinesCpuIsRefused() {
        Cpus others = new Cpus(2);
        AtomicInteger calls = new AtomicInteger();
        IrqWorks irqWorks = new IrqWorks(smp);
        IrqWork work = IrqWork.of(self -> calls.incrementAndGet());
        Csd csd = new Csd(info -> calls.incrementAndGet(), null);
        List<Runnable> all =
                List.of(() -> smp.smpCallFunctionSingle(1, this::note, null, false),
                () -> smp.smpCallFunctionSingleAsync(1, csd),
                () -> smp.onEachCpu(this::note, null, true),
                () -> smp.smpCallFunctionAny(CpuMask.of(3, 1), this::note, null, true),
                () -> smp.smpCallFunction(this::note, null, true), smp::kickAllCpusSync, smp::wakeUpAllIdleCpus,
                smp::flushSmpCallFunctionQueue,
                () -> irqWorks.irqWorkQueue(work), () -> irqWorks.irqWorkQueueOn(work, 1),
                () -> irqWorks.irqWorkSync(work));
        at(others.cpu(0), () -> {
            for (Runnable each : all) {
                assertThatThrownBy(each::run).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("of another machine");
                assertThat(Preempt.preemptible()).isTrue();
            }
        });
        pollAll();
        assertThat(ran).isEmpty();
        assertThat(calls).hasValue(0);
        assertThat(csd.isLocked() || work.isBusy()).isFalse();
    }

    /** A condition that throws after the call has been queued on CPU 1; then CPU 1 is called once more. */
    public static class ThrowingCondition extends CallScenario {
        private volatile int ran;

        public ThrowingCondition() {
            super(3);
        }

        @Override
        protected void play() {
            on(0, () -> {
                try {
                    smp().onEachCpuCond((cpu, info) -> {
                        if (cpu == 2) {
                            throw new IllegalStateException("on purpose");
                        }
                        return true;
                    }, SmpCallFunc.named("f", info -> ran++), null, true);
                } catch (IllegalStateException e) {
                    assertThat(ran).as("f was waited for").isEqualTo(1);
                }
                smp().smpCallFunctionSingle(1, SmpCallFunc.named("g", info -> ran++), null, true);
            });
        }

        @Override
        protected void check() {
            assertThat(ran).isEqualTo(2);
        }
    }

    private static Report explore(Weave weave, String strategy) {
        LoadedProgram program = new LoadedProgram(ThrowingCondition.class.getName(),
                Programs.options().withWeaves(weave),
                UserFunctionTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(1_000_000),
                Explorer.Progress.NONE);
    }

    @Test
    void whatWasQueuedBeforeTheConditionThrewIsNeverLost() {
        Report unkicked =
                explore(Weave.in(CallMany.class, "queueMany").drop(call(CallMany.class, "kick").number(1, 2)),
                "bound1");
        assertThat(unkicked.failure()).as(unkicked.text()).isNotNull();
        Report unwaited =
                explore(Weave.in(CallMany.class, "callFrom").drop(call(CallMany.class, "waitForMany").all(2)),
                        "bound1");
        assertThat(unwaited.failure()).as(unwaited.text()).isNotNull();
        Report all = explore(Weave.nothing(), "bound2");
        assertThat(all.failure()).as(all.text()).isNull();
        assertThat(all.complete()).as(all.text()).isTrue();
    }
}
