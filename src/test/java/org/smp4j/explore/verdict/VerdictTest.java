package org.smp4j.explore.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.run.Program;

/**
 * Small programs, each with the verdict that every search must give of it; the token of a failure makes the program
 * fail again.
 */
class VerdictTest {
    /** Classes with programs: nested classes with {@link Gives}. */
    private static final Class<?>[] HOLDERS = {ArrayCalls.class, Builders.class, Callbacks.class, Crowds.class,
        Definitions.class, HashOrders.class, Independence.class, Interruptions.class, Lives.class, Loaders.class,
        Loading.class, Loggers.class, Moments.class, Pools.class, Reflection.class, Refusals.class, Sources.class,
        StatefulObjects.class, Statics.class, Timeouts.class, Unsafe.class, Wakeups.class};

    static Stream<Arguments> programs() {
        return Stream.of(HOLDERS).flatMap(holder -> Stream.of(holder.getDeclaredClasses()))
                .filter(type -> type.isAnnotationPresent(Gives.class))
                .flatMap(type -> Stream.of(type.getAnnotation(Gives.class).by())
                        .map(search -> Arguments.of(type, search)));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void verdict(Class<?> program, String search) {
        Gives gives = program.getAnnotation(Gives.class);
        boolean races = gives.value() == Verdict.RACE || gives.value() == Verdict.NO_RACE;
        ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(search).withSchedules(gives.schedules())
                .withDataRaces(races).withStepLimit(20_000)
                .withLeeway(new Leeway(gives.timeouts(), gives.spurious(), gives.random()));
        if (gives.value() == Verdict.REFUSAL) {
            assertThatThrownBy(() -> Explorer.explore(load(program), options, Explorer.Progress.NONE))
                    .isInstanceOf(ExplorerException.class)
                    .satisfies(refused -> says(refused.getMessage(), gives));
            return;
        }
        Report report = Explorer.explore(load(program), options, Explorer.Progress.NONE);
        says(report.text(), gives);
        switch (gives.value()) {
            case PASS, NO_RACE -> {
                assertThat(report.passed()).as(report::text).isTrue();
                assertThat(report.cut()).as("cut").isZero();
            }
            case RACE -> assertThat(report.failure().rule()).isEqualTo("data race");
            default -> {
                assertThat(report.passed()).as(report::text).isFalse();
                assertThat(report.failure().rule()).startsWith(gives.value() == Verdict.FAILURE
                        ? "thrown" : gives.value().name().toLowerCase(Locale.ROOT));
                Report again = Explorer.replay(load(program), report.token(), false, Explorer.Progress.NONE);
                assertThat(again.failure().rule()).isEqualTo(report.failure().rule());
            }
        }
    }

    private static void says(String text, Gives gives) {
        for (String part : gives.saying()) {
            assertThat(text).contains(part);
        }
        for (String part : gives.notSaying()) {
            assertThat(text).doesNotContain(part);
        }
    }

    private static Program load(Class<?> program) {
        return new LoadedProgram(program.getName(), RewriteOptions.defaults(), VerdictTest.class.getClassLoader());
    }
}
