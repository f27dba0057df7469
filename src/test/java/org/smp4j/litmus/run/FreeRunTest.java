package org.smp4j.litmus.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.Condition;
import org.smp4j.litmus.program.Condition.Part;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;

class FreeRunTest {
    private static final int RUNS = 60;
    private static final Path FOLDER = Path.of("src/test/resources/litmus");

    static Stream<LitmusTest> tests() throws IOException {
        List<LitmusTest> all = new ArrayList<>();
        for (String dialect : new String[] {"kernel", "c11", "java"}) {
            LitmusParser.parseAll(Files.readString(FOLDER.resolve(dialect + ".litmus.txt")))
                    .forEach(named -> all.add(named.test()));
        }
        return all.stream();
    }

    private static LitmusResult model(LitmusTest test) {
        return LitmusSearch.search(test, SearchOptions.DEFAULT, () -> false);
    }

    private static Histogram run(LitmusTest test, long runs) {
        return FreeRun.run(test, runs, SearchOptions.DEFAULT.iterations(), 1, () -> false);
    }

    private static LitmusTest parse(String text) {
        return LitmusParser.parse(text);
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("tests")
    void everyTestRunsFreeWithinTheModel(LitmusTest test) {
        Histogram seen = run(test, RUNS);
        assertThat(seen.runs() + seen.skipped()).isEqualTo(RUNS);
        assertThat(seen.counts().values().stream().mapToLong(Histogram.Count::all).sum()).isEqualTo(seen.runs());
        assertThat(seen.positive()).isLessThanOrEqualTo(seen.runs());
        if (!test.hasPlainAccesses()) {
            assertThat(seen.forbidden(model(test))).isEmpty();
        }
    }

    /** A thread alone has nearly no choice, so the compiled code must compute what the model computes. */
    @ParameterizedTest(name = "{index}")
    @MethodSource("tests")
    void everyThreadAloneDoesWhatTheModelSays(LitmusTest test) {
        for (int i = 0; i < test.threads().size(); i++) {
            LitmusTest alone = alone(test, test.threads().get(i));
            Histogram seen = run(alone, 3);
            assertThat(seen.forbidden(model(alone))).isEmpty();
        }
    }

    private static LitmusTest alone(LitmusTest test, ThreadCode thread) {
        List<Part> shown = new ArrayList<>();
        for (int i = 0; i < thread.registers().size(); i++) {
            if (thread.registers().get(i) != null) {
                shown.add(new Part(0, i, "0:" + thread.registers().get(i)));
            }
        }
        for (int i = 0; i < test.locations().size(); i++) {
            shown.add(new Part(-1, i, test.locations().get(i)));
        }
        Condition condition = new Condition(Condition.Quantifier.EXISTS, new Condition.Formula.Truth(true));
        return new LitmusTest(test.name(), test.dialect(), null, test.locations(), test.initial(), List.of(thread),
                condition, shown);
    }

    @Test
    void arithmeticAndAddressesAreThoseOfTheModel() {
        LitmusTest test = parse("""
                C t
                { z=y; y=7; }
                P0(int *x, int *y, int **z) {
                    int *p; int a; int b; int c; int d; int e;
                    p = READ_ONCE(*z);
                    a = READ_ONCE(*p);
                    b = (a << 2) - a / 2 * (a % 4) + (a >> 1);
                    c = (a < 8) + (a <= 7) * 2 + (a > 6) * 4 + (a >= 8) * 8 + (a == 7) * 16 + (a != 7) * 32;
                    d = (a && 0) + (a || 0) * 2 + ((a & 3) | (a ^ 9));
                    e = a > 100 ? 1 : 2;
                    if (atomic_add_unless(x, 3, 0)) { WRITE_ONCE(*x, 1); } else { WRITE_ONCE(*x, 2); }
                    if (atomic_add_unless(y, 3, 0)) { atomic_sub(1, y); }
                    a = xchg_relaxed(y, 40) + cmpxchg(x, 2, 5) * 100 + cmpxchg(x, 2, 6) * 1000;
                }
                exists (0:a=0 /\\ 0:b=0 /\\ 0:c=0 /\\ 0:d=0 /\\ 0:e=0 /\\ 0:p=x /\\ x=0 /\\ y=0)
                """);
        assertThat(run(test, 5).counts().keySet()).containsExactlyElementsOf(model(test).states());
    }

    @Test
    void locksExcludeAndNoUpdateIsLost() {
        LitmusTest test = parse("""
                C t
                { spinlock_t l; }
                P0(int *x, int *y, spinlock_t *l) { spin_lock(l); *x = *x + 1; spin_unlock(l); atomic_inc(y); }
                P1(int *x, int *y, spinlock_t *l) { spin_lock(l); *x = *x + 1; spin_unlock(l); atomic_inc(y); }
                forall (x=2 /\\ y=2)
                """);
        Histogram seen = run(test, 1000);
        assertThat(seen.positive()).isEqualTo(1000);
        assertThat(seen.observation()).isEqualTo("Always");
        assertThat(HistogramText.passed(seen, model(test))).isTrue();
    }

    @Test
    void aLoopWithMoreIterationsThanTheModelFollowsIsNotCounted() {
        LitmusTest test = parse("C t\n{}\nP0(int *x) { while (READ_ONCE(*x) == 0) { } }\nexists (x=0)\n");
        Histogram seen = run(test, 10);
        assertThat(seen.skipped()).isEqualTo(10);
        assertThat(HistogramText.of("t", seen, model(test), 0)).contains("Histogram (0 states)",
                "Not counted: 10 runs", "Observation t Never 0 0");
    }

    @Test
    void aLockThatIsNeverGivenBackEndsTheRun() {
        LitmusTest test = parse("C t\n{}\nP0(spinlock_t *l) { spin_lock(l); spin_lock(l); }\nexists (l=1)\n");
        assertThat(run(test, 1).skipped()).isEqualTo(1);
    }

    @Test
    void aStateThatTheModelForbidsIsNamedAndFails() {
        LitmusTest stronger = parse("C t\n{}\nP0(int *x) { int r = READ_ONCE(*x); }\nexists (0:r=0)\n");
        LitmusTest weaker = parse("C t\n{}\nP0(int *x) { int r = READ_ONCE(*x) + 1; }\nexists (0:r=0)\n");
        Histogram seen = run(weaker, 10);
        assertThat(seen.forbidden(model(stronger))).containsExactly("0:r=1;");
        assertThat(seen.missing(model(stronger))).containsExactly("0:r=0;");
        assertThat(HistogramText.passed(seen, model(stronger))).isFalse();
        assertThat(HistogramText.passed(seen, model(weaker))).isTrue();
        assertThat(HistogramText.of("t", seen, model(stronger), 1.5)).contains("10      :>0:r=1;",
                "Positive: 0, Negative: 10", "Time t 1.50", "FORBIDDEN under java, but seen: 0:r=1;",
                "Possible under java, not seen: 0:r=0;");
    }

    @Test
    void aViolatedClaimFails() {
        LitmusTest test = parse("C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\n~exists (x=1)\n");
        Histogram seen = run(test, 7);
        assertThat(HistogramText.passed(seen, model(test))).isFalse();
        assertThat(HistogramText.of("t", seen, model(test), 0)).contains("7       *>[x]=1;", "\nNo\n",
                "is NOT validated");
    }

    /** The states are those of the model; the seed changes only cache lines and delays. */
    @Test
    void runsEndEarlyWhenAsked() {
        LitmusTest test = parse("C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n");
        Histogram seen = FreeRun.run(test, Long.MAX_VALUE, 3, 2, () -> true);
        assertThat(seen.runs()).isEqualTo(4096);
    }

    @Test
    void anotherModelJudgesTheSameRuns() {
        LitmusTest test = parse("C t\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (x=1)\n");
        LitmusResult model = LitmusSearch.search(test, SearchOptions.DEFAULT.withModel(MemoryModel.TSO)
                .withInsertion(false), () -> false);
        assertThat(run(test, 10).forbidden(model)).isEmpty();
    }
}
