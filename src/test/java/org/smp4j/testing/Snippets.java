package org.smp4j.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Small classes that break a rule of the architecture, or do not, to show that the rule can fail. */
public final class Snippets {
    private static final String HOUSE = "org.smp4j";

    private final Path dir;

    /**
     * None yet.
     *
     * @param dir an empty folder
     */
    public Snippets(Path dir) {
        this.dir = dir;
    }

    /**
     * Adds a public class.
     *
     * @param floor its package below ours, empty for the root
     * @param name its name
     * @param body what stands between its braces
     * @throws IOException if it cannot be written
     */
    public void source(String floor, String name, String body) throws IOException {
        String dotted = floor.isEmpty() ? HOUSE : HOUSE + "." + floor;
        Path folder = Files.createDirectories(dir.resolve("source").resolve(dotted.replace('.', '/')));
        Files.writeString(folder.resolve(name + ".java"),
                "package " + dotted + "; public class " + name + " { " + body + " }");
    }

    /**
     * Compiles the classes and applies a rule.
     *
     * @param rule the rule
     * @return what breaks it
     * @throws IOException if the classes cannot be read
     */
    public List<String> violations(ArchRule rule) throws IOException {
        Path classes = Files.createDirectories(dir.resolve("classes"));
        try (var files = Files.walk(dir.resolve("source"))) {
            String[] sources = files.filter(Files::isRegularFile).map(Path::toString).toArray(String[]::new);
            String[] options = {"-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"),
                    "-d", classes.toString()};
            String[] args = Stream.of(options, sources).flatMap(Stream::of).toArray(String[]::new);
            int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null, args);
            assertThat(exit).as("snippet compiles").isZero();
        }
        return rule.evaluate(new ClassFileImporter().importPath(classes)).getFailureReport().getDetails();
    }

    /**
     * Asserts which classes break a rule.
     *
     * @param rule the rule
     * @param expected a part of each violation; there are no others
     * @throws IOException if the classes cannot be read
     */
    public void assertBroken(ArchRule rule, String... expected) throws IOException {
        List<String> found = violations(rule);
        for (String culprit : expected) {
            assertThat(found).as(culprit).anyMatch(text -> text.contains(culprit));
        }
        assertThat(found).as("nothing else").allMatch(text -> Stream.of(expected).anyMatch(text::contains));
    }
}
