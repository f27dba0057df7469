package org.smp4j.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.call.Smp;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Focus;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.sample.BrokenDiskProductions;
import org.smp4j.scenario.Programs;
import org.smp4j.selftest.Mutants;
import org.smp4j.weave.Weave;

class JavaSourceTest {
    private static final int EACH = 25;
    private final Catalog catalog = Standard.catalog();

    @TempDir
    private Path dir;

    /** Compiles sources, each in a package of its own. */
    private void compile(List<String> sources) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Path file = dir.resolve("p" + i + "/GeneratedTest.java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "package p" + i + ";\n\n" + sources.get(i));
            files.add(file);
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(errors, manager, null, List.of("-proc:none", "-Xlint:all",
                    "-Xlint:-path", "-Werror", "-d", dir.toString(), "-cp",
                    System.getProperty("java.class.path")), null,
                    manager.getJavaFileObjectsFromPaths(files)).call();
            assertThat(compiled).as(errors.toString()).isTrue();
        }
    }

    @Test
    void sourcesCompile() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Focus focus : Focus.values()) {
            for (Catalog each : List.of(catalog, catalog.withMisuses())) {
                Generator generator = new Generator(each, focus);
                for (int i = 0; i < EACH; i++) {
                    MemoryModel memory = i % 2 == 0 ? MemoryModel.SC : MemoryModel.JAVA;
                    sources.add(JavaSource.of(generator.draw(9, i), each, "rule", 100, memory));
                    sources.add(JavaSource.played(generator.draw(9, i), "rule", 100, memory));
                }
            }
        }
        compile(sources);
    }

    @Test
    void sourceFailsAsTheProgramDid() throws IOException {
        Weave bug = Weave.in(Smp.class, "smpCallSingleQueue").drop(call(Smp.class, "sendCallFunctionSingleIpi"));
        Program program = Program.parse("c2/t0=async.1.0+1,complete.0/t1=wait.0");
        compile(List.of(JavaSource.of(program, catalog, "deadlock", 100, MemoryModel.SC)));
        assertThat(explore(bug).failure().rule()).isEqualTo("deadlock");
        assertThat(explore(Weave.nothing()).passed()).isTrue();
    }

    /** What a program checks between its operations is checked by the source that plays it. */
    @Test
    void sourceThatPlaysFailsAsTheProgramDid() throws IOException {
        Program program = Program.parse("c2/t0=single.1.1/t1=context");
        compile(List.of(JavaSource.played(program, "not handed over", 100, MemoryModel.JAVA)));
        Weave bug = Mutants.all().stream().filter(each -> each.name().equals("flags-opaque")).findFirst().orElseThrow()
                .mutation();
        assertThat(explore(bug, MemoryModel.JAVA).failure().rule()).isEqualTo("not handed over");
        assertThat(explore(Weave.nothing(), MemoryModel.JAVA).passed()).isTrue();
    }

    /** The source has the objects of a user, and checks them at the end. */
    @Test
    void sourceHasTheObjectsOfAUser() throws IOException {
        Catalog own = catalog.with(new BrokenDiskProductions().productions());
        compile(List.of(JavaSource.of(Program.parse("c3/t0=diskrequest.2/t1=diskrequest.2"), own, "thrown", 100,
                MemoryModel.SC)));
        assertThat(explore(Weave.nothing()).failure().message())
                .contains("requests are counted, and none is in flight");
    }

    private Report explore(Weave weave) throws IOException {
        return explore(weave, MemoryModel.SC);
    }

    private Report explore(Weave weave, MemoryModel memory) throws IOException {
        return Explorer.probe(new LoadedProgram("p0.GeneratedTest$Scenario", Programs.options()
                .withClasspath(List.of(dir.toUri().toURL())).withWeaves(weave), getClass().getClassLoader()),
                ExploreOptions.DEFAULT.withSchedules(100).withMemory(memory), Explorer.Progress.NONE);
    }
}
