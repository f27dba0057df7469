package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.call.CallRules;
import org.smp4j.explore.instrument.call.Hierarchy;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.instrument.call.Treatment;
import org.smp4j.explore.instrument.shadow.Defaults;

/**
 * The code in the interfaces of the running JDK is not rewritten. What of it blocks, interrupts or asks for the running
 * thread is among {@link Defaults}, unless a program's call of it is replaced or refused.
 */
class DefaultsTest {
    private static final List<String> PACKAGES = List.of("java/util", "java/util/concurrent",
            "java/util/concurrent/locks", "java/util/function", "java/util/stream", "java/lang");

    /** Interfaces that have a shadow of their own. */
    private static final Set<String> SHADOWED = Set.of("java/util/concurrent/StructuredTaskScope",
            "java/util/concurrent/StructuredTaskScope$Joiner");

    @Test
    void allThatTouchThreadsAreRewritten() throws IOException {
        CallRules rules = new CallRules(new Hierarchy(DefaultsTest::file), new Rewritten());
        Set<String> found = new TreeSet<>();
        int seen = 0;
        for (String part : PACKAGES) {
            Path folder = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules", "java.base", part);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.class")) {
                for (Path file : files) {
                    ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
                    if (model.flags().has(AccessFlag.INTERFACE) && model.flags().has(AccessFlag.PUBLIC)
                            && !SHADOWED.contains(model.thisClass().asInternalName())) {
                        seen++;
                        found.addAll(touching(model, rules));
                    }
                }
            }
        }
        assertThat(seen).isGreaterThan(100);
        assertThat(found).isEqualTo(new TreeSet<>(Defaults.all().stream()
                .map(method -> method.owner() + "." + method.name() + method.descriptor()).toList()));
    }

    private static List<String> touching(ClassModel model, CallRules rules) {
        List<String> found = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            String owner = model.thisClass().asInternalName();
            String name = method.methodName().stringValue();
            Opcode opcode = method.flags().has(AccessFlag.STATIC) ? Opcode.INVOKESTATIC : Opcode.INVOKEINTERFACE;
            if (method.code().isPresent()
                    && !isTaken(rules.treat(owner, name, method.methodTypeSymbol(), opcode))
                    && method.code().get().elementStream().anyMatch(element -> touchesThreads(element, rules))) {
                found.add(owner + "." + name + method.methodType().stringValue());
            }
        }
        return found;
    }

    private static boolean isTaken(Treatment treatment) {
        return treatment instanceof Treatment.Replaced || treatment instanceof Treatment.Refused
                || treatment instanceof Treatment.Supplied;
    }

    private static boolean touchesThreads(CodeElement element, CallRules rules) {
        if (!(element instanceof InvokeInstruction call)) {
            return element instanceof MonitorInstruction;
        }
        String owner = call.owner().asInternalName();
        Treatment treatment = rules.treat(owner, call.name().stringValue(), call.typeSymbol(), call.opcode());
        boolean isHelper = owner.startsWith("jdk/internal/") || owner.startsWith("java/util/stream/");
        return isTaken(treatment) && !isHelper
                || treatment instanceof Treatment.Bridged bridged && isOfThread(bridged.shape());
    }

    private static boolean isOfThread(Treatment.Shape shape) {
        return shape == Treatment.Shape.OVERRIDABLE || shape == Treatment.Shape.JOIN
                || shape == Treatment.Shape.LOCK;
    }

    private static byte[] file(String path) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
