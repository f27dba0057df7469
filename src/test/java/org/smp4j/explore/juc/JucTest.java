package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.smp4j.explore.run.Program;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Verdict;

/** For each kind of class in java.util.concurrent a program with a bug, which is found, and a correct one. */
class JucTest {
    private static final Class<?>[] HOLDERS = {Synchronizers.class, Locks.class, Queues.class, Pools.class,
        Futures.class, Others.class, Closings.class, Conditions.class,
        More.class, Sets.class, Tasks.class};

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
        Report report = Explorer.explore(load(program), ExploreOptions.DEFAULT.withStrategy(search)
                .withSchedules(gives.schedules()), Explorer.Progress.NONE);
        assertThat(Thread.currentThread().isInterrupted()).as("the explorer's own thread is interrupted").isFalse();
        assertThat(report.text()).doesNotContain("smp4j.shadow");
        for (String part : gives.saying()) {
            assertThat(report.text().replaceAll("\\s+", " ")).contains(part);
        }
        if (gives.value() == Verdict.PASS) {
            assertThat(report.passed()).as(report::text).isTrue();
            assertThat(report.cut()).as("cut").isZero();
            return;
        }
        assertThat(report.passed()).as(report::text).isFalse();
        assertThat(report.failure().rule()).startsWith(gives.value() == Verdict.FAILURE
                ? "thrown" : gives.value().name().toLowerCase(Locale.ROOT));
        Report again = Explorer.replay(load(program), report.token(), false, Explorer.Progress.NONE);
        assertThat(again.failure().rule()).isEqualTo(report.failure().rule());
    }

    private static Program load(Class<?> program) {
        return new LoadedProgram(program.getName(), RewriteOptions.defaults(), JucTest.class.getClassLoader());
    }
}
