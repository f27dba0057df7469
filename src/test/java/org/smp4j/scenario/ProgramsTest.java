package org.smp4j.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.ExploringLoader;
import org.smp4j.explore.instrument.call.Unmodelled;
import org.smp4j.lib.Trace;
import org.smp4j.scenario.oracle.HotplugOracles;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.scenario.oracle.SchedOracles;

class ProgramsTest {
    private static final Path SOURCES = Path.of("src/main/java");

    /** Whatever this JVM was started with: the oracles read the events. */
    @Test
    void tracepointsAreOnInWhatIsExplored() throws Exception {
        String before = System.clearProperty(Trace.PROPERTY);
        try (ExploringLoader loader = new ExploringLoader(Programs.options(), getClass().getClassLoader());
                ExploringLoader without = new ExploringLoader(Programs.options().withProperties(Set.of()),
                        getClass().getClassLoader())) {
            assertThat(isOn(loader)).isTrue();
            assertThat(isOn(without)).isFalse();
        } finally {
            if (before != null) {
                System.setProperty(Trace.PROPERTY, before);
            }
        }
    }

    private static boolean isOn(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass(Trace.class.getName()).getField("ON").getBoolean(null);
    }

    /** A call that comes to this list has to be read: may what it touches change meanwhile? */
    @Test
    void callsOfTheKernelThatAreNotModelledAreThoseThatWereRead() throws Exception {
        Set<String> calls = new TreeSet<>();
        try (ExploringLoader loader = new ExploringLoader(Programs.options(), getClass().getClassLoader());
                Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")
                    && !path.endsWith("package-info.java")).toList()) {
                String name = SOURCES.relativize(file).toString().replaceAll("\\.java$", "").replace('/', '.')
                        .replace('\\', '.');
                if (Programs.isKernel(name)) {
                    Class.forName(name, false, loader);
                }
            }
            for (Unmodelled call : loader.unmodelled()) {
                assertThat(Programs.isKernel(call.owner())).as(call.toString()).isTrue();
                calls.add(call.place().replaceAll("\\(.*", "") + ": " + call.what());
            }
        }
        assertThat(calls).containsExactlyInAnyOrder(
                "Backtrace.print: Thread.getStackTrace", // touches nothing
                "Pinning.allowedCores: MethodHandle.invokeExact", // a machine that is explored pins no thread
                "Pinning.pinCurrentThread: MethodHandle.invokeExact"); // as above
    }

    /** What the kernel calls of an observer does nothing itself but to call the rest quietly. */
    @Test
    void observersAreEnteredQuietly() throws Exception {
        int entries = 0;
        for (Class<?> observer : Set.of(Oracles.class, SchedOracles.class, HotplugOracles.class, NextTask.class)) {
            assertThat(Programs.isObserver(observer.getName())).isTrue();
            try (InputStream code = observer.getResourceAsStream(observer.getSimpleName() + ".class")) {
                for (MethodModel method : ClassFile.of().parse(code.readAllBytes()).methods()) {
                    boolean isEntry = method.flags().has(AccessFlag.PUBLIC) && method.flags().has(AccessFlag.STATIC)
                            && method.methodTypeSymbol().returnType().equals(ConstantDescs.CD_void);
                    if (isEntry) {
                        entries++;
                        assertThat(method.code().orElseThrow().elementStream())
                                .as(observer.getSimpleName() + "." + method.methodName())
                                .noneMatch(ProgramsTest::isAccess);
                    }
                }
            }
        }
        assertThat(entries).isGreaterThan(50);
    }

    private static boolean isAccess(CodeElement element) {
        return element instanceof FieldInstruction || element instanceof ArrayLoadInstruction
                || element instanceof ArrayStoreInstruction || element instanceof InvokeInstruction call
                && !call.owner().asInternalName().equals("org/smp4j/explore/Exploring");
    }
}
