package org.smp4j.litmus.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.search.Witness.Step;

class LitmusSearchTest {
    private static LitmusResult search(String text) {
        return search(text, SearchOptions.DEFAULT);
    }

    private static LitmusResult search(String text, SearchOptions options) {
        return LitmusSearch.search(LitmusParser.parse(text), options, () -> false);
    }

    @Test
    void executionsDifferInWhatIsReadAndInTheOrderOfWrites() {
        String writes = "C t\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { *x = 2; }\nP2(int *x) { int r = *x; }\n"
                + "exists (2:r=1)";
        LitmusResult result = search(writes);
        assertThat(result.positive() + result.negative()).isEqualTo(6);
        assertThat(result.positive()).isEqualTo(2);
        assertThat(result.states()).containsExactly("2:r=0;", "2:r=1;", "2:r=2;");
        assertThat(result.observation()).isEqualTo("Sometimes");
    }

    @Test
    void theWitnessHasAsFewDeparturesAsPossible() {
        LitmusResult result = search("""
                C t
                {}
                P0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 1); }
                P1(int *x, int *y) { int r = READ_ONCE(*y); int s = READ_ONCE(*x); }
                exists (1:r=1 /\\ 1:s=0)
                """);
        assertThat(result.witness().departures()).isEqualTo(1);
        assertThat(result.witness().steps()).containsExactly(
                new Step(0, "WRITE_ONCE(*x, 1)", "writes x=1", false),
                new Step(0, "WRITE_ONCE(*y, 1)", "writes y=1", false),
                new Step(1, "int r = READ_ONCE(*y)", "reads y=1", false),
                new Step(1, "int s = READ_ONCE(*x)",
                        "reads x=0: the write of 1 by P0 is not visible yet", true));
    }

    @Test
    void aWriteThatLandsEarlyAndASpuriousFailureAreDepartures() {
        LitmusResult inserted = search("C t\n{}\nP0(int *x, int *y) { WRITE_ONCE(*x, 1); WRITE_ONCE(*y, 2); }\n"
                + "P1(int *x, int *y) { WRITE_ONCE(*y, 1); WRITE_ONCE(*x, 2); }\nexists (x=1 /\\ y=1)");
        assertThat(inserted.witness().steps()).filteredOn(Step::departs).singleElement()
                .satisfies(step -> assertThat(step.effect())
                        .matches("writes .=2, which lands before the write of 1 by P."));
        LitmusResult failed = search("Java t\n{0:X=x;}\nThread0 { int r = X.weakCompareAndSet(0, 1); }\n"
                + "exists (0:r=0)");
        assertThat(failed.witness().steps()).containsExactly(new Step(0, "int r = X.weakCompareAndSet(0, 1)",
                "reads x=0, fails spuriously", true));
    }

    @Test
    void loopsAreCutAndThatIsSaid() {
        String text = "C t\n{}\nP0(int *x) { while (READ_ONCE(*x) == 0) { } }\nP1(int *x) { WRITE_ONCE(*x, 1); }\n"
                + "exists (x=1)";
        LitmusResult result = search(text);
        assertThat(result.cut()).isPositive();
        assertThat(result.positive()).as("it reads 0 from none to three times").isEqualTo(4);
        SearchOptions once = new SearchOptions(MemoryModel.JAVA, true, false, 1, 1000);
        assertThat(search(text, once).positive()).isEqualTo(2);
    }

    @Test
    void aLoopThatEndsIsNotCut() {
        LitmusResult result = search("C t\n{}\nP0(int *x) { int i = 0; int s = 0; while (i < 3) { i++; s += i; } "
                + "do { i--; } while (i); *x = s; }\nforall (x=6 /\\ 0:i=0)");
        assertThat(result.cut()).isZero();
        assertThat(result.holds()).isTrue();
        assertThat(result.observation()).isEqualTo("Always");
    }

    @Test
    void deadlocksAreCounted() {
        LitmusResult result = search("""
                C t
                {}
                P0(spinlock_t *a, spinlock_t *b) { spin_lock(a); spin_lock(b); spin_unlock(b); spin_unlock(a); }
                P1(spinlock_t *a, spinlock_t *b) { spin_lock(b); spin_lock(a); spin_unlock(a); spin_unlock(b); }
                exists (a=0)
                """);
        assertThat(result.blocked()).isEqualTo(1);
        assertThat(result.positive()).isEqualTo(2);
    }

    @Test
    void anAccessToNoLocationIsRefused() {
        assertThatThrownBy(() -> search("C t\n{}\nP0(int *x) { int r = READ_ONCE(*x); int s = *r; }\nexists (true)"))
                .isInstanceOf(LitmusException.class)
                .hasMessage("3:45: P0 accesses the address 0, where no location is");
    }

    @Test
    void aFreeLockIsNotGivenBack() {
        assertThatThrownBy(() -> search("C t\n{}\nP0(spinlock_t *x) { spin_unlock(x); }\nexists (true)"))
                .isInstanceOf(LitmusException.class).hasMessage("3:21: P0 gives back a lock that is free");
    }

    @Test
    void anUnfinishedSearchShowsNothing() {
        String text = "C t\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { *x = 2; }\nexists (true)";
        assertThatThrownBy(() -> search(text, new SearchOptions(MemoryModel.JAVA, true, false, 3, 2)))
                .isInstanceOf(LitmusSearch.Unfinished.class).hasMessage("more than 2 states; nothing is shown");
    }

    @Test
    void aClaimAndAnExpectationDecideWhetherATestPasses() {
        String body = "{}\nP0(int *x) { *x = 1; }\n";
        assertThat(search("C t\n" + body + "exists (x=2)").passed()).isTrue();
        assertThat(search("C t\n" + body + "~exists (x=1)").passed()).isFalse();
        assertThat(search("C t\n" + body + "forall (x=1)").passed()).isTrue();
        assertThat(search("C t\n(* Result: Never *)" + body + "exists (x=1)").passed()).isFalse();
        assertThat(search("C t\n(* Result: Always *)" + body + "exists (x=1)").passed()).isTrue();
        assertThat(search("C t\n(* Result: Sometimes *)" + body + "~exists (x=2)").passed()).isFalse();
    }

    /** The state search visits each partial execution once; a test with many writes to one location stays small. */
    @Test
    void partialExecutionsAreVisitedOnce() {
        LitmusResult result = search("C t\n{}\nP0(int *x) { *x = 1; }\nP1(int *x) { *x = 2; }\nP2(int *x) { *x = 3; }\n"
                + "exists (x=1)");
        assertThat(result.positive() + result.negative()).isEqualTo(6);
        assertThat(result.searched()).isEqualTo(1 + 3 + 6 + 6);
    }
}
