package org.smp4j.explore.instrument.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.reflect.AccessFlag;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.call.Treatment.Bridged;
import org.smp4j.explore.instrument.call.Treatment.Refused;
import org.smp4j.explore.instrument.call.Treatment.Replaced;
import org.smp4j.explore.instrument.call.Treatment.Shape;
import org.smp4j.explore.instrument.shadow.Renamer;
import org.smp4j.explore.instrument.shadow.Shadows;

/** The guide says of each class of {@code java.util.concurrent} what the code does with calls of it. */
class JdkTableTest {
    private static final String CONCURRENT = "java/util/concurrent/";
    private static final Path GUIDE = Path.of("src/docs/exploring.md");
    private static final Set<Shape> EXACT = Set.of(Shape.ATOMIC, Shape.ATOMIC_ELEMENT, Shape.UPDATER, Shape.LOCK);

    private final Hierarchy hierarchy = new Hierarchy(JdkTableTest::file);
    private final CallRules rules = new CallRules(hierarchy, new Rewritten());

    private static byte[] file(String path) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(path)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> rows() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of(URI.create("jrt:/java.base/java/util/concurrent")))) {
            for (Path file : files.filter(each -> each.toString().matches(".*/\\w+[.]class")).toList()) {
                ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
                String name = model.thisClass().asInternalName();
                if (model.flags().has(AccessFlag.PUBLIC) && !model.flags().has(AccessFlag.INTERFACE)
                        && !hierarchy.isA(name, "java/lang/Throwable")) {
                    String called = "`" + name.substring(CONCURRENT.length()).replace('/', '.') + "`";
                    rows.put(called, "| " + called + " | " + calls(name, model) + " |");
                }
            }
        }
        return rows;
    }

    private String calls(String name, ClassModel model) {
        ClassModel renamed = ClassFile.of().parse(Renamer.code(file(name + ".class"), _ -> false));
        if (Shadows.isShadow(renamed.thisClass().asInternalName())) {
            return Shadows.isWritten(renamed.thisClass().asInternalName()) ? "no step | "
                    : "one step up to where it blocks or calls back | ";
        }
        boolean exact = false;
        boolean whole = false;
        Set<String> refused = new TreeSet<>();
        int kept = 0;
        for (MethodModel method : model.methods()) {
            String called = method.methodName().stringValue();
            if (!method.flags().has(AccessFlag.PUBLIC) || called.startsWith("<")) {
                continue;
            }
            boolean isStatic = method.flags().has(AccessFlag.STATIC);
            switch (rules.treat(name, called, method.methodTypeSymbol(),
                    isStatic ? Opcode.INVOKESTATIC : Opcode.INVOKEVIRTUAL)) {
                case Bridged bridged when bridged.shape() == Shape.OBJECT -> whole = true;
                case Bridged bridged when EXACT.contains(bridged.shape()) -> exact = true;
                case Replaced _ -> exact = true;
                case Refused _ -> {
                    refused.add("`" + called + "`");
                    continue;
                }
                case null, default -> {
                    continue;
                }
            }
            kept++;
        }
        if (exact && !refused.isEmpty() && Shadows.canBeInside(name.replace('/', '.'))) {
            return "exact, or one step up to where it blocks or calls back | "; // as ModelUse decides
        }
        String how = whole ? Shadows.canBeInside(name.replace('/', '.')) ? "one step" : "one step, `--inside` or not"
                : exact ? "exact" : refused.isEmpty() ? "no step" : "refused";
        return how + " | " + (kept == 0 && !refused.isEmpty() ? "all" : String.join(", ", refused));
    }

    @Test
    void guideSaysWhatTheCodeDoes() throws IOException {
        Map<String, String> rows = rows();
        Map<String, String> told = new TreeMap<>();
        for (String line : Files.readAllLines(GUIDE)) {
            if (line.matches("\\| `(atomic[.]|locks[.])?[A-Z]\\w+` \\|.*")) {
                assertThat(told.put(line.split(" ")[1], line)).as("two rows: %s", line).isNull();
            }
        }
        if (Runtime.version().feature() != 25) {
            rows.keySet().retainAll(told.keySet());
        }
        assertThat(String.join("\n", told.values())).isEqualTo(String.join("\n", rows.values()));
    }
}
