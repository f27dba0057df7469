package org.smp4j.cli.options;

import java.io.File;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.smp4j.explore.instrument.ClassPath;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.run.Program;
import org.smp4j.linear.check.Linearizability;
import org.smp4j.scenario.Programs;
import picocli.CommandLine.Option;

/** Options shared by exploring and replaying: the scenario's class path, and the kind of its strands. */
public final class ScenarioOptions {
    /** The kinds of strands. */
    enum Strands { CONTINUATIONS, THREADS }

    @Option(names = {"--classpath", "-cp"}, paramLabel = "PATH",
            description = "folders and jars with the scenario's classes")
    private String classpath = "";

    @Option(names = "--strands", paramLabel = "KIND",
            description = "continuations, which are fast, or threads, for use with a debugger (continuations)")
    private Strands strands = Strands.CONTINUATIONS;

    @Option(names = "--rewrite", paramLabel = "NAME", split = ",",
            description = "explore also within a library that is left as it is by default, by the name of its package: "
            + "for one that takes or returns classes of java.util.concurrent")
    private Set<String> libraries = new TreeSet<>();

    /** {@return whether the strands are threads} */
    public boolean threads() {
        return strands == Strands.THREADS;
    }

    /** {@return these options as command-line arguments} */
    public List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--classpath=" + classpath, "--strands=" + strands));
        libraries.forEach(name -> arguments.add("--rewrite=" + name));
        return arguments;
    }

    /** Rewrites more libraries: those that a token names. */
    public void rewrite(Set<String> more) {
        libraries.addAll(more);
    }

    /** {@return the program that a class of this name is; inside of what is named, calls of the JDK are explored} */
    public Program program(String className, Set<String> inside) {
        return new LoadedProgram(className, Programs.options().withClasspath(urls()).withInside(inside)
                .withLibraries(libraries), ScenarioOptions.class.getClassLoader());
    }

    /** {@return a class whose operations are checked; its specification may be null} */
    public Linearizability.Target target(String className, String specification) {
        return new Linearizability.Target(className, className, null, specification,
                Programs.unwatched().withClasspath(urls()).withLibraries(libraries),
                ScenarioOptions.class.getClassLoader());
    }

    private List<URL> urls() {
        return ClassPath.urls(Path.of(""), Arrays.stream(classpath.split(File.pathSeparator))
                .filter(entry -> !entry.isEmpty()).toList());
    }
}
