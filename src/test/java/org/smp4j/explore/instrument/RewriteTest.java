package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.instrument.call.RewriteOptions;

/** Rewritten classes behave as before. */
public class RewriteTest {
    /** Its output is recorded once: the class has static state, so a second run would differ. */
    private static final String EXPECTED = new Everything().get();

    /** Rewrites one class, and those nested in it, to call {@link RecordingHooks}. */
    public static RewriteOptions recording(Class<?> subject) {
        String name = subject.getName();
        return RewriteOptions.defaults().withHooks(RecordingHooks.class.describeConstable().orElseThrow())
                .withRewritten(other -> other.equals(name) || other.startsWith(name + "$"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everythingSaysTheSame(boolean values) throws Exception {
        try (ExploringLoader loader = new ExploringLoader(recording(Everything.class).withValues(values),
                getClass().getClassLoader())) {
            Class<?> rewritten = loader.loadClass(Everything.class.getName());
            assertThat(rewritten).isNotSameAs(Everything.class);
            RecordingHooks.clear();
            assertThat(run(rewritten)).isEqualTo(EXPECTED);
            assertThat(loader.sites()).isGreaterThan(300);
            assertThat(RecordingHooks.calls()).as("nothing refused").noneMatch(call -> call.startsWith("refuse"));
            assertThat(RecordingHooks.calls().stream().filter("enterQuiet"::equals).count())
                    .isEqualTo(RecordingHooks.calls().stream().filter("exitQuiet"::equals).count());
        }
    }

    private static String run(Class<?> type) throws ReflectiveOperationException {
        return (String) ((Supplier<?>) type.getDeclaredConstructor().newInstance()).get();
    }
}
