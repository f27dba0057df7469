package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.hooks.Hooks;

/** Each construct calls the required hooks, and no others. */
class HooksTest {
    private static final ExploringLoader CONSTRUCTS = new ExploringLoader(RewriteTest.recording(Constructs.class),
            HooksTest.class.getClassLoader());
    private static final ExploringLoader REPORTED =
            new ExploringLoader(RewriteTest.recording(Reported.class).withValues(true),
                    HooksTest.class.getClassLoader());
    private static final ExploringLoader REFUSED = new ExploringLoader(RewriteTest.recording(Refused.class),
            HooksTest.class.getClassLoader());

    @ParameterizedTest
    @MethodSource
    void constructCallsItsHooks(String method) throws Exception {
        assertThat(run(CONSTRUCTS, Constructs.class, method)).containsExactly(expected(Constructs.class, method));
    }

    static Stream<String> constructCallsItsHooks() {
        return methods(Constructs.class);
    }

    @ParameterizedTest
    @MethodSource
    void valueIsReported(String method) throws Exception {
        assertThat(run(REPORTED, Reported.class, method)).containsExactly(expected(Reported.class, method));
    }

    static Stream<String> valueIsReported() {
        return methods(Reported.class);
    }

    @ParameterizedTest
    @MethodSource
    void refusalNamesItsPlace(String method) throws Exception {
        List<String> refusals = run(REFUSED, Refused.class, method).stream()
                .filter(call -> call.startsWith("refuse")).toList();
        assertThat(refusals.stream().map(call -> call.replaceFirst("refuse (.*) \\S+$", "$1")))
                .containsExactly(expected(Refused.class, method));
        assertThat(refusals).allMatch(call -> call.contains(" Refused." + method + "(Refused.java:"));
    }

    static Stream<String> refusalNamesItsPlace() {
        return methods(Refused.class);
    }

    private static Stream<String> methods(Class<?> subject) {
        return Stream.of(subject.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Expect.class))
                .map(Method::getName).sorted();
    }

    private static String[] expected(Class<?> subject, String method) throws NoSuchMethodException {
        return subject.getDeclaredMethod(method).getAnnotation(Expect.class).value();
    }

    private static List<String> run(ExploringLoader loader, Class<?> subject, String name) throws Exception {
        Class<?> type = Class.forName(subject.getName(), true, loader);
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object object = constructor.newInstance();
        Method method = type.getDeclaredMethod(name);
        method.setAccessible(true);
        RecordingHooks.clear();
        method.invoke(Modifier.isStatic(method.getModifiers()) ? null : object);
        return RecordingHooks.calls();
    }

    @Test
    void recordingHooksAreComplete() {
        List<String> missing = Stream.of(Hooks.class.getMethods())
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .filter(method -> Stream.of(RecordingHooks.class.getDeclaredMethods())
                        .noneMatch(other -> other.getName().equals(method.getName())
                        && Arrays.equals(other.getParameterTypes(), method.getParameterTypes())
                        && other.getReturnType() == method.getReturnType()))
                .map(Method::toString).toList();
        assertThat(missing).isEmpty();
    }
}
