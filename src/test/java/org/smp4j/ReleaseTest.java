package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Builds a release twice, from copies of the sources, and uses what was built. */
@Tag("soak")
@Timeout(value = 40, unit = TimeUnit.MINUTES)
class ReleaseTest {
    private static final Set<String> SOURCES = Set.of("pom.xml", "src", "stress", "README.md", "LICENSE");

    /** Of a user who has nothing yet: a local repository, that of the release, and one with what Central has. */
    private static final String SETTINGS = """
            <settings>
              <localRepository>%s</localRepository>
              <profiles>
                <profile>
                  <id>test</id>
                  <repositories>
                    <repository>
                      <id>release</id>
                      <url>%s</url>
                    </repository>
                    <repository>
                      <id>here</id>
                      <url>%3$s</url>
                      <snapshots>
                        <enabled>false</enabled>
                      </snapshots>
                    </repository>
                  </repositories>
                  <pluginRepositories>
                    <pluginRepository>
                      <id>here</id>
                      <url>%3$s</url>
                    </pluginRepository>
                  </pluginRepositories>
                </profile>
              </profiles>
              <activeProfiles>
                <activeProfile>test</activeProfile>
              </activeProfiles>
            </settings>
            """;

    @TempDir
    private Path dir;

    private final Map<String, String> environment = new TreeMap<>();

    private String run(Path folder, String... command) throws IOException, InterruptedException {
        return run(folder, 0, command);
    }

    private String run(Path folder, int expected, String... command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(dir, "output", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        int exit = builder.start().waitFor();
        String text = Files.readString(output);
        assertThat(exit).as("%s: %s", String.join(" ", command), text).isEqualTo(expected);
        return text;
    }

    private Path build(String name, String... goals) throws IOException, InterruptedException {
        Path copy = Files.createDirectory(dir.resolve(name));
        for (String source : SOURCES) {
            copy(Path.of(source).toAbsolutePath(), copy.resolve(source));
        }
        List<String> command = new ArrayList<>(List.of("mvn", "--batch-mode", "--no-transfer-progress", "-Prelease",
                "-DskipTests"));
        command.addAll(List.of(goals));
        run(copy, command.toArray(String[]::new));
        return copy.resolve("target");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static List<Path> released(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().matches(".*(\\.jar|\\.tar\\.gz|\\.deb|bom\\.(json|xml))"))
                    .sorted().toList();
        }
    }

    @Test
    void aReleaseIsWholeSignedReproducibleAndRuns() throws IOException, InterruptedException {
        if (Stream.of("gpg", "dpkg-deb", "tar").anyMatch(tool -> Stream.of(System.getenv("PATH").split(":"))
                .noneMatch(folder -> Files.isExecutable(Path.of(folder, tool))))) {
            System.out.println("NOT TESTED: the release, which needs gpg, dpkg-deb and tar");
            Assumptions.abort("gpg, dpkg-deb or tar is missing");
        }
        Path keys = Files.createDirectory(dir.resolve("keys"));
        environment.put("GNUPGHOME", keys.toString());
        run(dir, "gpg", "--batch", "--passphrase", "", "--quick-generate-key", "throw-away", "rsa3072", "sign", "1d");
        environment.put("MAVEN_GPG_KEY", run(dir, "gpg", "--batch", "--armor", "--export-secret-keys", "throw-away"));

        Path repository = dir.resolve("repository");
        Path first = build("first", "deploy", "-DaltDeploymentRepository=release::" + repository.toUri());
        List<Path> files = released(first);
        String version = "(?<=[-_])[0-9][0-9.]*(-SNAPSHOT)?";
        assertThat(files).extracting(file -> file.getFileName().toString().replaceAll(version, "N"))
                .containsExactlyInAnyOrder("bom.json", "bom.xml", "smp4j-N-bin.tar.gz", "smp4j-N-javadoc.jar",
                "smp4j-N-sources.jar", "smp4j-N.jar", "smp4j_N_all.deb");
        for (Path file : files) {
            if (file.toString().endsWith(".jar")) {
                run(dir, "gpg", "--verify", file + ".asc", file.toString());
            }
        }
        assertThat(first.resolve("bom.json")).content().contains("jctools-core", "Apache-2.0");
        runs(first);
        sample(repository);

        Path second = build("second", "verify");
        List<String> different = new ArrayList<>();
        for (Path file : files) {
            if (Files.mismatch(file, second.resolve(file.getFileName())) >= 0) {
                different.add(file.getFileName().toString());
            }
        }
        assertThat(different).as("files that differ between two builds").isEmpty();
    }

