package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringWriter;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.ExplorerException;

/** Programs that call {@code sun.misc.Unsafe}; they are compiled here, as javac's warnings can't be turned off. */
class SunUnsafeTest {
    private static final String PROGRAM = """
            import java.lang.reflect.Field;
            import sun.misc.Unsafe;

            public class Program implements Runnable {
                static final Unsafe U;
                static final long COUNT;
                static final long READY;
                static final long TOTAL;
                static final int BASE;
                static final int SHIFT;

                static {
                    try {
                        Field only = Unsafe.class.getDeclaredField("theUnsafe");
                        only.setAccessible(true);
                        U = (Unsafe) only.get(null);
                        COUNT = U.objectFieldOffset(Program.class.getDeclaredField("count"));
                        READY = U.objectFieldOffset(Program.class.getDeclaredField("ready"));
                        TOTAL = U.staticFieldOffset(Program.class.getDeclaredField("total"));
                        BASE = U.arrayBaseOffset(int[].class);
                        int scale = U.arrayIndexScale(int[].class);
                        if (scale != 4) {
                            throw new Error("scale " + scale);
                        }
                        SHIFT = 31 - Integer.numberOfLeadingZeros(scale);
                    } catch (ReflectiveOperationException e) {
                        throw new ExceptionInInitializerError(e);
                    }
                }

                static long total;
                int count;
                Object ready;
                int plain;
                final int[] cells = new int[2];

                static class Made {
                    static int made = 7;
                    final int number;
                    String name;

                    Made() {
                        number = 1;
                        name = "constructed";
                    }
                }

                static Thread start(Runnable body) {
                    Thread thread = new Thread(body);
                    thread.start();
                    return thread;
                }

                public void run() {
                    try {
                        body();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }

                static void require(boolean holds) {
                    if (!holds) {
                        throw new AssertionError("broken");
                    }
                }

                void body() throws Exception {
                    %s
                }
            }
            """;
    private static final String TWICE = """
            Runnable each = () -> {
                %s
            };
            Thread a = start(each);
            Thread b = start(each);
            a.join();
            b.join();
            require(%s);
            """;

    @TempDir
    private Path folder;

    private List<URL> compile(String body) throws Exception {
        Path source = Files.writeString(folder.resolve("Program.java"), PROGRAM.formatted(body));
        StringWriter said = new StringWriter();
        boolean compiled = ToolProvider.getSystemJavaCompiler().getTask(said, null, null,
                List.of("-d", folder.toString(), "-nowarn"), null, ToolProvider.getSystemJavaCompiler()
                .getStandardFileManager(null, null, null).getJavaFileObjects(source)).call();
        assertThat(compiled).as(said::toString).isTrue();
        return List.of(folder.toUri().toURL());
    }

    private LoadedProgram program(String body) throws Exception {
        return new LoadedProgram("Program", RewriteOptions.defaults().withClasspath(compile(body)),
                SunUnsafeTest.class.getClassLoader());
    }

    private Report explore(String body, MemoryModel memory) throws Exception {
        return Explorer.explore(program(body), ExploreOptions.DEFAULT.withStrategy("dpor").withMemory(memory)
                .withSchedules(3000), Explorer.Progress.NONE);
    }

