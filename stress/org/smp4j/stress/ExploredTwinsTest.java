package org.smp4j.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.Outcome;

/**
 * Exploring under the memory model {@code java} agrees with jcstress: it finds each interesting outcome of the weakened
 * twins, and no forbidden outcome of any test. A test for the end of a loop has no outcome that a schedule could show.
 */
class ExploredTwinsTest {
    private static final int BOUND = 2;
    private static final int SCHEDULES = 3000;

    private static Stream<String> ids(Class<?> test, Predicate<Expect> expected) {
        return Arrays.stream(test.getAnnotationsByType(Outcome.class)).filter(row -> expected.test(row.expect()))
                .flatMap(row -> Arrays.stream(row.id())).filter(id -> !id.isEmpty());
    }

    private static boolean fits(String id, String outcome) {
        return outcome.equals(id) || outcome.matches(id);
    }

    /** {@return the interesting outcomes that are missing} */
    private static List<String> missing(Class<?> test, Set<String> seen) {
        return ids(test, expect -> expect == Expect.ACCEPTABLE_INTERESTING)
                .filter(id -> seen.stream().noneMatch(outcome -> fits(id, outcome))).toList();
    }

    private static List<String> forbidden(Class<?> test, Set<String> seen) {
        return seen.stream().filter(outcome -> ids(test, expect -> expect != Expect.FORBIDDEN && expect
                != Expect.UNKNOWN).noneMatch(id -> fits(id, outcome))).toList();
    }

    private static boolean isTwin(Class<?> test) {
        return ids(test, expect -> expect == Expect.ACCEPTABLE_INTERESTING).findAny().isPresent();
    }

    @Test
    void everyInterestingOutcomeOfTheTwinsIsFound(@TempDir Path folder) throws Exception {
        try (ExploredTwins tests = new ExploredTwins(folder)) {
            List<Class<?>> twins = tests.all().stream().filter(ExploredTwinsTest::isTwin).toList();
            assertThat(twins).hasSizeGreaterThan(30);
            for (Class<?> twin : twins) {
                ExploredTwins.Seen seen = tests.explore(twin, BOUND, SCHEDULES,
                        outcomes -> missing(twin, outcomes).isEmpty());
                assertThat(missing(twin, seen.outcomes())).as(twin + ": " + seen).isEmpty();
                assertThat(forbidden(twin, seen.outcomes())).as(twin + ": " + seen).isEmpty();
                assertThat(seen.failures()).as(twin.toString()).isEmpty();
            }
        }
    }

    @Test
    @Tag("soak")
    void noForbiddenOutcomeIsFound(@TempDir Path folder) throws Exception {
        try (ExploredTwins tests = new ExploredTwins(folder)) {
            for (Class<?> test : tests.all()) {
                ExploredTwins.Seen seen = tests.explore(test, BOUND, SCHEDULES, _ -> false);
                assertThat(forbidden(test, seen.outcomes())).as(test + ": " + seen).isEmpty();
                assertThat(seen.failures()).as(test.toString()).isEmpty();
            }
        }
    }
}
