package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smp4j.testing.Invariant;

/** The table of invariants names tests that there are; of the lower floors, all of them. */
class InvariantsTableTest {
    private static final Path ROOT = Path.of("src/test/java/org/smp4j");
    private static final Pattern HEADING = Pattern.compile("## (\\d+)");
    private static final Pattern ROW = Pattern.compile("\\| (`.+`: .+) \\| (.+) \\|");
    private static final Pattern TEST = Pattern.compile("`([a-z]+\\.\\w+)\\.(\\w+)`");

    @Test
    void eachTestInTheTableExistsAndSaysWhichInvariantItGuards() throws Exception {
        Map<Integer, Set<String>> annotations = annotations();
        assertThat(table()).allSatisfy((number, named) ->
                assertThat(annotations.getOrDefault(number, Set.of())).as("tests of %d", number).containsAll(named));
    }

    @Test
    void eachTestOfALowerFloorThatGuardsAnInvariantIsInTheTable() throws Exception {
        Map<Integer, Set<String>> table = table();
        annotations().forEach((number, tests) -> {
            Set<String> lower = new TreeSet<>(tests);
            lower.removeIf(test -> !test.matches("(lib|cpu|call|sched|stop)\\..*"));
            assertThat(table.getOrDefault(number, Set.of())).as("tests of %d", number).containsAll(lower);
        });
    }

    @Test
    void noInvariantOfTheseFloorsIsLeftOut() throws Exception {
        assertThat(table().keySet()).contains(18, 36, 38, 39, 40, 41)
                .containsAll(IntStream.rangeClosed(1, 16).boxed().toList())
                .containsAll(IntStream.rangeClosed(21, 27).boxed().toList());
    }

    /** By number: the tests of the rows under it. */
    private static Map<Integer, Set<String>> table() throws IOException {
        Map<Integer, Set<String>> tests = new TreeMap<>();
        Set<String> current = Set.of();
        for (String line : Files.readAllLines(ROOT.resolve("invariants.md"))) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                current = new TreeSet<>();
                assertThat(tests.put(Integer.valueOf(heading.group(1)), current)).as(line).isNull();
            } else if (row.matches()) {
                Set<String> named = current;
                TEST.matcher(row.group(2)).results().forEach(test -> named.add(test.group(1) + "." + test.group(2)));
            }
        }
        assertThat(tests).allSatisfy((number, named) -> assertThat(named).as("tests of %d", number).isNotEmpty());
        return tests;
    }

    /** By number: the tests that carry it. */
    private static Map<Integer, Set<String>> annotations() throws Exception {
        Map<Integer, Set<String>> tests = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : files.filter(file -> file.toString().endsWith("Test.java")).toList()) {
                String name = ROOT.relativize(file).toString().replaceAll("[/\\\\]", ".").replace(".java", "");
                ClassLoader loader = InvariantsTableTest.class.getClassLoader();
                for (Method method : Class.forName("org.smp4j." + name, false, loader).getDeclaredMethods()) {
                    Invariant invariant = method.getAnnotation(Invariant.class);
                    if (invariant != null) {
                        assertThat(method.getAnnotations())
                                .extracting(annotation -> annotation.annotationType().getSimpleName())
                                .as("%s is run", method).anyMatch(annotation -> annotation.endsWith("Test"));
                        for (int number : invariant.value()) {
                            tests.computeIfAbsent(number, n -> new TreeSet<>()).add(name + "." + method.getName());
                        }
                    }
                }
            }
        }
        return tests;
    }
}
