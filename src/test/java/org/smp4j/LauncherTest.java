package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a distribution of its own, with JDKs that only print what they were called with. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("src/main/dist/bin/smp4j");

    @TempDir
    private Path dir;

    private Path dist;
    private Path launcher;
    private final Map<String, String> environment = new TreeMap<>();

    private record Result(int exit, List<String> out, String err) {
        String chosen() {
            assertThat(err).isEmpty();
            assertThat(exit).isZero();
            return out.getFirst();
        }
    }

    @BeforeEach
    void makeDistribution() throws Exception {
        dist = dir.resolve("a dist");
        launcher = Files.createDirectories(dist.resolve("bin")).resolve("smp4j");
        Files.copy(LAUNCHER, launcher);
        Files.createDirectory(dist.resolve("lib"));
        // A path with the few commands the launcher may use, and no java.
        Path tools = Files.createDirectory(dir.resolve("tools"));
        for (String tool : List.of("readlink", "dirname")) {
            script(tools.resolve(tool), "exec " + which(tool) + " \"$@\"\n");
        }
        environment.put("PATH", tools.toString());
    }

    @Test
    void ownVariableComesFirst() throws Exception {
        environment.put("SMP4J_JAVA_HOME", jdk("own", "25.0.1"));
        environment.put("JAVA_HOME", jdk("usual", "25.0.1"));
        builtBy(jdk("builder", "25.0.1"));
        onPath(jdk("path", "25.0.1"));
        assertThat(launch().chosen()).isEqualTo("own");
    }

    @Test
    void usualVariableComesSecond() throws Exception {
        environment.put("JAVA_HOME", jdk("usual", "27"));
        builtBy(jdk("builder", "25.0.1"));
        onPath(jdk("path", "25.0.1"));
        assertThat(launch().chosen()).isEqualTo("usual");
    }

    @Test
    void jdkOfTheBuildComesThird() throws Exception {
        builtBy(jdk("builder", "25"));
        onPath(jdk("path", "25.0.1"));
        assertThat(launch().chosen()).isEqualTo("builder");
    }

    @Test
    void pathComesLast() throws Exception {
        onPath(jdk("path", "25.0.1"));
        assertThat(launch().chosen()).isEqualTo("path");
    }

    @Test
    void tooOldAndMissingOnesAreSkipped() throws Exception {
        environment.put("SMP4J_JAVA_HOME", jdk("eight", "1.8.0_402"));
        environment.put("JAVA_HOME", jdk("lts", "21.0.2"));
        builtBy(dir.resolve("was removed").toString());
        onPath(jdk("early access", "26-ea"));
        assertThat(launch().chosen()).isEqualTo("early access");
    }

    @Test
    void withoutReleaseFileTheJavaIsAsked() throws Exception {
        String old = jdk("old", "24.0.2");
        String recent = jdk("recent", "26.0.1");
        Files.delete(Path.of(old, "release"));
        Files.delete(Path.of(recent, "release"));
        environment.put("SMP4J_JAVA_HOME", old);
        environment.put("JAVA_HOME", recent);
        assertThat(launch().chosen()).isEqualTo("recent");
    }

    @Test
    void linkOnThePathLeadsToTheReleaseFile() throws Exception {
        Path java = Path.of(jdk("linked", "25.0.1"), "bin/java");
        Path alternatives = Files.createDirectory(dir.resolve("alternatives"));
        Files.createSymbolicLink(alternatives.resolve("java"), java);
        environment.merge("PATH", alternatives.toString(), (path, entry) -> entry + ":" + path);
        assertThat(launch().chosen()).isEqualTo("linked");
    }

    @Test
    void withNoneItSaysInOneLineWhatItLookedForAndWhatWouldBeRight() throws Exception {
        environment.put("SMP4J_JAVA_HOME", dir.resolve("nowhere").toString());
        String old = jdk("old", "17.0.15");
        onPath(old);
        Result result = launch();
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines()).singleElement().asString()
                .startsWith("smp4j: needs a JDK 25 or newer, found SMP4J_JAVA_HOME: no executable " + dir)
                .contains("JAVA_HOME: none", "JDK of the build: none", "java on the path: 17 at " + old)
                .endsWith("set SMP4J_JAVA_HOME to the home of one");
    }

    @Test
    void jvmGetsItsFlagsThenTheUsersThenClassPathAndMain() throws Exception {
        environment.put("JAVA_HOME", jdk("usual", "25"));
        environment.put("SMP4J_JAVA_OPTS", "-Xmx3g  -Dsome=thing");
        assertThat(launch("torture", "--cpus=4").out().subList(1, 12)).containsExactly(
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "-XX:+UseParallelGC", "-XX:+UseCondCardMark", "-Xmx3g", "-Dsome=thing",
                "-Dsmp4j.terminals=", "-cp", dist.toRealPath() + "/lib/*", "org.smp4j.cli.Main", "torture");
    }

    /** See the launcher: with profiles of the cache, a JVM that unloads classes crashes. */
    @Test
    void onlyCommandsThatEndSoonTakeProfilesAndTheyUnloadNothing() throws Exception {
        environment.put("JAVA_HOME", jdk("usual", "25"));
        Files.createFile(dist.toRealPath().resolve("lib/smp4j.aot"));
        for (String line : List.of("races", "--version", "--help", "replay token.txt", "races show stop-two-triangle",
                "races run stop-two-triangle --variant=buggy", "races run --variant=buggy --json stop-two-triangle")) {
            assertThat(launch(line.split(" ")).out()).as(line)
                    .contains("-XX:TieredStopAtLevel=1", "-XX:-ClassUnloading")
                    .doesNotContain("-XX:-AOTReplayTraining");
        }
        for (String line : List.of("races run all", "races run all --variant=buggy", "races run --variant=buggy all",
                "races run stop-two-triangle", "explore races", "fuzz --floor=all", "torture")) {
            assertThat(launch(line.split(" ")).out()).as(line).containsSubsequence("-XX:AOTCache="
                            + dist.toRealPath().resolve("lib/smp4j.aot"), "-XX:-AOTReplayTraining", "-cp")
                    .doesNotContain("-XX:TieredStopAtLevel=1", "-XX:-ClassUnloading");
        }
    }

    @Test
    void cacheIsUsedWhereThereIsOne() throws Exception {
        environment.put("JAVA_HOME", jdk("usual", "25"));
        Path cache = dist.toRealPath().resolve("lib/smp4j.aot");
        assertThat(launch("races").out()).noneMatch(argument -> argument.contains("aot"));
        assertThat(launch("torture").out()).noneMatch(argument -> argument.contains("AOT"));
        Files.createFile(cache);
        assertThat(launch("races").out()).containsSubsequence("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-cp");
    }

    /** The JVM writes the cache when it ends. */
    @Test
    void warmMakesTheCacheAnew() throws Exception {
        String home = jdk("usual", "25");
        environment.put("JAVA_HOME", home);
        script(dir.resolve("tools/mv"), "exec " + which("mv") + " \"$@\"\n");
        Path cache = dist.toRealPath().resolve("lib/smp4j.aot");
        Files.writeString(cache, "old");
        script(Path.of(home, "bin/java"), "printf '%s\\n' \"$@\" >'" + cache + ".new'\n");
        Result result = launch("--warm");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(Files.readAllLines(cache)).contains("-XX:AOTCacheOutput=" + cache + ".new")
                .endsWith("org.smp4j.cli.Main", "--warm").noneMatch(argument -> argument.startsWith("-XX:AOTCache="));
        assertThat(dist.resolve("lib/smp4j.aot.new")).doesNotExist();
        script(Path.of(home, "bin/java"), "exit 1\n");
        result = launch("--warm");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err().lines()).singleElement().asString().startsWith("smp4j: can't make " + cache);
        assertThat(Files.readAllLines(cache)).as("the old one stays").contains("--warm");
    }

    @Test
    void collectorOfTheUserReplacesOurs() throws Exception {
        environment.put("JAVA_HOME", jdk("usual", "25"));
        environment.put("SMP4J_JAVA_OPTS", "-XX:+UseZGC");
        assertThat(launch().out()).contains("-XX:+UseZGC").doesNotContain("-XX:+UseParallelGC");
    }

    @Test
    void argumentsArriveAsTheyWereGiven() throws Exception {
        environment.put("JAVA_HOME", jdk("a usual home", "25"));
        String[] args = {"two words", "", "*", "$HOME", "a\"quote", "--x=1 2"};
        List<String> out = launch(args).out();
        assertThat(out.subList(out.size() - args.length, out.size())).containsExactly(args);
    }

    @Test
    void launcherWorksThroughLinks() throws Exception {
        environment.put("JAVA_HOME", jdk("usual", "25"));
        Path bin = Files.createDirectories(dir.resolve("some/bin"));
        Files.createSymbolicLink(bin.resolve("absolute"), launcher);
        Files.createSymbolicLink(bin.resolve("smp"), Path.of("absolute"));
        launcher = bin.resolve("smp");
        assertThat(launch().out()).contains(dist.toRealPath() + "/lib/*");
    }

    @Test
    void exitCodeIsTheProgramsOwn() throws Exception {
        String home = jdk("usual", "25");
        script(Path.of(home, "bin/java"), "exit 7\n");
        environment.put("JAVA_HOME", home);
        assertThat(launch().exit()).isEqualTo(7);
    }

    private Result launch(String... args) throws Exception {
        Path out = dir.resolve("out");
        Path err = dir.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(launcher.toString());
        builder.command().addAll(List.of(args));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("launcher ends").isTrue();
        return new Result(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }

    /** A home whose java prints its name and each argument in a line, or its version when asked for nothing else. */
    private String jdk(String name, String version) throws IOException {
        Path home = dir.resolve(name);
        script(Files.createDirectories(home.resolve("bin")).resolve("java"), """
                if [ "$*" = -version ]; then
                  echo 'openjdk version "%s" 2026-01-01' >&2
                  exit 0
                fi
                printf '%%s\\n' '%s' "$@"
                """.formatted(version, name));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home.toString();
    }

    private static void script(Path file, String body) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void builtBy(String home) throws IOException {
        Files.writeString(dist.resolve("lib/build-jdk"), home + "\n");
    }

    private void onPath(String home) {
        environment.merge("PATH", home + "/bin", (path, entry) -> entry + ":" + path);
    }

    private static Path which(String tool) {
        return Stream.of(System.getenv("PATH").split(":")).map(entry -> Path.of(entry, tool))
                .filter(Files::isExecutable).findFirst().orElseThrow();
    }
}
