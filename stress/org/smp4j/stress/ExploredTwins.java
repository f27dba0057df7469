package org.smp4j.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.detect.HappensBefore;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Leeway;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.search.BoundedSearch;
import org.smp4j.explore.strategy.PctStrategy;
import org.smp4j.explore.strategy.RandomStrategy;

/** Runs the actors of the suite's tests as threads of an explored program, and collects their outcomes. */
final class ExploredTwins implements AutoCloseable {
    private static final int STEP_LIMIT = 20_000;
    private static final int LOOKING_RUNS = 30;
    private static final int DRAWN = 200; // long runs need luck more than a search of all their beginnings
    private static final int BOUND_OF_DRAWS = 3;

    private final List<Class<?>> tests;
    private final URLClassLoader drivers;

    /** What exploring has shown: the outcomes, failures other than outcomes, and whether the search came to its end. */
    record Seen(Set<String> outcomes, Set<String> failures, boolean complete, long schedules) {
    }

    /** Makes a driver for each test: a program that runs its actors in threads, then its arbiter. */
    ExploredTwins(Path folder) throws IOException {
        tests = tests();
        Map<String, String> sources = new LinkedHashMap<>();
        tests.forEach(test -> sources.put(driver(test), source(test)));
        compile(folder, sources);
        drivers = new URLClassLoader(new URL[] {folder.toUri().toURL()}, ExploredTwins.class.getClassLoader());
    }

    List<Class<?>> all() {
        return tests;
    }

    @Override
    public void close() throws IOException {
        drivers.close();
    }

    private static List<Class<?>> tests() throws IOException {
        Path root;
        try {
            root = Path.of(ExploredTwins.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        try (Stream<Path> files = Files.walk(root.resolve("org/smp4j"))) {
            List<Class<?>> all = new ArrayList<>();
            files.map(file -> root.relativize(file).toString()).filter(name -> name.matches(".*Stress\\$[^$]+\\.class"))
                    .sorted().forEach(name -> {
                        Class<?> type = load(name.replace(".class", "").replace('/', '.'));
                        JCStressTest test = type.getAnnotation(JCStressTest.class);
                        if (test != null && test.value() != Mode.Termination) {
                            all.add(type);
                        }
                    });
            return all;
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ExploredTwins.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static String driver(Class<?> test) {
        return test.getName().replaceAll("[.$]", "_");
    }

    private static List<Method> methods(Class<?> test, Class<? extends Annotation> kind) {
        return Arrays.stream(test.getMethods()).filter(method -> method.isAnnotationPresent(kind))
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .sorted(Comparator.comparing(Method::getName)).toList();
    }

    private static String source(Class<?> test) {
        List<Method> actors = methods(test, Actor.class);
        List<Method> arbiters = methods(test, Arbiter.class);
        Class<?> result = Stream.concat(actors.stream(), arbiters.stream())
                .flatMap(method -> Arrays.stream(method.getParameterTypes())).findFirst().orElseThrow();
        StringBuilder text = new StringBuilder("public class " + driver(test) + " implements Runnable {\n"
                + "    public void run() {\n        var state = new " + test.getCanonicalName() + "();\n"
                + "        var r = new " + result.getName() + "();\n");
        for (int i = 0; i < actors.size(); i++) {
            text.append("        Thread t").append(i).append(" = new Thread(() -> state.").append(call(actors.get(i)))
                    .append(", \"").append(actors.get(i).getName()).append("\");\n");
        }
        for (int i = 0; i < actors.size(); i++) {
            text.append("        t").append(i).append(".start();\n");
        }
        text.append("        try {\n");
        for (int i = 0; i < actors.size(); i++) {
            text.append("            t").append(i).append(".join();\n");
        }
        text.append("        } catch (InterruptedException e) {\n"
                + "            throw new IllegalStateException(e);\n        }\n");
        arbiters.forEach(arbiter -> text.append("        state.").append(call(arbiter)).append(";\n"));
        return text + "        org.smp4j.explore.Exploring.note(r.toString());\n    }\n}\n";
    }

    private static String call(Method method) {
        return method.getName() + (method.getParameterCount() == 0 ? "()" : "(r)");
    }

    private static void compile(Path folder, Map<String, String> sources) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> source : sources.entrySet()) {
            files.add(Files.writeString(folder.resolve(source.getKey() + ".java"), source.getValue()));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String path = System.getProperty("java.class.path");
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> messages = new ArrayList<>();
            if (!compiler.getTask(null, manager, message -> messages.add(message.toString()),
                    List.of("-d", folder.toString(), "-cp", path, "-proc:none"), null,
                    manager.getJavaFileObjectsFromPaths(files)).call()) {
                throw new IOException(messages.toString());
            }
        }
    }

    private static final class Note implements Observer {
        String text;

        @Override
        public void performed(Run x, Strand strand) {
            // only the note counts
        }

        @Override
        public void note(Run x, Strand strand, String line) {
            text = line;
        }
    }

    /**
     * Explores one test under the model {@code java}.
     *
     * @param test the test
     * @param bound the number of departures, at most
     * @param schedules the number of schedules, at most
     * @param enough whether to end early, given the outcomes so far
     */
    Seen explore(Class<?> test, int bound, long schedules, Predicate<Set<String>> enough) {
        Runner runner = new Runner(new LoadedProgram(driver(test), RewriteOptions.defaults(), drivers),
                Coroutine.best(), STEP_LIMIT);
        runner.under(MemoryModel.JAVA, Leeway.DEFAULT);
        runner.x.environment.reductions = new int[] {Integer.MAX_VALUE}; // no random delays
        Sites.forgetFields();
        Set<String> outcomes = new TreeSet<>();
        Set<String> failures = new TreeSet<>();
        Note note = new Note();
        runner.x.happensBefore = new HappensBefore(false); // to find the plain fields that threads share
        RandomStrategy random = new RandomStrategy();
        for (int i = 0; i < LOOKING_RUNS && !enough.test(outcomes); i++) {
            long seed = i;
            run(runner, () -> runner.run(random, seed, seed, note), note, outcomes, failures);
        }
        runner.x.happensBefore = null;
        PctStrategy pct = new PctStrategy(BOUND_OF_DRAWS);
        for (int i = 0; i < DRAWN && !enough.test(outcomes); i++) {
            long seed = i;
            run(runner, () -> runner.run(pct, seed, seed, note), note, outcomes, failures);
        }
        BoundedSearch search = new BoundedSearch(bound, MemoryModel.JAVA);
        long made = 0;
        boolean complete = false;
        while (made < schedules && !enough.test(outcomes)) {
            if (!search.advance(runner.x.view)) {
                complete = true;
                break;
            }
            made++;
            run(runner, () -> runner.run(search, 0, 0, note), note, outcomes, failures);
        }
        return new Seen(outcomes, failures, complete, made);
    }

    private static void run(Runner runner, Supplier<Outcome> once, Note note, Set<String> outcomes,
            Set<String> failures) {
        note.text = null;
        Outcome outcome = once.get();
        if (outcome == Outcome.COMPLETE) {
            outcomes.add(note.text);
        } else if (outcome == Outcome.FAILED) {
            failures.add(runner.x.failure().rule() + ": " + runner.x.failure().message());
        }
    }
}
