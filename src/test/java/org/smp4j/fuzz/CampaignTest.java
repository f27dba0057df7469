package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.call.Smp;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.model.Randomness;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.selftest.Mutants;
import org.smp4j.weave.Weave;

class CampaignTest {
    private static final Weave NO_INTERRUPT = Weave.in(Smp.class, "smpCallSingleQueue")
            .drop(call(Smp.class, "sendCallFunctionSingleIpi"));
    private final Catalog catalog = Standard.catalog();

    private static LoadedTower tower(Weave... weaves) {
        return new LoadedTower(List.of(), CampaignTest.class.getClassLoader(), weaves);
    }

    private static ProgramExplorer explorer(LoadedTower tower, long schedules) {
        return new ProgramExplorer(tower, schedules, Explorer.Progress.NONE);
    }

    private static FuzzOptions options(long programs) {
        return new FuzzOptions(Focus.CALL, 4, programs, Long.MAX_VALUE, 20, List.of(), false);
    }

    private Campaign campaign(ProgramExplorer own, Campaign.Workers workers, long programs) {
        return new Campaign(options(programs), catalog, List.of(), workers, own, (_, _, _) -> true);
    }

    private static List<ProgramResult> inOrder(ProgramExplorer explorer, List<Program> programs) {
        return programs.stream().map(explorer::explore).toList();
    }

    /** Where a program checks between its operations what was broken, the source plays the program. */
    @Test
    void sourceOfAProgramsOwnRulePlaysIt() {
        Weave reversed = Mutants.all().stream().filter(each -> each.name().equals("no-reverse")).findFirst()
                .orElseThrow().mutation();
        ProgramExplorer own = explorer(tower(reversed), 20);
        List<FuzzReport.Failure> failures = campaign(own, programs -> inOrder(own, programs), 32).run().failures();
        assertThat(failures).filteredOn(each -> each.report().failure().rule().equals("calls out of order"))
                .isNotEmpty().allSatisfy(each -> assertThat(each.java()).contains("new Play(", each.program()));
    }

    @Test
    void failureIsSmallAndReplays() {
        LoadedTower tower = tower(NO_INTERRUPT);
        ProgramExplorer own = explorer(tower, 20);
        FuzzReport report = campaign(own, programs -> inOrder(own, programs), 12).run();
        assertThat(report.failures()).isNotEmpty();
        FuzzReport.Failure failure = report.failures().getFirst();
        Program small = Program.parse(failure.program());
        assertThat(Legality.fault(small, catalog)).isNull();
        assertThat(small.size()).isLessThanOrEqualTo(4).isLessThanOrEqualTo(Program.parse(failure.drawn()).size());
        String token = failure.report().token();
        String name = Explorer.scenarioOf(token);
        assertThat(LoadedTower.isProgram(name)).isTrue();
        assertThat(LoadedTower.textOf(name)).isEqualTo(failure.program());
        Report replayed = Explorer.replay(tower.program(LoadedTower.textOf(name), null), token, false,
                Explorer.Progress.NONE);
        assertThat(replayed.failure().rule()).isEqualTo(failure.report().failure().rule());
        assertThat(report.text()).contains(token, failure.java(), "@Explore", failure.program());
        assertThat(failure.java()).doesNotContain("new Play("); // the operations suffice

        // one story for each way to fail, and each program that fails counts once
        assertThat(report.failures()).extracting(each -> each.report().failure().rule() + each.program()
                .replaceAll("[0-9.]", "")).doesNotHaveDuplicates();
        assertThat(report.failures()).extracting(FuzzReport.Failure::again).anyMatch(again -> again > 0);
        assertThat(report.text()).containsPattern("[0-9]+ more programs? failed in the same way");
        assertThat(report.curve()).containsKey(12L);
        assertThat(report.pairs().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(report.curve().get(12L)).isPositive();
        assertThat(report.pairs()).containsOnlyKeys("lib", "cpu", "call", "sched", "stop", "hotplug", "program");
    }

    /** As with several jobs: other loaders, another order, programs before. */
    @Test
    void whereAndInWhichOrderProgramsAreExploredDoesNotMatter() {
        ProgramExplorer own = explorer(tower(), 20);
        String first = campaign(own, programs -> inOrder(own, programs), 70).run().text();
        List<ProgramExplorer> two = List.of(explorer(tower(), 20), explorer(tower(), 20));
        String second = campaign(own, programs -> {
            ProgramResult[] results = new ProgramResult[programs.size()];
            for (int i = results.length - 1; i >= 0; i--) {
                results[i] = two.get(i % 2).explore(programs.get(i));
            }
            return List.of(results);
        }, 70).run().text();
        assertThat(second).isEqualTo(first).contains("70 programs", "passed fuzz: floor call, seed 4");
    }

    @Test
    void programsOfTheCorpusAreLegalAndChange() {
        ProgramExplorer own = explorer(tower(), 5);
        Campaign campaign = campaign(own, programs -> inOrder(own, programs), 64);
        campaign.run();
        List<Program> kept = campaign.corpus();
        assertThat(kept).hasSizeGreaterThan(5);
        List<Program> mutated = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Program changed = new Mutations(catalog).of(kept.get(i % kept.size()), kept.get(i / 2 % kept.size()),
                    new Randomness(i));
            if (changed != null) {
                mutated.add(changed);
                assertThat(Legality.fault(changed, catalog)).as(changed.text()).isNull();
            }
        }
        assertThat(mutated).hasSizeGreaterThan(50).doesNotContainAnyElementsOf(List.of(kept.getFirst()));
    }

