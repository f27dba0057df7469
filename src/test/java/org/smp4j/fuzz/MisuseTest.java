package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.call.CallMany;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Explorer;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** Programs with illegal uses: they pass, and fail if the kernel does not answer as its contract says. */
class MisuseTest {
    private static final LoadedTower TOWER = tower();
    private final Catalog all = Standard.catalog().withMisuses();

    private static LoadedTower tower(Weave... weaves) {
        return new LoadedTower(List.of(), MisuseTest.class.getClassLoader(), weaves);
    }

    private static ProgramResult explore(LoadedTower tower, String program) {
        ProgramResult result = new ProgramExplorer(tower, 5, Explorer.Progress.NONE).explore(Program.parse(program));
        assertThat(result.fault()).isNull();
        return result;
    }

    /** What is taken out of the kernel, and the program and rule that show it. */
    private record Broken(Weave weave, String program, String rule) {
    }

    private static final List<Broken> BROKEN = List.of(
            new Broken(Weave.in(Smp.class, "smpCallFunctionSingle").drop(call(Warnings.class, "warn").number(1, 2)),
                    "c2/t0=irqs+1,singlexirqsoff.1.1", "misuse without a warning"),
            new Broken(Weave.in(CallMany.class, "checkManyContext").drop(call(Warnings.class, "warn").all(3)),
                    "c2/t0=manyxpreemptible.2.1", "misuse without a warning"),
            new Broken(Weave.in(Mutex.class, "lock").drop(call("org.smp4j.lib.Waiter", "mightSleep")),
                    "t2/t0=preempt+1,mutexxatomic.0", "misuse not refused"),
            new Broken(Weave.in(StopMachine.class, "stopOneCpu").drop(call(Scheduler.class, "mightSleep")),
                    "t2/t0=one.1+1,onexatomic.1", "function ran too often"),
            new Broken(Weave.in(Context.class, "restore").drop(call(Cpu.class, "enter")),
                    "c2/t0=singlexleaks.1", "unbalanced context"),
            new Broken(Weave.in(Kthread.class, "kthreadPark").drop(call(Warnings.class, "warn").all(2)),
                    "m2/t0=kthreadxparkstwice.1", "misuse without a warning"));

    @Test
    void whatIsTakenOutOfTheKernelIsFound() {
        for (Broken each : BROKEN) {
            assertThat(Legality.fault(Program.parse(each.program()), all)).as(each.program()).isNull();
            assertThat(explore(TOWER, each.program()).message()).as(each.program()).isNull();
            assertThat(explore(tower(each.weave()), each.program()).rule()).as(each.program()).isEqualTo(each.rule());
        }
    }

    /** Without a program: a campaign finds a check that was taken out, and makes the program small. */
    @Test
    void campaignFindsTheMissingCheck() {
        ProgramExplorer explorer = new ProgramExplorer(tower(Weave.in(Smp.class, "smpCallFunctionSingle")
                .drop(call(Warnings.class, "warn").all(2))), 5, Explorer.Progress.NONE);
        FuzzReport report = campaign(explorer, Focus.CALL, 1, 40);
        assertThat(report.failures()).isNotEmpty();
        FuzzReport.Failure failure = report.failures().getFirst();
        assertThat(failure.report().failure().rule()).isEqualTo("misuse without a warning");
        assertThat(Program.parse(failure.program()).size()).as(failure.program()).isLessThanOrEqualTo(2);
    }

    private static FuzzReport campaign(ProgramExplorer explorer, Focus focus, long seed, long programs) {
        FuzzOptions options = new FuzzOptions(focus, seed, programs, Long.MAX_VALUE, 5, List.of(), true);
        return new Campaign(options, Standard.catalog(), List.of(),
                each -> each.stream().map(explorer::explore).toList(), explorer, (_, _, _) -> true).run();
    }

    @ParameterizedTest
    @CsvSource({"CALL, 24", "SCHED, 8", "STOP, 8", "HOTPLUG, 3"})
    void nothingIsFound(Focus focus, long programs) {
        FuzzReport report = campaign(new ProgramExplorer(TOWER, 5, Explorer.Progress.NONE), focus, 2026, programs);
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.notes()).isEmpty();
        assertThat(report.text()).contains("floor " + focus + " with misuse");
    }

    @Test
    void everyIllegalUseIsDrawnAndNoLegalProgramHasOne() {
        Set<String> names = new HashSet<>();
        for (Production production : all.all()) {
            if (production.illegal() != null) {
                names.add(production.name());
            }
        }
        assertThat(names).hasSizeGreaterThan(80);
        Generator legal = new Generator(Standard.catalog(), Focus.ALL);
        Generator illegal = new Generator(all, Focus.ALL);
        Set<String> drawn = new HashSet<>();
        for (int i = 0; i < 10 * names.size(); i++) {
            Program program = illegal.draw(1, i);
            assertThat(Legality.fault(program, all)).as(program.text()).isNull();
            Set<String> own = new HashSet<>();
            program.forEach(op -> own.add(op.name()));
            own.retainAll(names);
            assertThat(own).as(program.text()).isNotEmpty();
            drawn.addAll(own);
            legal.draw(1, i).forEach(op -> assertThat(names).doesNotContain(op.name()));
        }
        assertThat(drawn).containsExactlyInAnyOrderElementsOf(names);
    }

    /** Two that wait with IRQs off could wait for each other. */
    @Test
    void programsThatMayHangAreRefused() {
        assertThat(Legality.fault(Program.parse("c2/t0=irqs+1,singlexirqsoff.1.1/t1=irqs+1,singlexirqsoff.0.1"), all))
                .contains("singlexirqsoff is there 2 times");
        assertThat(Legality.fault(Program.parse("c2/t0=irqs+1,singlexirqsoff.1.1/t1=irqs+1,kickxirqsoff"), all))
                .contains("are in one program");
        // CPU 0 waits for its earlier call to CPU 2, and has not interrupted CPU 1 yet, which CPU 2 waits for
        assertThat(Legality.fault(Program.parse("c3/t0=each.0,each.1/t1=each.0/t2=irqs+1,kickxirqsoff"), all))
                .isNotNull();
        assertThat(Legality.fault(Program.parse("t2/t0=irqs+1,singlexirqsoff.1.1/t1=stop.0"), all))
                .contains("are in one program");
        assertThat(Legality.fault(Program.parse("c2/t0=spin.0+1,singlexirqsoff.1.1"), all)).contains("illegal in");
    }

    /** A second read lock waits behind a writer for ever, in the kernel as well: one is not drawn beside the other. */
    @Test
    void noReaderOfTwoLocksIsBesideAWriter() {
        assertThat(Legality.fault(Program.parse("m3/t0=cpusread+1,cpusreadxtwice/t0=stopxwriting"),
                Standard.catalog().withMisuses())).isNotNull();
        assertThat(Legality.fault(Program.parse("m3/t0=cpusread+1,cpusreadxtwice"),
                Standard.catalog().withMisuses())).isNull();
    }
}
