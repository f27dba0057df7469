package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.model.ExplorerException;

/** Where the JDK's renamed classes meet what is not renamed: internals of another JDK, and libraries. */
class BordersTest {
    private static final MethodTypeDesc VOID = ConstantDescs.MTD_void;

    @TempDir
    private Path folder;

    /** Counts a latch down. */
    public static class Latch implements Runnable {
        @Override
        public void run() {
            CountDownLatch latch = new CountDownLatch(1);
            Thread other = new Thread(latch::countDown);
            other.start();
            latch.countDown();
        }
    }

    /** Catches whatever a latch throws. */
    public static class Swallows implements Runnable {
        @Override
        public void run() {
            try {
                new CountDownLatch(1).countDown();
            } catch (Throwable e) {
                Thread.yield();
            }
        }
    }

    /** A library that is not rewritten. */
    static final class Library {
        private Library() {
        }

        static long left(CountDownLatch latch) {
            return latch.getCount();
        }
    }

    /** Asks the library about a latch. */
    public static class AsksLibrary implements Runnable {
        @Override
        public void run() {
            Library.left(new CountDownLatch(1));
        }
    }

    /** A latch as another JDK may have it, whose countDown does something. */
    private List<URL> forged(Consumer<CodeBuilder> countDown) throws IOException {
        byte[] file = ClassFile.of().build(ClassDesc.of("java.util.concurrent.CountDownLatch"), type -> type
                .withFlags(ClassFile.ACC_PUBLIC)
                .withMethodBody("<init>", MethodTypeDesc.ofDescriptor("(I)V"), ClassFile.ACC_PUBLIC, code -> code
                        .aload(0).invokespecial(ConstantDescs.CD_Object, "<init>", VOID).return_())
                .withMethodBody("countDown", VOID, ClassFile.ACC_PUBLIC, code -> {
                    countDown.accept(code);
                    code.return_();
                }));
        Path at = Files.createDirectories(folder.resolve("java/util/concurrent")).resolve("CountDownLatch.class");
        Files.write(at, file);
        return List.of(folder.toUri().toURL());
    }

    private static void refuses(Class<?> program, RewriteOptions options, String said) {
        assertThatThrownBy(() -> Explorer.explore(new LoadedProgram(program.getName(), options,
                BordersTest.class.getClassLoader()), ExploreOptions.DEFAULT.withSchedules(50), Explorer.Progress.NONE))
                .isInstanceOf(ExplorerException.class).hasMessageContaining(said)
                .hasMessageMatching("\\V*");
    }

    @Test
    void anUnknownMethodOfAKnownInternalIsRefusedByName() throws IOException {
        ClassDesc unsafe = ClassDesc.of("jdk.internal.misc.Unsafe");
        refuses(Latch.class, RewriteOptions.defaults().withClasspath(forged(code -> code
                .invokestatic(unsafe, "getUnsafe", MethodTypeDesc.of(unsafe))
                .invokevirtual(unsafe, "unheardOf", VOID))),
                "jdk.internal.misc.Unsafe.unheardOf, an internal of JDK " + Runtime.version()
                        + " that smp4j does not know, at CountDownLatch.countDown");
        refuses(Latch.class, RewriteOptions.defaults().withClasspath(forged(code -> code
                .invokestatic(ClassDesc.of("jdk.internal.access.SharedSecrets"), "unheardOf", VOID))),
                "jdk.internal.access.SharedSecrets.unheardOf, an internal of JDK");
    }

    @Test
    void anUnknownInternalIsRefusedByName() throws IOException {
        refuses(Latch.class, RewriteOptions.defaults().withClasspath(forged(code -> code
                .invokestatic(ClassDesc.of("jdk.internal.vm.Unheard"), "of", VOID))),
                "jdk.internal.vm.Unheard.of, an internal of JDK " + Runtime.version());
    }

    @Test
    void anUnknownClassOrFieldOfAnInternalIsRefusedByName() throws IOException {
        ClassDesc unheard = ClassDesc.of("jdk.internal.vm.Unheard");
        refuses(Latch.class, RewriteOptions.defaults().withClasspath(forged(code -> code.new_(unheard).pop())),
                "java.util.concurrent.CountDownLatch.countDown of JDK " + Runtime.version() + " needs an internal");
        refuses(Latch.class, RewriteOptions.defaults().withClasspath(forged(code -> code
                .getstatic(ClassDesc.of("jdk.internal.misc.Unsafe"), "UNHEARD_OF", ConstantDescs.CD_int).pop())),
                "java.util.concurrent.CountDownLatch.countDown of JDK");
        refuses(Swallows.class, RewriteOptions.defaults().withClasspath(forged(code -> code.new_(unheard).pop())),
                "java.util.concurrent.CountDownLatch.countDown of JDK");
    }

    @Test
    void aLibraryThatKnowsTheJdksOwnClassesIsRefusedByName() {
        refuses(AsksLibrary.class, RewriteOptions.defaults().withRewritten(new Rewritten()
                .and(name -> !name.equals(Library.class.getName()))),
                "BordersTest$Library.left, of a library that is not rewritten and knows java.util.concurrent, at "
                        + "BordersTest$AsksLibrary.run");
    }
}
