package org.smp4j.explore.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.Machine;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Rewritten;

/** The whole emulated kernel can be explored: the JVM accepts each of its classes. */
class KernelTest {
    private static final List<String> NOT_REWRITTEN = List.of("org.smp4j.explore", "org.smp4j.weave", "org.smp4j.cli",
            "org.smp4j.junit", "org.smp4j.linear", "org.smp4j.trace");

    private static final List<String> BESIDE = List.of("org.smp4j.scenario", "org.smp4j.race",
            "org.smp4j.selftest", "org.smp4j.fuzz.selftest");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyClassIsAccepted(boolean values) throws Exception {
        try (ExploringLoader loader = new ExploringLoader(RewriteOptions.defaults().withValues(values),
                getClass().getClassLoader())) {
            for (String name : kernel()) {
                Class<?> type = Class.forName(name, false, loader);
                assertThat(type.getClassLoader()).isSameAs(loader);
                // the JVM verifies the class first
                MethodHandles.privateLookupIn(type, MethodHandles.lookup()).ensureInitialized(type);
            }
            assertThat(loader.rewritten()).hasSizeGreaterThan(100);
            assertThat(loader.sites()).isGreaterThan(1000);
            assertThat(loader.mutableStatics())
                    .as("the kernel has none; code beside it may have some, since the explorer restores them")
                    .allMatch(field -> BESIDE.stream()
                    .anyMatch(beside -> field.getDeclaringClass().getName().startsWith(beside + ".")));
        }
    }

    @Test
    void machineRunsAsItDid() throws Exception {
        Predicate<String> rewritten = new Rewritten().or(MachineRun.class.getName()::equals);
        RewriteOptions options = RewriteOptions.defaults().withRewritten(rewritten)
                .withHooks(RecordingHooks.class.describeConstable().orElseThrow());
        RecordingHooks.setRecording(false);
        try (ExploringLoader loader = new ExploringLoader(options, getClass().getClassLoader())) {
            Object run = loader.loadClass(MachineRun.class.getName()).getDeclaredConstructor().newInstance();
            assertThat(((Supplier<?>) run).get()).isEqualTo(new MachineRun().get()).isEqualTo("0 0 0 5 1 0");
            assertThat(loader.rewritten()).hasSizeGreaterThan(50);
        } finally {
            RecordingHooks.setRecording(true);
        }
    }

    private static List<String> kernel() throws Exception {
        URI home = Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        Path root = Path.of(home);
        try (Stream<Path> files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.endsWith(".class") && !file.endsWith("package-info.class"))
                    .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .filter(name -> NOT_REWRITTEN.stream().noneMatch(name::startsWith)).sorted().toList();
        }
    }
}
