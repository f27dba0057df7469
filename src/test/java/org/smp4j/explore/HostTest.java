package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.model.HostException;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.samples.Memory;

/** A JVM that is short of memory or stack is no failure of the program. */
class HostTest {
    private static Report explore(Class<?> program, boolean threads, Observer observer) {
        return Explorer.probe(new LoadedProgram(program.getName(), RewriteOptions.defaults(),
                HostTest.class.getClassLoader()),
                ExploreOptions.DEFAULT.withSchedules(20).withThreads(threads), Explorer.Progress.NONE, observer);
    }

    private static Report explore(Class<?> program) {
        return explore(program, false, null);
    }

    @ParameterizedTest
    @ValueSource(classes = {Memory.Filled.class, Memory.Caught.class, Memory.Wrapped.class, Memory.Dropped.class})
    void heapThatIsTooShortTellsNothing(Class<?> program) {
        assertThatThrownBy(() -> explore(program)).isInstanceOf(HostException.class)
                .hasMessageMatching("nothing is known of the program: .*Java heap space; .*-Xmx.*");
    }

    @ParameterizedTest
    @EnumSource(Coroutine.Kind.class)
    void errorThatTheProgramMakesIsItsOwn(Coroutine.Kind kind) {
        boolean threads = kind == Coroutine.Kind.THREAD;
        assertThat(explore(Memory.Thrown.class, threads, null).failure().rule())
                .isEqualTo("thrown: java.lang.OutOfMemoryError");
        assertThat(explore(Memory.TooLong.class, threads, null).failure().message())
                .isEqualTo("main threw java.lang.OutOfMemoryError: Requested array size exceeds VM limit");
        assertThat(explore(Memory.Handled.class, threads, null).passed()).isTrue();
        assertThat(explore(Memory.Endless.class, threads, null).failure().rule())
                .isEqualTo("thrown: java.lang.StackOverflowError");
    }

    /** Fails in the middle of the program's steps. */
    private static final class Short implements Observer {
        private final Error error;
        private int depth;

        Short(Error error) {
            this.error = error;
        }

        private void recurse() {
            depth++;
            recurse();
            depth--;
        }

        @Override
        public void performed(Run x, Strand strand) {
            if (error == null) {
                recurse();
            } else {
                throw error;
            }
        }
    }

    @Test
    void explorersOwnErrorsTellNothing() {
        Short memory = new Short(new OutOfMemoryError("Java heap space"));
        assertThatThrownBy(() -> explore(Memory.Handled.class, false, memory)).isInstanceOf(HostException.class)
                .hasMessageStartingWith("nothing is known of the program: ");
        assertThatThrownBy(() -> explore(Memory.Handled.class, false, new Short(null)))
                .isInstanceOf(HostException.class)
                .hasMessageMatching("nothing is known of the program: .*StackOverflowError; .*-Xss.*");
    }
}
