package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.smp4j.torture.TortureParam;

/** The README says what is so. */
class ReadmeTest {
    private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern MEMBER = Pattern.compile("`([A-Z]\\w+)(?:\\.(\\w+))?`");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)=?[^`]*`");

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    @Test
    void exampleRuns(@TempDir Path dir) throws Exception {
        Matcher example = EXAMPLE.matcher(readme());
        assertThat(example.find()).isTrue();
        Path source = Files.writeString(dir.resolve("Hello.java"), example.group(1));
        Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), source.toString()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.lines()).containsExactly("hello from CPU 1", "returned 0 to CPU 0");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void testOfTheReadmeCompilesAndPasses(@TempDir Path dir) throws Exception {
        runTest(dir, "ran == accepted", "ran == accepted").assertStatistics(statistics -> statistics.succeeded(1));
    }

    /** Its assertion is a statement of the language: off unless somebody turns it on. */
    @Test
    void testOfTheReadmeCanFail(@TempDir Path dir) throws Exception {
        runTest(dir, "ran == accepted", "ran != accepted").assertStatistics(statistics -> statistics.failed(1));
    }

    private static Events runTest(Path dir, String part, String changed) throws Exception {
        Matcher example = EXAMPLE.matcher(readme());
        assertThat(example.find() && example.find()).isTrue();
        assertThat(example.group(1)).contains(part);
        String test = example.group(1).replace("cpus = 3", "cpus = 3, schedules = 100").replace(part, changed);
        Path source = Files.writeString(dir.resolve("CallTest.java"), test);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-d", dir.toString(), source.toString())).isZero();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
            return EngineTestKit.engine("junit-jupiter").selectors(DiscoverySelectors.selectClass(loader.loadClass("CallTest"))).execute().testEvents();
        }
    }

    @Test
    void testCommandIsTheOneOfContinuousIntegration() throws IOException {
        String command = Files.readString(Path.of(".ci/run")).lines().toList().getLast();
        assertThat(command).startsWith("mvn ");
        assertThat(readme().lines()).contains("    " + command);
    }

    @Test
    void everyClassAndMemberOfTheTablesExists() throws Exception {
        Map<String, Class<?>> classes = new HashMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java") && !path.endsWith("package-info.java")).toList()) {
                String name = Path.of("src/main/java").relativize(file).toString().replaceAll("\\.java$", "").replace('/', '.').replace('\\', '.');
                classes.put(name.substring(name.lastIndexOf('.') + 1), Class.forName(name, false, ReadmeTest.class.getClassLoader()));
            }
        }
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (String row : readme().lines().filter(line -> line.startsWith("| ")).toList()) {
            for (Matcher member = MEMBER.matcher(row); member.find(); seen++) {
                Class<?> type = classes.get(member.group(1));
                String name = member.group(2);
                if (type == null || name != null && Arrays.stream(type.getMethods()).noneMatch(method -> method.getName().equals(name))
                        && Arrays.stream(type.getFields()).noneMatch(field -> field.getName().equals(name))) {
                    wrong.add(member.group());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(40);
    }

    @Test
    void everyTortureOptionExists() throws IOException {
        List<String> known = new ArrayList<>(List.of("--cpus", "--seed", "--ipi-delay", "--ipi-duplicate", "--ipi-drop", "--csd-lock-timeout",
                "--watchdog-thresh", "--idle", "--panic-on-warn", "--maxcpus", "--pin", "--stacktrace"));
        Arrays.stream(TortureParam.values()).forEach(param -> known.add("--" + param.kernelName().replace('_', '-')));
        List<String> named = OPTION.matcher(readme()).results().map(match -> match.group(1)).toList();
        assertThat(known).containsAll(named);
        assertThat(named).hasSizeGreaterThan(15);
    }
}
