package org.smp4j.fuzz.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.FuzzOptions;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.weave.Weave;

/** Real threads show what exploring shows; where they do not, that is reported. */
class ComparisonTest {
    private static final int TIMES = 3;
    private final Catalog catalog = Standard.catalog();

    private Comparison.Result compare(String program, Weave... weaves) {
        LoadedTower tower = new LoadedTower(List.of(), ComparisonTest.class.getClassLoader(), weaves);
        Comparison comparison = new Comparison(new FuzzOptions(Focus.CALL, 1, 1, Long.MAX_VALUE, 10, List.of(), false),
                catalog, tower, TIMES, (_, _, _) -> true);
        comparison.compare(Program.parse(program));
        return comparison.result();
    }

    @Test
    void outcomesOfRealThreadsAreThoseOfExploring() {
        for (String program : List.of("c2/t0=single.1.1,async.1.0+1,complete.2/t1=async.0.0",
                "m2/t0=mutex.0+1,single.1.1/t1=mutex.0,one.0")) {
            Comparison.Result result = compare(program);
            assertThat(result.differences()).isEmpty();
            assertThat(result.compared()).isOne();
            assertThat(result.real()).isEqualTo(TIMES);
            assertThat(result.seen()).isPositive();
            assertThat(result.text()).contains("passed compare: floor call", "3 runs on real threads");
        }
    }

    /** Exploring that loses the results of operations shows other outcomes. */
    @Test
    void outcomeThatExploringDoesNotShowIsReported() {
        Comparison.Result result = compare("c2/t0=complete.2,trywait", Weave.in("org.smp4j.fuzz.grammar.Ledger",
                "result").drop(call(Exploring.class, "quietly")));
        assertThat(result.passed()).isFalse();
        assertThat(result.differences().getFirst()).contains("in 3 of 3 runs on real threads", "in none of ");
    }

    @Test
    void programsThatBreakARuleOnRealThreadsAreReported() {
        Catalog fails = catalog.with(List.of(Production.of("fails",
                Floor.CALL).gives(0).does((_, _) -> 1)));
        try {
            new RealThreads(Program.parse("c2/t0=fails"), fails).run();
            assertThat(false).as("a run that must fail").isTrue();
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("fails[] (operation 0) has returned 1");
        }
    }

    @Test
    void devicesAreLeftOutAndHotplugIsNotCompared() {
        assertThat(Comparison.comparable(Program.parse("t2/t0=single.1.1/d1.2=async.0.0"), catalog).text())
                .isEqualTo("m2/t0=single.1.1");
        assertThat(Comparison.comparable(Program.parse("m2/t0=down.1"), catalog)).isNull();
        assertThat(Comparison.comparable(Program.parse("c2/d1.2=async.0.0"), catalog)).isNull();
    }
}
