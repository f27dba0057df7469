package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.smp4j.torture.TortureParam;

/**
 * What the README and the guides say is so: every snippet compiles and runs, every command line runs, every name and
 * link exists.
 */
@Timeout(300)
class DocumentsTest {
    private static final Path GUIDES = Path.of("src/docs");
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEXT = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);
    /** A litmus test with its dialect and name. */
    private static final Pattern LITMUS =
            Pattern.compile("```(?:c|litmus)\n((?:C|Java) (\\S+)\n.*?)```", Pattern.DOTALL);
    private static final Pattern TYPE = Pattern.compile("^(?:public )?class (\\w+)", Pattern.MULTILINE);
    /** Commands on consecutive lines run one after the other, in the same folder. */
    private static final Pattern COMMANDS = Pattern.compile("((?:^ {4}smp4j .*\\n)+)", Pattern.MULTILINE);
    private static final Pattern MAVEN = Pattern.compile("\\bmvn ([^\n`]*)");
    private static final Pattern GOAL = Pattern.compile("exec:exec@([\\w-]+)");
    private static final Pattern PROFILE = Pattern.compile("-P(\\w+)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
    private static final Pattern MEMBER = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");
    private static final Pattern OPTION = Pattern.compile("`(--[a-z-]+)=?[^`]*`");
    private static final Pattern EXPLORE_ROW = Pattern.compile("^\\| `(explore[a-z.]*)` \\|", Pattern.MULTILINE);
    private static final String JVM_ACCESS = "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED";
    private static final int LONGEST_FRONT_PAGE = 150;

    private static List<Path> documents() throws IOException {
        List<Path> all = new ArrayList<>(List.of(Path.of("README.md")));
        try (Stream<Path> guides = Files.list(GUIDES)) {
            guides.filter(guide -> guide.toString().endsWith(".md")).sorted().forEach(all::add);
        }
        return all;
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    private static List<String> found(Pattern pattern) throws IOException {
        List<String> all = new ArrayList<>();
        for (Path document : documents()) {
            pattern.matcher(Files.readString(document)).results().forEach(match -> all.add(match.group(1)));
        }
        return all;
    }

    // ---- snippets

    /** A snippet with a class is a file of that name; one without is a program. */
    private static String nameOf(String snippet) {
        Matcher type = TYPE.matcher(snippet);
        return type.find() ? type.group(1) : "Hello";
    }

    private static Map<String, String> snippets() throws IOException {
        Map<String, String> byName = new HashMap<>();
        for (String snippet : found(JAVA)) {
            assertThat(byName.put(nameOf(snippet), snippet)).as("two snippets of one name").isNull();
        }
        return byName;
    }

    private static Path compile(Path dir, String name, String snippet) throws IOException {
        Path source = Files.writeString(dir.resolve(name + ".java"), snippet);
        Path classes = Files.createDirectories(dir.resolve("classes"));
        StringWriter messages = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler().getTask(new PrintWriter(messages), null, null,
                List.of("-g", "-proc:none", "-d", classes.toString()), null,
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)
                .getJavaFileObjects(source)).call();
        assertThat(compiled).as("%s: %s", name, messages).isTrue();
        return classes;
    }

    private static Events runTest(Path dir, String name, String snippet) throws Exception {
        Path classes = compile(dir, name, snippet);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            return EngineTestKit.engine("junit-jupiter")
                    .selectors(DiscoverySelectors.selectClass(loader.loadClass(name))).execute().testEvents();
        }
    }

    @Test
    void everySnippetCompiles(@TempDir Path dir) throws Exception {
        Map<String, String> snippets = snippets();
        assertThat(snippets).containsOnlyKeys("Hello", "Counter", "CallTest", "IdsTest", "DiskTest", "DriverFuzzTest",
                "FlagTest", "StackTest", "Traced", "PutAllTest", "FutureTest");
        for (Map.Entry<String, String> snippet : snippets.entrySet()) {
            compile(dir, snippet.getKey(), snippet.getValue());
        }
    }

    @Test
    void programRuns(@TempDir Path dir) throws Exception {
        Path source = Files.writeString(dir.resolve("Hello.java"), snippets().get("Hello"));
        Process process =
                new ProcessBuilder(System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), source.toString()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.lines()).containsExactly("hello from CPU 1", "returned 0 to CPU 0");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void testsThatAreSaidToPassDo(@TempDir Path dir) throws Exception {
        runTest(dir, "CallTest", fewer(snippets().get("CallTest")))
                .assertStatistics(statistics -> statistics.succeeded(1));
        runTest(dir, "IdsTest", snippets().get("IdsTest")).assertStatistics(statistics -> statistics.succeeded(1));
        runTest(dir, "DriverFuzzTest", snippets().get("DriverFuzzTest"))
                .assertStatistics(statistics -> statistics.succeeded(1));
    }

    /** Their assertions are statements of the language, which are off unless the explorer turns them on. */
    @Test
    void testsThatPassCanFail(@TempDir Path dir) throws Exception {
        String call = fewer(snippets().get("CallTest"));
        assertThat(call).contains("ran == accepted");
        runTest(dir, "CallTest", call.replace("ran == accepted", "ran != accepted"))
                .assertStatistics(statistics -> statistics.failed(1));
        String driver = snippets().get("DriverFuzzTest");
        assertThat(driver).contains("_ -> inFlight.decrementAndGet()");
        runTest(dir, "DriverFuzzTest", driver.replace("_ -> inFlight.decrementAndGet()", "_ -> inFlight.get()"))
                .assertStatistics(statistics -> statistics.failed(1));
        String within = ", inside = \"java.util.concurrent.ConcurrentHashMap\"";
        String putAll = snippets().get("PutAllTest");
        assertThat(putAll).contains(within);
        runTest(dir, "PutAllTest", putAll).assertStatistics(statistics -> statistics.failed(1));
        runTest(dir, "PutAllTest", putAll.replace(within, "")).assertStatistics(statistics -> statistics.succeeded(1));
        String ids = snippets().get("IdsTest");
        assertThat(ids).contains("int[] ids", "next.getAndIncrement()");
        runTest(dir, "IdsTest", ids.replace("next.getAndIncrement()", "next.get()"))
                .assertStatistics(statistics -> statistics.failed(1));
    }

    @Test
    void libraryOfAnAssertionIsRewrittenIfItIsNamed(@TempDir Path dir) throws Exception {
        String named = ", rewrite = \"org.assertj\"";
        String future = snippets().get("FutureTest");
        assertThat(future).contains(named);
        runTest(dir, "FutureTest", future).assertStatistics(statistics -> statistics.succeeded(1));
        runTest(dir, "FutureTest", future.replace(named, "")).assertStatistics(statistics -> statistics.failed(1));
    }

    @Test
    void testThatIsSaidToFailDoesAndItsRepairHelps(@TempDir Path dir) throws Exception {
        String disk = snippets().get("DiskTest");
        runTest(dir, "DiskTest", disk).assertStatistics(statistics -> statistics.failed(1));
        String user = "machine.spawn(1, \"user\", () -> count++);";
        assertThat(disk).contains(user);
        String repaired = disk.replace(user, """
                machine.spawn(1, "user", () -> {
                    boolean flags = org.smp4j.cpu.LocalIrq.save();
                    count++;
                    org.smp4j.cpu.LocalIrq.restore(flags);
                });""").replace("cpus = 2", "cpus = 2, schedules = 300");
        runTest(dir, "DiskTest", repaired).assertStatistics(statistics -> statistics.succeeded(1));
    }

    @Test
    void stackIsFoundAndItsRepairHelps(@TempDir Path dir) throws Exception {
        String stack = snippets().get("StackTest");
        runTest(dir, "StackTest", stack).assertStatistics(statistics -> statistics.failed(1));
        String pop = "top.set(old.next());";
        assertThat(stack).contains(pop, "@Linearizable\n");
        String repaired = stack.replace(pop, """
                while (!top.compareAndSet(old, old.next())) {
                    old = top.get();
                    if (old == null) {
                        return null;
                    }
                }""").replace("@Linearizable\n", "@Linearizable(programs = 10)\n");
        runTest(dir, "StackTest", repaired).assertStatistics(statistics -> statistics.succeeded(1));
    }

    /** The guide's report is the one that its command prints, up to where it is cut off. */
    @Test
    void reportOfTheGuideToLinearizabilityIsTheReport(@TempDir Path dir) throws Exception {
        compile(dir, "StackTest", snippets().get("StackTest"));
        Run run = smp4j(dir, "linear StackTest --classpath classes");
        Matcher shown = TEXT.matcher(Files.readString(GUIDES.resolve("linearizability.md")));
        assertThat(shown.find()).isTrue();
        assertThat(run.out().lines().map(String::stripTrailing).toList())
                .startsWith(shown.group(1).lines().map(String::stripTrailing).toArray(String[]::new));
    }

    @Test
    void testThatNeedsAnOrderFailsAndPassesWithIt(@TempDir Path dir) throws Exception {
        String flag = snippets().get("FlagTest");
        runTest(dir, "FlagTest", flag).assertStatistics(statistics -> statistics.failed(1))
                .failed().assertThatEvents().first().satisfies(event -> assertThat(event.toString())
                .contains("reads 0: the store of 42 by writer at FlagTest.java:23 is not visible yet"));
        runTest(dir, "FlagTest", flag.replace("setOpaque", "setRelease").replace("getOpaque", "getAcquire"))
                .assertStatistics(statistics -> statistics.succeeded(1));
        runTest(dir, "FlagTest", flag.replace("MemoryModel.JAVA", "MemoryModel.SC"))
                .assertStatistics(statistics -> statistics.succeeded(1));
    }

    private static String fewer(String test) {
        assertThat(test).contains("cpus = 3");
        return test.replace("cpus = 3", "cpus = 3, schedules = 100");
    }

    // ---- command lines

    private record Run(int exit, String out, String err) {
    }

    /** From a folder of its own, as a user does. */
    private static Run smp4j(Path dir, String arguments) throws Exception {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command =
                new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", JVM_ACCESS, "-cp", path, "org.smp4j.cli.Main"));
        command.addAll(List.of(arguments.split(" ")));
        Path err = dir.resolve("err");
        Process process = new ProcessBuilder(command).directory(dir.toFile()).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new Run(process.exitValue(), out, Files.readString(err));
    }

    static List<String> commands() throws IOException {
        List<String> all = found(COMMANDS);
        assertThat(all).hasSizeGreaterThan(7);
        return all;
    }

    /** Those that explore {@code Counter} or {@code StackTest} find the fault; the others end well. */
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandRuns(String commands, @TempDir Path dir) throws Exception {
        compile(dir, "Counter", snippets().get("Counter"));
        compile(dir, "StackTest", snippets().get("StackTest"));
        litmusTests(dir);
        for (String line : commands.lines().toList()) {
            String command = line.strip().substring("smp4j ".length());
            Run run = smp4j(dir, command);
            assertThat(run.exit()).as("%s: %s", command, run)
                    .isEqualTo(command.startsWith("explore Counter") || command.startsWith("linear StackTest") ? 1 : 0);
            assertThat(run.out().isEmpty()).as(command).isEqualTo(command.startsWith("campaign launch manifest"));
        }
    }

    private static void litmusTests(Path dir) throws IOException {
        for (Path document : documents()) {
            for (Matcher test = LITMUS.matcher(Files.readString(document)); test.find();) {
                Files.writeString(dir.resolve(test.group(2) + ".litmus"), test.group(1));
            }
        }
    }

    @Test
    void resultOfTheLitmusTestIsTheResult(@TempDir Path dir) throws Exception {
        litmusTests(dir);
        Run run = smp4j(dir, "litmus message-passing.litmus --witness");
        Matcher shown = TEXT.matcher(Files.readString(GUIDES.resolve("memory-model.md")));
        assertThat(shown.find()).isTrue();
        assertThat(run.out().strip()).isEqualTo(shown.group(1).strip());
    }

    /**
     * The report that the README shows is the one that its command prints, up to where it is cut off; and its token
     * replays.
     */
    @Test
    void reportOfTheReadmeIsTheReport(@TempDir Path dir) throws Exception {
        compile(dir, "Counter", snippets().get("Counter"));
        Run run = smp4j(dir, "explore Counter --classpath classes");
        Matcher shown = TEXT.matcher(readme());
        assertThat(shown.find()).isTrue();
        assertThat(run.out().lines().map(String::stripTrailing).toList())
                .startsWith(shown.group(1).lines().map(String::stripTrailing).toArray(String[]::new));
        String token = run.out().lines().filter(line -> line.startsWith("replay with: ")).findFirst().orElseThrow()
                .substring("replay with: ".length());
        assertThat(smp4j(dir, "replay " + token + " --classpath classes").out()).contains("hits is 1");
    }

    @Test
    void goalsAndProfilesOfMavenExist() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        List<String> lines = found(MAVEN);
        assertThat(lines).hasSizeGreaterThan(5);
        for (String line : lines) {
            GOAL.matcher(line).results().forEach(goal -> assertThat(pom).contains("<id>" + goal.group(1) + "</id>"));
            PROFILE.matcher(line).results()
                    .forEach(profile -> assertThat(pom).contains("<id>" + profile.group(1) + "</id>"));
        }
    }

    @Test
    void testCommandIsTheOneOfContinuousIntegration() throws IOException {
        String command = Files.readString(Path.of(".ci/run")).lines().toList().getLast();
        assertThat(command).startsWith("mvn ");
        assertThat(readme().lines()).contains("    " + command);
        assertThat(Files.readString(Path.of(".github/workflows/ci.yml")).lines()).contains("      - run: .ci/run");
    }

    // ---- names

    @Test
    void frontPageIsShort() throws IOException {
        assertThat(readme().lines().count()).isLessThanOrEqualTo(LONGEST_FRONT_PAGE);
    }

    @Test
    void everyLinkLeadsToAFileAndEveryGuideIsLinked() throws IOException {
        Set<Path> linked = new HashSet<>();
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            for (Matcher link = LINK.matcher(Files.readString(document)); link.find();) {
                Path target = document.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(target)) {
                    broken.add(document + ": " + link.group(1));
                } else if (document.equals(Path.of("README.md"))) {
                    linked.add(target);
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(linked).containsAll(documents().subList(1, documents().size()));
    }

    /** {@return a class of the JDK's package that the guide has a table of; null if there is none} */
    private static Class<?> concurrent(String name) {
        try {
            return Class.forName("java.util.concurrent." + name, false, null);
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Test
    void everyClassAndMemberOfTheTablesExists() throws Exception {
        Map<String, Class<?>> classes = new HashMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")
                    && !path.endsWith("package-info.java")).toList()) {
                String name = Path.of("src/main/java").relativize(file).toString().replaceAll("\\.java$", "")
                        .replace('/', '.').replace('\\', '.');
                classes.put(name.substring(name.lastIndexOf('.') + 1),
                        Class.forName(name, false, DocumentsTest.class.getClassLoader()));
            }
        }
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (Path document : documents()) {
            for (String row : Files.readString(document).lines().filter(line -> line.startsWith("| ")).toList()) {
                for (Matcher member = MEMBER.matcher(row); member.find(); seen++) {
                    Class<?> type = classes.getOrDefault(member.group(1), concurrent(member.group(1)));
                    String name = member.group(2);
                    if (type == null || name != null && Arrays.stream(type.getMethods())
                            .noneMatch(method -> method.getName().equals(name))
                            && Arrays.stream(type.getFields()).noneMatch(field -> field.getName().equals(name))) {
                        wrong.add(member.group());
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(seen).isGreaterThan(40);
    }

    @Test
    void everyPackageOfTheExplorerIsInTheTableOfContributors() throws IOException {
        Path sources = Path.of("src/main/java/org/smp4j");
        List<String> packages;
        try (Stream<Path> files = Files.walk(sources.resolve("explore"))) {
            packages = files.filter(path -> path.endsWith("package-info.java"))
                    .map(path -> sources.relativize(path.getParent()).toString().replaceAll("[/\\\\]", ".")).toList();
        }
        List<String> listed = EXPLORE_ROW.matcher(Files.readString(GUIDES.resolve("contributing.md"))).results()
                .map(match -> match.group(1)).distinct().toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void everyTortureOptionExists() throws IOException {
        List<String> known =
                new ArrayList<>(List.of("--cpus", "--seed", "--ipi-delay", "--ipi-duplicate", "--ipi-drop",
                "--csd-lock-timeout",
                "--watchdog-thresh", "--idle", "--panic-on-warn", "--maxcpus", "--pin", "--stacktrace"));
        Arrays.stream(TortureParam.values()).forEach(param -> known.add("--" + param.kernelName().replace('_', '-')));
        List<String> named = OPTION.matcher(Files.readString(GUIDES.resolve("torture.md"))).results()
                .map(match -> match.group(1)).toList();
        assertThat(known).containsAll(named);
        assertThat(named).hasSizeGreaterThan(15);
    }
}
