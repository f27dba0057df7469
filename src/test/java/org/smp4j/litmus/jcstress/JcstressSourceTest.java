package org.smp4j.litmus.jcstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jcstress.annotations.Outcome;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;

class JcstressSourceTest {
    private static final String PROCESSOR = "org.openjdk.jcstress.infra.processors.JCStressTestProcessor";

    @TempDir
    private Path dir;

    private static String source(String name, LitmusTest test) {
        LitmusResult model = LitmusSearch.search(test, SearchOptions.DEFAULT, () -> false);
        return JcstressSource.of(name, model, LitmusSearch.search(test,
                SearchOptions.DEFAULT.withModel(MemoryModel.SC).withInsertion(false), () -> false));
    }

    /** Compiles; with the processor of jcstress if it is named, which checks the shape of tests and is slow. */
    private URLClassLoader compile(Map<String, String> sources, String... processor) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            files.add(Files.writeString(dir.resolve(source.getKey() + ".java"), source.getValue()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> messages = new ArrayList<>();
            List<String> options = new ArrayList<>(List.of("-d", dir.toString(), "-cp",
                    System.getProperty("java.class.path"), processor.length == 0 ? "-proc:none" : "-processor"));
            options.addAll(List.of(processor));
            boolean compiled = compiler.getTask(null, manager, message -> messages.add(message.toString()), options,
                    null, manager.getJavaFileObjectsFromPaths(files)).call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
        return new URLClassLoader(new URL[] {dir.toUri().toURL()});
    }

    /** The actors one after the other, as jcstress calls them, have an outcome that is named. */
    private static void runInOrder(Class<?> type, boolean forwards) throws Exception {
        Object state = type.getConstructor().newInstance();
        Object result = null;
        List<Method> methods = new ArrayList<>(Arrays.asList(type.getDeclaredMethods()));
        methods.removeIf(method -> !method.getName().matches("actor\\d+"));
        methods.sort((a, b) -> forwards ? a.getName().compareTo(b.getName()) : b.getName().compareTo(a.getName()));
        Arrays.stream(type.getDeclaredMethods()).filter(method -> method.getName().equals("arbiter"))
                .forEach(methods::add);
        for (Method method : methods) {
            for (Class<?> parameter : method.getParameterTypes()) {
                result = result == null ? parameter.getConstructor().newInstance() : result;
            }
            method.invoke(state, method.getParameterCount() == 0 ? new Object[0] : new Object[] {result});
        }
        String outcome = String.valueOf(result);
        assertThat(type.getAnnotationsByType(Outcome.class)).as(type.getName() + " " + outcome)
                .anyMatch(row -> Arrays.asList(row.id()).contains(outcome));
    }

    @Test
    void theProjectsTestsCompileAndHaveTheirOutcomes() throws Exception {
        Map<String, String> sources = new LinkedHashMap<>();
        int refused = 0;
        for (String dialect : new String[] {"kernel", "c11", "java"}) {
            for (LitmusParser.Named named : LitmusParser.parseAll(
                    Files.readString(Path.of("src/test/resources/litmus", dialect + ".litmus.txt")))) {
                String name = JcstressSource.className(dialect + " " + named.name());
                try {
                    sources.put(name, source(name, named.test()));
                } catch (LitmusException e) {
                    refused++;
                    assertThat(e.getMessage()).containsAnyOf("loop", "assumption", "may not end");
                }
            }
        }
        assertThat(sources).hasSizeGreaterThan(50);
        assertThat(refused).isLessThan(10);
        try (URLClassLoader loader = compile(sources)) {
            for (String name : sources.keySet()) {
                runInOrder(loader.loadClass("litmus." + name), true);
                runInOrder(loader.loadClass("litmus." + name), false);
            }
        }
    }

    @Test
    void addressesBranchesAndNamesOfJava() throws Exception {
        LitmusTest test = LitmusParser.parse("""
                C new test
                { z=y; y=7; }
                P0(int *x, int *y, int **z) {
                    int *this; int result; int r = 0;
                    this = READ_ONCE(*z);
                    result = READ_ONCE(*this);
                    if (result > 6 && atomic_add_unless(x, 1, 5)) {
                        if (cmpxchg(y, 7, 8) == 7) { r = 1; } else { r = 2; }
                    } else {
                        return;
                    }
                    r = r + (result % 4 == 3 ? 10 : 20);
                }
                P1(int *x, int **z) { WRITE_ONCE(*z, x); }
                forall (0:r=11 /\\ x=1)
                """);
        String source = source("NewTest", test);
        assertThat(source).contains("public class NewTest", "public void arbiter(JJ_Result result)",
                "id = \"0, 0\", expect = Expect.ACCEPTABLE_INTERESTING", "id = \"11, 1\", expect = Expect.ACCEPTABLE,",
                "@Outcome(expect = Expect.FORBIDDEN, desc = \"no execution under the memory model java\")");
        try (URLClassLoader loader = compile(Map.of("NewTest", source), PROCESSOR)) {
            runInOrder(loader.loadClass("litmus.NewTest"), true);
            runInOrder(loader.loadClass("litmus.NewTest"), false);
        }
    }

    @Test
    void outcomesSayWhatTheyNeed() {
        String text = source("SB", LitmusParser.parse("""
                C SB
                {}
                P0(int *x, int *y) { WRITE_ONCE(*x, 1); int r = READ_ONCE(*y); }
                P1(int *x, int *y) { WRITE_ONCE(*y, 1); int r = READ_ONCE(*x); }
                ~exists (0:r=1 /\\ 1:r=1)
                """));
        assertThat(text.lines().filter(line -> line.startsWith("@Outcome"))
                .map(line -> line.replaceAll("@Outcome.(id = )?|expect = Expect.|desc = ", ""))).containsExactly(
                "\"0, 0\", ACCEPTABLE_INTERESTING, \"needs weak memory\")",
                "\"0, 1\", ACCEPTABLE, \"sequentially consistent\")",
                "\"1, 0\", ACCEPTABLE, \"sequentially consistent\")",
                "\"1, 1\", ACCEPTABLE_INTERESTING, \"the state that the test asks for\")",
                "FORBIDDEN, \"no execution under the memory model java\")");
    }

    @Test
    void whatJcstressCanNotHaveIsRefused() {
        assertThatThrownBy(() -> source("T", LitmusParser.parse(
                "C t\n{}\nP0(int *x) {\n while (READ_ONCE(*x) == 0) { } }\nP1(int *x) { WRITE_ONCE(*x, 1); }\n"
                + "exists (x=1)\n"))).isInstanceOf(LitmusException.class).hasMessageContaining("may not end");
        StringBuilder nine = new StringBuilder("exists (true");
        StringBuilder parameters = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            nine.append(" /\\ x").append(i).append("=0");
            parameters.append(i == 0 ? "" : ", ").append("int *x").append(i);
        }
        assertThatThrownBy(() -> source("T", LitmusParser.parse("C t\n{}\nP0(" + parameters
                + ") { WRITE_ONCE(*x0, 1); }\n" + nine + ")\n"))).hasMessageContaining("1 to 8 results");
        assertThat(JcstressSource.className("2+2W")).matches(Pattern.compile("n2_2W"));
    }
}
