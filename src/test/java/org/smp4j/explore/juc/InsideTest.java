package org.smp4j.explore.juc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
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
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;

/** Exploring within calls of the JDK. */
class InsideTest {
    private static final String ALL = "java.util.concurrent";
    private static final String FORK = """
            package java.util.concurrent;

            public class CountDownLatch {
                private volatile int count;

                public CountDownLatch(int count) {
                    this.count = count;
                }

                public %s void countDown() {
                    int left = count - 1;
                    count = left;
                    if (left == 0) {
                        synchronized (this) {
                            notifyAll();
                        }
                    }
                }

                public synchronized void await() throws InterruptedException {
                    while (count > 0) {
                        wait();
                    }
                }
            }
            """;

    @TempDir
    private Path folder;

    private static Program load(Class<?> program, List<URL> classpath, String... inside) {
        return new LoadedProgram(program.getName(), RewriteOptions.defaults().withClasspath(classpath)
                .withInside(Set.of(inside)), InsideTest.class.getClassLoader());
    }

    private static Report explore(Program program, String strategy) {
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(2000),
                Explorer.Progress.NONE);
    }

    /** Compiles a class in place of the JDK's. */
    private List<URL> fork(String modifiers) throws Exception {
        Path source = folder.resolve("source/java/util/concurrent/CountDownLatch.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, FORK.formatted(modifiers));
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "--patch-module",
                "java.base=" + folder.resolve("source"), "-d", classes.toString(), source.toString())).isZero();
        return List.of(classes.toUri().toURL());
    }

    @ParameterizedTest
    @ValueSource(strings = {"portfolio", "dpor", "bound2"})
    void compositionInTheJdkIsFoundWithin(String strategy) {
        Report report = explore(load(Insides.PutsAll.class, List.of(), ALL), strategy);
        assertThat(report.text()).contains("half of it is there", "ConcurrentHashMap.java")
                .doesNotContain("smp4j.shadow", "Unsafe.java", ":-1");
        Report again = Explorer.replay(load(Insides.PutsAll.class, List.of(), ALL), report.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.failure()).isNotNull();
        assertThat(Explorer.insideOf(report.token())).containsExactly(ALL);
        assertThatThrownBy(() -> Explorer.replay(load(Insides.PutsAll.class, List.of()), report.token(), false,
                Explorer.Progress.NONE)).isInstanceOf(ExplorerException.class)
                .hasMessageContaining("inside java.util.concurrent, and").hasMessageContaining("no class of the JDK");
    }

    @Test
    void oneClassIsEnough() {
        assertThat(explore(load(Insides.PutsAll.class, List.of(), ALL + ".ConcurrentHashMap"), "dpor").passed())
                .isFalse();
        assertThat(explore(load(Insides.PutsAll.class, List.of(), ALL + ".locks"), "dpor").passed()).isTrue();
    }

    @Test
    void claimsNameWhatIsOneStep() {
        Report outside = explore(load(Insides.PutsAll.class, List.of()), "dpor");
        assertThat(outside.passed()).isTrue();
        assertThat(outside.claim()).startsWith("proven")
                .contains("a call of a concurrent collection or adder is one step").doesNotContain("within");
        Report right = explore(load(Insides.PutsOne.class, List.of(), ALL), "dpor");
        assertThat(right.passed()).as(right::text).isTrue();
        assertThat(right.claim()).startsWith("proven").contains("calls of java.util.concurrent were explored within")
                .doesNotContain("one step");
        Report other = explore(load(Insides.CountsDown.class, List.of(), ALL + ".Phaser"), "dpor");
        assertThat(other.claim()).contains("calls of java.util.concurrent.Phaser were explored within",
                "any other call of java.util.concurrent is one step");
    }

    @Test
    void forkOnTheClassPathStandsInForTheJdksClass() throws Exception {
        List<URL> broken = fork("");
        assertThat(explore(load(Insides.CountsDown.class, broken), "dpor").claim()).startsWith("proven")
                .contains("a call of java.util.concurrent is one step");
        for (String strategy : List.of("portfolio", "dpor")) {
            Report report = explore(load(Insides.CountsDown.class, broken, ALL), strategy);
            assertThat(report.text()).contains("deadlock", "CountDownLatch.java:");
        }
    }

    @Test
    void rightForkPasses() throws Exception {
        Report report = explore(load(Insides.CountsDown.class, fork("synchronized"), ALL), "dpor");
        assertThat(report.passed()).as(report::text).isTrue();
        assertThat(report.claim()).startsWith("proven");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java.util", "java.util.concurrent.atomic", "java.util.concurrent.Executor",
        "java.util.concurrent.NoSuch", "org.example", "java.util.concurrent.", ""})
    void whatCannotBeExploredWithinIsRefused(String name) {
        assertThatThrownBy(() -> RewriteOptions.defaults().withInside(Set.of(name)))
                .isInstanceOf(ExplorerException.class).hasMessageStartingWith("inside " + name + ": only ");
    }

    @Test
    void annotationTakesIt() {
        TestExecutionResult result = EngineTestKit.engine("junit-jupiter")
                .configurationParameter("smp4j.tokens", folder.toString())
                .configurationParameter("smp4j.pages", folder.toString())
                .selectors(selectClass(Insides.InsideTest.class)).execute().testEvents().failed().list().getFirst()
                .getRequiredPayload(TestExecutionResult.class);
        assertThat(result.getThrowable().orElseThrow()).hasMessageContaining("half of it is there");
    }
}
