package org.smp4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.samples.ExploreSamples;
import org.smp4j.explore.samples.RunSamples;
import org.smp4j.explore.samples.SmpSamples;
import org.smp4j.fuzz.sample.FuzzSamples;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What comes along with the library into a user's tests, and that it is enough for them. */
class UsersClassPathTest {
    /** What a user's tests have anyway: JUnit, and AssertJ for the samples. */
    private static final List<String> JUNIT = List.of("junit-", "opentest4j-", "apiguardian-api-");
    private static final List<String> TEST_LIBRARIES = List.of("assertj-core-", "byte-buddy-");
    private static final List<String> WITH_JUNIT = Stream.of(TEST_LIBRARIES, JUNIT).flatMap(List::stream).toList();
    private static final List<String> ACCESS = List.of("--enable-native-access=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED");
    private static final String MISSING = "this JVM does not export jdk.internal.vm";
    private static final String LINEARIZABLE = "org.smp4j.explore.samples.LinearizableSamples$Counters";

    @TempDir
    private Path dir;

    private static String text(Element dependency, String name) {
        NodeList found = dependency.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }

    /** {@return the artifacts that the pom passes on to users of the library} */
    private static List<String> handedOn() throws Exception {
        Element project = DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(new File("pom.xml"))
                .getDocumentElement();
        List<String> artifacts = new ArrayList<>();
        NodeList all = project.getElementsByTagName("dependency");
        for (int i = 0; i < all.getLength(); i++) {
            Element dependency = (Element) all.item(i);
            String scope = text(dependency, "scope");
            if ((scope.isEmpty() || scope.equals("compile") || scope.equals("runtime"))
                    && !text(dependency, "optional").equals("true")) {
                artifacts.add(text(dependency, "artifactId"));
            }
        }
        return artifacts;
    }

    @Test
    void librariesOfTheCommandLineAreNotHandedOn() throws Exception {
        assertThat(handedOn()).containsExactly("jctools-core");
    }

    private static boolean isFile(Path entry, List<String> names) {
        return entry.toString().endsWith(".jar") && names.stream().anyMatch(entry.getFileName().toString()::startsWith);
    }

    /** Runs tests in a JVM that has only a user's libraries; {@return what it prints} */
    private String run(List<String> options, List<String> libraries, List<Path> more, String... tests)
            throws Exception {
        List<String> wanted = Stream.concat(libraries.stream(), handedOn().stream()).toList();
        String classPath = Stream.concat(Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(entry -> !entry.toString().endsWith(".jar") || isFile(entry, wanted)), more.stream())
                .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, RunSamples.class.getName()));
        command.addAll(List.of(tests));
        Process process = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    @Test
    void testsRunWithoutTheLibrariesOfTheCommandLine() throws Exception {
        assertThat(run(ACCESS, WITH_JUNIT, List.of(), SmpSamples.Tests.class.getName()
                + "#passes(org.smp4j.Machine)", ExploreSamples.Calls.class.getName() + "#guarded(org.smp4j.Machine)"))
                .contains("succeeded: 2, failed: 0").doesNotContain(MISSING);
    }

    /** The build puts that JUnit there, with all that belongs to it, as one file. One test of each annotation. */
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // five tests in a JVM of their own
    void testsRunByJUnit6() throws Exception {
        Path junit = Path.of("target/junit6.jar").toAbsolutePath();
        try (JarFile jar = new JarFile(junit.toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version")).startsWith("6.");
        }
        assertThat(run(ACCESS, TEST_LIBRARIES, List.of(junit),
                SmpSamples.Tests.class.getName() + "#passes(org.smp4j.Machine)",
                ExploreSamples.Calls.class.getName() + "#unguarded(org.smp4j.Machine)", LINEARIZABLE + "#isProven()",
                LINEARIZABLE + "#unseen()", FuzzSamples.FewFuzz.class.getName() + "#programs()"))
                .contains("succeeded: 3, failed: 2", "JUnit would not run it",
                "com.samskivert:jmustache is not on the class path").doesNotContain(MISSING);
    }

    @Test
    void withoutAccessToContinuationsTheLineToAddIsSaidOnce() throws Exception {
        String few = FuzzSamples.FewFuzz.class.getName() + "#programs()";
        assertThat(run(List.of(), WITH_JUNIT, List.of(), LINEARIZABLE + "#isProven()", few))
                .contains("succeeded: 2, failed: 0").containsOnlyOnce(MISSING)
                .containsOnlyOnce("<argLine>--add-exports java.base/jdk.internal.vm=ALL-UNNAMED</argLine>");
    }
}