    /** A user's project gets the library from the repository to which the release went. */
    private void sample(Path repository) throws IOException, InterruptedException {
        Path project = dir.resolve("sample");
        copy(Path.of("src/docs/sample"), project);
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Path settings = Files.writeString(dir.resolve("settings.xml"), SETTINGS.formatted(dir.resolve("local"),
                repository.toUri(), localRepository().toUri()));
        String[] test = {"mvn", "--batch-mode", "--no-transfer-progress", "-s", settings.toString(), "test"};
        String line = "<argLine>--add-exports java.base/jdk.internal.vm=ALL-UNNAMED</argLine>";

        assertThat(run(project, test)).contains("Tests run: 4, Failures: 0, Errors: 0, Skipped: 0", "@Explore HitsTest",
                "@Linearizable HitsTest", "@Fuzz ").doesNotContain(line);
        assertThat(run(project, with(test, "-Djunit.version=5.14.4")))
                .contains("Tests run: 4, Failures: 0, Errors: 0, Skipped: 0").doesNotContain(line);
        String[] plain = with(test, "-DargLine=", "-Dtest=HitsTest");
        assertThat(run(project, plain)).containsOnlyOnce(line);
        environment.put("JAVA_TOOL_OPTIONS", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
        assertThat(run(project, plain)).doesNotContain(line);
        environment.remove("JAVA_TOOL_OPTIONS");

        Path hits = project.resolve("src/test/java/HitsTest.java");
        String source = Files.readString(hits);
        Files.writeString(hits, source.replace("hits.incrementAndGet()", "hits.getAndSet(hits.get() + 1) + 1"));
        assertThat(Files.readString(hits)).isNotEqualTo(source);
        assertThat(run(project, 1, test)).contains("Tests run: 4, Failures: 2, Errors: 0", "hits is 1");
    }

    private static String[] with(String[] command, String... more) {
        return Stream.of(command, more).flatMap(Stream::of).toArray(String[]::new);
    }

    /** {@return the repository from which this test's libraries came, so that what is there is not loaded again} */
    private static Path localRepository() {
        Path jar = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(entry -> entry.getFileName().toString().startsWith("assertj-core-")).findFirst().orElseThrow();
        for (String part : List.of("VERSION", "assertj-core", "assertj", "org")) {
            jar = jar.getParent();
            assertThat(part.equals("VERSION") || jar.endsWith(part)).as("%s in %s", part, jar).isTrue();
        }
        return jar.getParent();
    }

    private void runs(Path target) throws IOException, InterruptedException {
        for (Path file : released(target)) {
            if (file.toString().endsWith(".tar.gz")) {
                run(dir, "tar", "xzf", file.toString());
                try (Stream<Path> folders = Files.list(dir)) {
                    Path folder = folders.filter(each -> each.getFileName().toString().startsWith("smp4j-")).findFirst()
                            .orElseThrow();
                    uses(folder.resolve("bin/smp4j"), folder.resolve("share"));
                    unloadsClassesWithACache(folder.resolve("bin/smp4j"));
                }
            } else if (file.toString().endsWith(".deb")) {
                Path root = dir.resolve("root");
                run(dir, "dpkg-deb", "--extract", file.toString(), root.toString());
                assertThat(root.resolve("usr/bin/smp4j")).isSymbolicLink();
                uses(root.resolve("usr/share/smp4j/bin/smp4j"), root.resolve("usr/share"));
                assertThat(run(dir, "dpkg-deb", "--info", file.toString())).contains("Package: smp4j");
            }
        }
    }

    /** With profiles from the cache the JVM crashed; each race has classes of its own, which are unloaded after it. */
    private void unloadsClassesWithACache(Path smp4j) throws IOException, InterruptedException {
        run(dir, smp4j.toString(), "--warm");
        assertThat(smp4j.resolveSibling("../lib/smp4j.aot")).exists();
        assertThat(run(dir, smp4j.toString(), "races", "run", "all", "--variant=buggy")).contains(" as they should be");
    }

    private void uses(Path smp4j, Path share) throws IOException, InterruptedException {
        environment.put("SMP4J_JAVA_HOME", System.getProperty("java.home"));
        assertThat(run(dir, smp4j.toString(), "torture", "--shutdown-secs", "2")).contains("End of test: SUCCESS");
        assertThat(run(dir, smp4j.toString(), "races", "run", "stop-two-triangle")).contains("all 1 as they should be");
        assertThat(share.resolve("man/man1/smp4j.1")).content().contains(".SH \"SYNOPSIS\"");
        assertThat(share.resolve("man/man1/smp4j-campaign-merge.1")).exists();
        assertThat(run(dir, "bash", "-c", ". '" + share.resolve("bash-completion/completions/smp4j")
                + "'; complete -p smp4j")).contains("smp4j");
    }
}
