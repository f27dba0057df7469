package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import javax.tools.ToolProvider;
import org.assertj.core.api.AssertionsForClassTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.instrument.call.Rewritten;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.junit.Explore;

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

    /** A library whose classes name a latch otherwise than in calls. */
    public abstract static class Base {
        public static CountDownLatch last = new CountDownLatch(1);

        /** Makes one. */
        protected Base() {
        }

        protected abstract CountDownLatch made();

        /** {@return a latch} */
        public static Object any() {
            return new CountDownLatch(1);
        }

        protected long left() {
            return made().getCount();
        }
    }

    /** Makes a latch for the library. */
    public static class Makes extends Base implements Runnable {
        @Override
        protected CountDownLatch made() {
            return new CountDownLatch(1);
        }

        @Override
        public void run() {
            Thread other = new Thread(this::left);
            other.start();
        }
    }

    /** Reads a field of the library. */
    public static class Reads implements Runnable {
        @Override
        public void run() {
            Base.last.countDown();
        }
    }

    /** Takes a latch of the library for one of its own. */
    public static class Casts implements Runnable {
        @Override
        public void run() {
            ((CountDownLatch) Base.any()).countDown();
        }
    }

    /** AssertJ asks a future whether it has completed, which another thread sees to. */
    public static class AsksTooEarly implements Runnable {
        @Override
        public void run() {
            CompletableFuture<String> future = CompletableFuture.supplyAsync(() -> "done");
            AssertionsForClassTypes.assertThat(future).isDone();
        }
    }

    /** As {@link AsksTooEarly}, as a test. */
    public static class LibraryTest {
        @Explore(schedules = 10, rewrite = "org.assertj")
        void asksTooEarly() {
            new AsksTooEarly().run();
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

    @Test
    void aLibraryThatHasSuchAClassInAFieldAMethodOrAnObjectIsRefused() {
        RewriteOptions options = RewriteOptions.defaults().withRewritten(new Rewritten()
                .and(name -> !name.equals(Base.class.getName())));
        for (Class<?> program : List.of(Makes.class, Reads.class, Casts.class)) {
            refuses(program, options, "a library that is not rewritten knows classes of java.util.concurrent: ");
            assertThat(Explorer.explore(new LoadedProgram(program.getName(), RewriteOptions.defaults(),
                    getClass().getClassLoader()), ExploreOptions.DEFAULT.withSchedules(50), Explorer.Progress.NONE)
                    .passed()).isTrue();
        }
    }

    /** A program and a library of a name that is not rewritten by default. */
    private List<URL> library() throws IOException {
        Path library = Files.writeString(folder.resolve("Latches.java"), """
                package org.hamcrest.latches;

                public class Latches {
                    static int asked;

                    public static long left(java.util.concurrent.CountDownLatch latch) {
                        asked++;
                        return latch.getCount();
                    }

                    public static int asked() {
                        return asked;
                    }
                }
                """);
        Path program = Files.writeString(folder.resolve("Asks.java"), """
                import java.util.concurrent.CountDownLatch;
                import org.hamcrest.latches.Latches;

                public class Asks implements Runnable {
                    public void run() {
                        CountDownLatch latch = new CountDownLatch(1);
                        new Thread(() -> {
                            Latches.left(latch);
                            latch.countDown();
                        }).start();
                        Latches.left(latch);
                        try {
                            latch.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        if (Latches.asked() != 2) {
                            throw new AssertionError("not counted");
                        }
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", folder.toString(),
                library.toString(), program.toString())).isZero();
        return List.of(folder.toUri().toURL());
    }

    @Test
    void aLibraryIsRewrittenIfItIsNamed() throws IOException {
        RewriteOptions without = RewriteOptions.defaults().withClasspath(library());
        assertThatThrownBy(() -> explore(without)).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("org.hamcrest.latches.Latches.left, of a library that is not rewritten and knows "
                        + "java.util.concurrent (add --rewrite org.hamcrest, or rewrite = \"org.hamcrest\" to the "
                        + "test's annotation), at Asks.");
        Report report = explore(without.withLibraries(Set.of("org.hamcrest.latches")));
        assertThat(report.text()).contains("not counted", "Latches.java:");
        assertThat(Explorer.librariesOf(report.token())).containsExactly("org.hamcrest.latches");
        assertThat(replay(without.withLibraries(Set.of("org.hamcrest.latches")), report.token()).failure()).isNotNull();
        assertThatThrownBy(() -> replay(without, report.token())).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("rewrites org.hamcrest.latches, and").hasMessageContaining("no further library");
    }

    private static LoadedProgram asks(RewriteOptions options) {
        return new LoadedProgram("Asks", options, BordersTest.class.getClassLoader());
    }

    private static Report explore(RewriteOptions options) {
        return Explorer.explore(asks(options), ExploreOptions.DEFAULT.withSchedules(500), Explorer.Progress.NONE);
    }

    private static Report replay(RewriteOptions options, String token) {
        return Explorer.replay(asks(options), token, false, Explorer.Progress.NONE);
    }

    @Test
    void annotationTakesALibrary() {
        TestExecutionResult result = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("smp4j.tokens", folder.toString())
                .configurationParameter("smp4j.pages", folder.toString())
                .selectors(selectClass(LibraryTest.class)).execute().testEvents().failed().list().getFirst()
                .getRequiredPayload(TestExecutionResult.class);
        assertThat(result.getThrowable().orElseThrow()).hasMessageContaining("to be done");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.util", "org.junit.jupiter", "org.smp4j.explore.engine", "org", "org.smp4j", "", " "})
    void whatCannotBeRewrittenIsRefused(String name) {
        assertThatThrownBy(() -> RewriteOptions.defaults().withLibraries(Set.of(name)))
                .isInstanceOf(ExplorerException.class)
                .hasMessageStartingWith("rewrite " + name + ": it can't be rewritten; only these");
    }

    @Test
    void whatIsRewrittenAnywayIsRefused() {
        assertThatThrownBy(() -> RewriteOptions.defaults().withLibraries(Set.of("org.example")))
                .isInstanceOf(ExplorerException.class)
                .hasMessageStartingWith("rewrite org.example: it is rewritten anyway; only these can be left")
                .hasMessageContaining("org.assertj, org.hamcrest");
    }
}
