package org.smp4j.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.samples.ExploreSamples;
import org.smp4j.explore.samples.RunSamples;
import org.smp4j.explore.samples.SmpSamples;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** What comes along with the library into a user's tests, and that it is enough for them. */
class UsersClassPathTest {
    /** What a user's tests have anyway: JUnit, and AssertJ for the samples. */
    private static final List<String> TEST_LIBRARIES =
            List.of("junit-", "opentest4j-", "apiguardian-api-", "assertj-core-", "byte-buddy-");

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

    @Test
    void testsRunWithoutTheLibrariesOfTheCommandLine() throws Exception {
        List<String> wanted = Stream.concat(TEST_LIBRARIES.stream(), handedOn().stream()).toList();
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath())
                .filter(entry -> !entry.toString().endsWith(".jar")
                        || wanted.stream().anyMatch(entry.getFileName().toString()::startsWith))
                .map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        Process process = new ProcessBuilder(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED",
                "-cp", classPath, RunSamples.class.getName(),
                SmpSamples.Tests.class.getName() + "#passes(org.smp4j.Machine)",
                ExploreSamples.Calls.class.getName() + "#guarded(org.smp4j.Machine)")
                .directory(dir.toFile()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("succeeded: 2");
        assertThat(process.waitFor()).as(output).isZero();
    }
}
