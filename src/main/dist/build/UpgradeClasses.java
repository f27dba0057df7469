import java.io.BufferedOutputStream;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Gives the classes of a library the class file version of Java 8, with the stack maps that it needs. The JVM verifies
 * older ones in the old, slow way at each start, and keeps none of them in an AOT cache.
 */
final class UpgradeClasses {
    private static final int JAVA_6 = 50;

    private UpgradeClasses() {
    }

    /**
     * Upgrades a jar in place.
     *
     * @param args the jar
     * @throws IOException if it can't be read or written
     */
    public static void main(String[] args) throws IOException {
        Path jar = Path.of(args[0]);
        Path upgraded = jar.resolveSibling(jar.getFileName() + ".new");
        try (ZipFile in = new ZipFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
                ZipOutputStream out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(upgraded)))) {
            ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(
                    ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
            for (ZipEntry entry : in.stream().toList()) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith(".class")) {
                    bytes = upgrade(file, bytes);
                }
                write(out, entry.getName(), entry, bytes);
            }
            write(out, "META-INF/CHANGES", in.entries().nextElement(), """
                    Changed for the distribution of smp4j: the class files that were older than Java 6 have the version
                    of Java 8, and stack maps.
                    """.getBytes(StandardCharsets.UTF_8));
        }
        Files.move(upgraded, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static byte[] upgrade(ClassFile file, byte[] bytes) {
        ClassModel model = file.parse(bytes);
        if (model.majorVersion() >= JAVA_6) {
            return bytes;
        }
        return file.transformClass(model, ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                .andThen((builder, element) -> builder.with(element instanceof ClassFileVersion
                        ? ClassFileVersion.of(ClassFile.JAVA_8_VERSION, 0) : element)));
    }

    private static void write(ZipOutputStream out, String name, ZipEntry like, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(like.getTimeLocal());
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }
}