    private static ProgramResult shows(Program program, List<Long> pairs, List<String> results, List<String> warnings) {
        return new ProgramResult(program.text(), 1, 1, null, null, List.of(),
                pairs.stream().mapToLong(Long::longValue).toArray(), 1, results, warnings, null);
    }

    @Test
    void programIsKeptForNewPairsWarningsOrResults() {
        List<Program> drawn = new ArrayList<>();
        Campaign campaign = campaign(explorer(tower(), 5), programs -> {
            drawn.addAll(programs);
            return List.of(
                    shows(programs.get(0), List.of(0x100L), List.of(), List.of()),
                    shows(programs.get(1), List.of(0x100L), List.of(), List.of()),
                    shows(programs.get(2), List.of(0x100L), List.of(), List.of("schedule")),
                    shows(programs.get(3), List.of(), List.of("down 0"), List.of("schedule")),
                    shows(programs.get(4), List.of(), List.of("down 0"), List.of()),
                    shows(programs.get(5), List.of(0x201L), List.of("down -16", "down 0"), List.of("callback")));
        }, 6);
        FuzzReport report = campaign.run();
        assertThat(campaign.corpus()).containsExactly(drawn.get(0), drawn.get(2), drawn.get(3), drawn.get(5));
        assertThat(report.text()).contains("results of operations: 2 different\nwarnings: callback, schedule\n"
                + "corpus: 4 programs; new pairs in 2, warnings in 2, results in 2\n");
    }

    @Test
    void exploringShowsResultsAndWarnings() {
        ProgramExplorer explorer = explorer(tower(), 20);
        ProgramResult legal = explorer.explore(Program.parse("m2/t0=down.1,down.1/t0=single.1.1"));
        assertThat(legal.failed()).as(legal.message()).isFalse();
        assertThat(legal.results()).contains("down 0", "single 0").isSorted();
        assertThat(legal.warnings()).isEmpty();
        ProgramResult illegal = explorer.explore(Program.parse("c2/t0=irqs+1,singlexirqsoff.1.1"));
        assertThat(illegal.warnings()).containsExactly("smp_call_function_single");
        assertThat(illegal.results()).contains("irqs 0");
    }

    /** A program of which nothing is known does not count as one that passes. */
    @Test
    void programThatCannotBeExploredIsNoSuccess() {
        FuzzReport report = campaign(explorer(tower(), 5), programs -> programs.stream().map(each ->
                ProgramResult.refused(each.text(), "it is refused")).toList(), 3).run();
        assertThat(report.passed()).isFalse();
        assertThat(report.text()).contains("program 1 could not be explored: it is refused");
    }

    /** What was found before stays, and the campaign does not pass. */
    @Test
    void shortageOfMemoryEndsTheCampaign() {
        ProgramExplorer own = explorer(tower(NO_INTERRUPT), 5);
        List<List<Program>> rounds = new ArrayList<>();
        FuzzReport report = campaign(own, programs -> {
            rounds.add(programs);
            if (rounds.size() > 1) {
                throw HostException.of(new OutOfMemoryError("Java heap space"));
            }
            return inOrder(own, programs);
        }, 64).run();
        assertThat(report.programs()).isEqualTo(32);
        assertThat(report.failures()).isNotEmpty();
        assertThat(report.text()).contains("FAILED fuzz: ", "ended early: nothing is known");
        FuzzReport none = campaign(own, _ -> {
            throw HostException.of(new OutOfMemoryError("Java heap space"));
        }, 64).run();
        assertThat(none.passed()).isFalse();
        assertThat(none.text()).contains("ENDED EARLY fuzz: ", "ended early: nothing is known", "-Xmx");
    }

    @Test
    void stoppedWorkersEndTheCampaign() {
        ProgramExplorer own = explorer(tower(), 5);
        FuzzReport report = campaign(own, programs -> {
            List<ProgramResult> results = new ArrayList<>(inOrder(own, programs.subList(0, 3)));
            results.add(null);
            return results;
        }, 64).run();
        assertThat(report.programs()).isEqualTo(3);
    }
}
