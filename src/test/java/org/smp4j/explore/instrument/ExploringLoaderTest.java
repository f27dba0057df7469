package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.weave.Call.call;

import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.Machine;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;
import org.smp4j.weave.Weave;

/** The loader's data about the classes that it loads. */
class ExploringLoaderTest {
    private final ClassLoader parent = getClass().getClassLoader();

    private static Object invoke(Class<?> type, String name) throws ReflectiveOperationException {
        Method method = type.getDeclaredMethod(name);
        method.setAccessible(true);
        return method.invoke(null);
    }

    @Test
    void mutableStaticsCanBeSavedAndRestored() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class), parent)) {
            Class<?> type = loader.loadClass(Statics.class.getName());
            invoke(type, "told");
            assertThat(loader.initializeAll()).isPositive();
            assertThat(loader.initializeAll()).as("once").isZero();
            List<Field> statics = loader.mutableStatics();
            assertThat(statics.stream().map(Field::getName)).containsExactlyInAnyOrder("changed", "text", "depth");
            Object[] saved = new Object[statics.size()];
            for (int i = 0; i < saved.length; i++) {
                saved[i] = statics.get(i).get(null);
            }
            invoke(type, "change");
            assertThat(invoke(type, "told")).isEqualTo("4changed2");
            for (int i = 0; i < saved.length; i++) {
                statics.get(i).set(null, saved[i]);
            }
            assertThat(invoke(type, "told")).isEqualTo("3initial2");
            assertThat(Statics.told()).as("the parent's own").isEqualTo("3initial2");
        }
    }

    @Test
    void finalStaticsThatHoldWhatChangesAreFound() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class), parent)) {
            invoke(loader.loadClass(Statics.class.getName()), "told");
            loader.loadClass(Statics.class.getName() + "$Broken");
            loader.loadClass(Statics.class.getName() + "$Kept");
            assertThat(loader.staticHolders()).extracting(Field::getName)
                    .containsExactlyInAnyOrder("HOLDERS", "ATOMIC", "ARRAY", "HOLDER");
        }
    }

    @Test
    void brokenInitializerFailsWhereItIsUsed() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class), parent)) {
            Class<?> broken = loader.loadClass(Statics.class.getName() + "$Broken");
            assertThat(loader.initializeAll()).isEqualTo(1);
            assertThatThrownBy(() -> Class.forName(broken.getName(), true, loader))
                    .isInstanceOf(NoClassDefFoundError.class);
        }
    }

    @Test
    void unseenCallsAreListedWithTheirPlace() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class), parent)) {
            loader.loadClass(Statics.class.getName());
            assertThat(loader.unmodelled()).extracting(Unmodelled::what)
                    .containsExactly("Arrays.setAll", "Arrays.stream");
            assertThat(loader.unmodelled().getFirst().place()).matches("Statics\\.copies\\(Statics\\.java:\\d+\\)");
        }
    }

    @Test
    void hardwareIsMarked() throws Exception {
        int before = Sites.count();
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class)
                .withHardware(Statics.class.getName()::equals), parent)) {
            loader.loadClass(Statics.class.getName());
            loader.loadClass(Statics.class.getName() + "$Nested");
            List<Site> sites = IntStream.range(before, Sites.count()).mapToObj(Sites::get)
                    .filter(site -> site.owner().equals(Statics.class.getName())).toList();
            assertThat(sites).isNotEmpty().allMatch(site -> (site.mode() & Access.HARDWARE) != 0);
            assertThat(loader.sites()).isGreaterThanOrEqualTo(sites.size());
        }
    }

    @Test
    void editsComeFirst() throws Exception {
        Weave weave = Weave.in(Statics.class, "copies").drop(call(Arrays.class, "setAll"));
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class)
                .withWeaves(weave), parent)) {
            loader.loadClass(Statics.class.getName());
            assertThat(loader.unmodelled()).extracting(Unmodelled::what).containsExactly("Arrays.stream");
        }
    }

    @Test
    void editsAreAddedToThoseThatWereThere() throws Exception {
        RewriteOptions options = RewriteTest.recording(Statics.class)
                .withWeaves(Weave.in(Statics.class, "copies").drop(call(Arrays.class, "setAll")))
                .withWeaves(Weave.in(Statics.class, "copies").drop(call(Arrays.class, "stream")));
        try (ExploringLoader loader = new ExploringLoader(options, parent)) {
            loader.loadClass(Statics.class.getName());
            assertThat(loader.unmodelled()).isEmpty();
        }
    }

    @Test
    void propertiesAreOnForTheProgramAlone() throws Exception {
        RewriteOptions options = RewriteTest.recording(Statics.class);
        assertThat(properties(options)).isEqualTo("false/false false/false false/false");
        assertThat(properties(options.withProperties(Set.of("smp4j.test.b", "other"))))
                .isEqualTo("false/false true/true false/false");
        assertThat(Boolean.getBoolean("smp4j.test.b")).isFalse();
        System.setProperty("smp4j.test.a", "true");
        try {
            assertThat(properties(options.withProperties(Set.of("smp4j.test.b")))).as("of the JVM, and of the program")
                    .isEqualTo("true/true true/true false/false");
        } finally {
            System.clearProperty("smp4j.test.a");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> options.withProperties(Set.of("a\nb")));
        assertThatIllegalArgumentException().isThrownBy(() -> options.withProperties(Set.of("")));
    }

    private String properties(RewriteOptions options) throws Exception {
        try (ExploringLoader loader = new ExploringLoader(options, parent)) {
            return (String) invoke(loader.loadClass(Statics.class.getName()), "properties");
        }
    }

    @Test
    void classesOutsideOfTheBuildAreFound(@TempDir Path folder) throws Exception {
        Path source = folder.resolve("Outside.java");
        Files.writeString(source, """
                package outside;
                public class Outside implements java.util.function.Supplier<String> {
                    private int calls;
                    public String get() {
                        return ++calls + getClass().getClassLoader().getName()
                                + (getClass().getResource("note.txt") != null);
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString())).isZero();
        Files.writeString(folder.resolve("outside").resolve("note.txt"), "note");
        try (ExploringLoader loader = new ExploringLoader(RewriteOptions.defaults()
                .withClasspath(List.of(folder.toUri().toURL())), parent)) {
            Class<?> type = loader.loadClass("outside.Outside");
            assertThat(type.getDeclaredConstructor().newInstance()).isInstanceOfSatisfying(Supplier.class,
                    supplier -> assertThat(supplier.get()).isEqualTo("1exploretrue"));
            assertThat(loader.sites()).isPositive();
            assertThat(type.getProtectionDomain().getCodeSource().getLocation()).isEqualTo(folder.toUri().toURL());
        }
    }

    @Test
    void assertionsAreOn() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteOptions.defaults(), parent)) {
            assertThat(loader.loadClass(Machine.class.getName()).desiredAssertionStatus()).isTrue();
        }
    }

    @Test
    void originIsKept() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteTest.recording(Statics.class), parent)) {
            URL expected = Statics.class.getProtectionDomain().getCodeSource().getLocation();
            assertThat(loader.loadClass(Statics.class.getName()).getProtectionDomain().getCodeSource().getLocation())
                    .isEqualTo(expected);
            try (InputStream in = loader.getResourceAsStream(Statics.class.getName().replace('.', '/') + ".class")) {
                assertThat(in).isNotNull();
            }
        }
    }

    @Test
    void missingClassIsMissing() throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteOptions.defaults(), parent)) {
            assertThatThrownBy(() -> loader.loadClass("none.such.Thing")).isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void platformExplorerAndTestersAreLeftAlone() {
        Rewritten rewritten = new Rewritten();
        assertThat(Set.of("java.lang.String", "org.smp4j.explore.hooks.Hooks", "org.smp4j.explore.hooks.Shims",
                "org.smp4j.weave.Weave", "org.smp4j.cli.Main", "org.junit.jupiter.api.Test",
                "org.assertj.core.api.Assertions", "org.jctools.queues.MpscArrayQueue"))
                .noneMatch(rewritten);
        assertThat(Set.of("org.smp4j.Machine", "org.smp4j.cpu.Cpu", "com.example.Scenario", "Unnamed",
                "org.smp4j.race.Any"))
                .allMatch(rewritten);
    }
}
