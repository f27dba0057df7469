package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.samples.Command;
import org.smp4j.explore.samples.Hits;

/** Several programs on the same loaded classes, and programs that judge their runs themselves. */
class LoadedProgramTest {
    private static final ExploreOptions SOME = ExploreOptions.DEFAULT.withSchedules(50);

    private final List<Class<?>> bound = new ArrayList<>();

    private static LoadedProgram of(Class<?> type) {
        return new LoadedProgram(type.getName(), RewriteOptions.defaults(), LoadedProgramTest.class.getClassLoader());
    }

    private static LoadedProgram counter() {
        return of(Hits.class);
    }

    private LoadedProgram.Entry entry(boolean excused) {
        return type -> {
            bound.add(type);
            var constructor = type.getConstructor();
            return new LoadedProgram.Body() {
                @Override
                public void run() throws Throwable {
                    ((Runnable) constructor.newInstance()).run();
                }

                @Override
                public Failure judge(Failure failure) {
                    return excused ? null : failure;
                }
            };
        };
    }

    private static Report explore(Program program) {
        return Explorer.explore(program, SOME, Explorer.Progress.NONE);
    }

    @Test
    void programsShareClassesAndEachRunHasFreshStatics() throws Exception {
        LoadedProgram first = counter();
        assertThat(explore(first).failure().message()).contains("lost");
        Report second = explore(first.with("second", entry(false)));
        assertThat(second.scenario()).isEqualTo("second");
        assertThat(second.token()).startsWith("smp4j1:second:");
        List<Class<?>> known = List.copyOf(bound);
        assertThat(explore(first.with("third", entry(false))).passed()).isFalse();
        assertThat(known).as("not loaded again, nor for the columns").containsAll(bound);
        Field runs = bound.getLast().getDeclaredField("runs");
        runs.setAccessible(true);
        assertThat(runs.get(null)).as("put back before each run").isIn(0, 1);
    }

    @Test
    void programIsBoundAnewWhenItsClassesAreLoadedAnew() {
        LoadedProgram fresh = counter();
        assertThat(explore(fresh.with("bound", entry(true))).passed()).isTrue();
        assertThat(bound.stream().distinct()).as("the first run met a class with statics").hasSize(2);
    }

    @Test
    void verdictOfTheProgramCounts() {
        assertThat(explore(counter().with("excused", entry(true))).passed()).isTrue();
        Report accused = explore(counter().with("accused", type -> new LoadedProgram.Body() {
            private final LoadedProgram.Body body = entry(true).of(type);

            @Override
            public void run() throws Throwable {
                body.run();
            }

            @Override
            public Failure judge(Failure failure) {
                return failure == null ? new Failure("too good", "it has passed", List.of(), null) : null;
            }
        }));
        assertThat(accused.failure().rule()).isEqualTo("too good");
        assertThat(accused.switches()).as("shrunk").isZero();
    }

    @Test
    void mainIsAScenarioAndAnythingElseIsNot() {
        Report report = explore(of(Command.class));
        assertThat(report.failure().message()).contains("lost");
        assertThat(Explorer.replay(of(Command.class), report.token(), false, Explorer.Progress.NONE).failure()
                .message()).contains("lost");
        assertThatThrownBy(() -> of(Command.Without.class)).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("or a public class with a public static void main(String[])");
    }

    @Test
    void probeTellsTheFailureAndNoMore() {
        Report probed = Explorer.probe(counter(), SOME, Explorer.Progress.NONE);
        assertThat(probed.failure().message()).contains("lost");
        assertThat(probed.token()).isNull();
        assertThat(probed.lines()).isEmpty();
    }
}