    private Report explore(String body) throws Exception {
        return explore(body, MemoryModel.SC);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "U.putInt(this, COUNT, U.getInt(this, COUNT) + 1);|count == 2",
        "U.putIntVolatile(this, COUNT, U.getIntVolatile(this, COUNT) + 1);|count == 2",
        "U.putOrderedInt(this, COUNT, U.getIntVolatile(this, COUNT) + 1);|count == 2",
        "U.compareAndSwapInt(this, COUNT, count, count + 1);|count == 2",
        "U.putLong(Program.class, TOTAL, U.getLong(Program.class, TOTAL) + 1);|total == 2",
        "long at = BASE + (1L << SHIFT); U.putInt(cells, at, U.getInt(cells, at) + 1);|cells[1] == 2"})
    void lostUpdateIsFound(String step, String holds) throws Exception {
        Report report = explore(TWICE.formatted(step, holds));
        assertThat(report.passed()).as(report::text).isFalse();
        assertThat(report.text()).contains("broken").doesNotContain("smp4j.shadow", "SunUnsafe");
        assertThat(Explorer.replay(program(TWICE.formatted(step, holds)), report.token(), false,
                Explorer.Progress.NONE).failure()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "int old; do { old = U.getIntVolatile(this, COUNT); } while (!U.compareAndSwapInt(this, COUNT, old, old + 1));"
        + "|count == 2",
        "U.getAndAddInt(this, COUNT, 1);|count == 2 && U.getInt(this, COUNT) == 2",
        "U.getAndAddLong(Program.class, TOTAL, 1L);|total == 2",
        "U.getAndAddInt(cells, BASE + (1L << SHIFT), 1);|cells[1] == 2 && cells[0] == 0",
        "Object mine = new Object(); if (U.compareAndSwapObject(this, READY, null, mine)) { count++; }|count == 1"})
    void atomicUpdatePasses(String step, String holds) throws Exception {
        Report report = explore(TWICE.formatted(step, holds));
        assertThat(report.passed()).as(report::text).isTrue();
        assertThat(report.claim()).startsWith("proven");
        assertThat(report.schedules()).isGreaterThan(1);
    }

    private static String publish(String write, String read) {
        return """
                Thread writer = start(() -> {
                    plain = 1;
                    %s
                });
                Object seen = %s;
                require(seen == null || plain == 1);
                writer.join();
                """.formatted(write, read);
    }

    /** Under the Java memory model the orderings of the accesses matter. */
    @Test
    void orderingsAreThoseOfTheCalls() throws Exception {
        String right = publish("U.putOrderedObject(this, READY, \"\");",
                "U.getObjectVolatile(this, READY)");
        Report report = explore(right, MemoryModel.JAVA);
        assertThat(report.passed()).as(report::text).isTrue();
        String wrong = publish("U.putObject(this, READY, \"\");",
                "U.getObjectVolatile(this, READY)");
        assertThat(explore(wrong, MemoryModel.JAVA).passed()).isFalse();
        assertThat(explore(wrong).passed()).isTrue();
        String fenced = publish("U.storeFence(); U.putObject(this, READY, \"\");",
                "U.getObjectVolatile(this, READY)");
        assertThat(explore(fenced, MemoryModel.JAVA).passed()).isTrue();
    }

    @Test
    void parkedThreadsAreUnparked() throws Exception {
        String waits = """
                Thread main = Thread.currentThread();
                Thread other = start(() -> {
                    count = 1;
                    %s
                });
                while (U.getIntVolatile(this, COUNT) == 0) {
                    U.park(false, 0L);
                }
                """;
        Report right = explore(waits.formatted("U.unpark(main);"));
        assertThat(right.passed()).as(right::text).isTrue();
        assertThat(explore(waits.formatted("")).text()).contains("deadlock");
        assertThat(explore("U.park(false, 1000L); U.park(true, System.currentTimeMillis() + 5);").passed()).isTrue();
    }

    @Test
    void objectsAreMadeWithoutAConstructor() throws Exception {
        Report report = explore("""
                Made made = (Made) U.allocateInstance(Made.class);
                require(made.number == 0 && made.name == null && Made.made == 7);
                U.putInt(made, U.objectFieldOffset(Made.class.getDeclaredField("number")), 5);
                require(U.getInt(made, U.objectFieldOffset(Made.class.getDeclaredField("number"))) == 5);
                Thread other = start(() -> count++);
                other.join();
                """);
        assertThat(report.passed()).as(report::text).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "U.allocateMemory(8);|sun.misc.Unsafe.allocateMemory at Program.body",
        "U.putInt(16L, 1);|sun.misc.Unsafe.putInt at Program.body",
        "U.putInt(null, 16L, 1);|sun.misc.Unsafe on memory outside of the heap, at an offset that has no int, at "
        + "Program.body",
        "U.getLong(new byte[8], (long) BASE);|sun.misc.Unsafe on an object of byte[], at an offset that has no long,",
        "U.getInt(cells, BASE + 2L);|sun.misc.Unsafe on an object of int[]",
        "U.getInt(cells, BASE + 8L);|sun.misc.Unsafe on an object of int[]",
        "U.getInt(\"\", COUNT);|sun.misc.Unsafe on an object of java.lang.String",
        "U.objectFieldOffset(Thread.class.getDeclaredField(\"threadLocalRandomProbe\"));"
        + "|sun.misc.Unsafe on java.lang.Thread.threadLocalRandomProbe at",
        "U.allocateInstance(String.class);|sun.misc.Unsafe.allocateInstance of java.lang.String at"})
    void whatCannotBeSeenIsRefused(String call, String said) {
        assertThatThrownBy(() -> explore("start(() -> count++).join(); " + call))
                .isInstanceOf(ExplorerException.class).hasMessageContaining(said).hasMessageMatching("\\V*");
    }
}
