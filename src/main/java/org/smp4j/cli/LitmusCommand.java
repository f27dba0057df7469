package org.smp4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.ResultText;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j litmus}. */
@Command(name = "litmus", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Makes all executions of litmus tests under a memory model, and prints what herd prints.",
            "Reads the C of the Linux kernel's memory model, C11 atomics, and Java threads with VarHandle operations. "
            + "Exits with 1 if a test's claim does not hold (~exists, forall) or its comment expects another result, "
            + "and else with 2 if a test can't be read or was not completed.%n"})
final class LitmusCommand implements Callable<Integer> {
    private static final int MOST_ITERATIONS = 1000;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE|DIR",
            description = "tests, or folders: all files in them whose names end in .litmus or .litmus.txt")
    private List<Path> files;

    @Option(names = "--memory", paramLabel = "MODEL",
            description = "the memory model: sc, java, or tso, the store buffers of x86 (java)")
    private MemoryModel memory = SearchOptions.DEFAULT.model();

    @Option(names = "--append-only",
            description = "a write is always newer than all earlier ones of its location; fewer executions")
    private boolean appendOnly;

    @Option(names = "--unroll", paramLabel = "N", description = "the number of iterations of a loop, at most (3)")
    private int unroll = SearchOptions.DEFAULT.iterations();

    @Option(names = "--states", paramLabel = "N",
            description = "the number of states after which a test is given up (2000000)")
    private int states = SearchOptions.DEFAULT.states();

    @Option(names = "--witness", description = "show an execution that satisfies the condition")
    private boolean witness;

    @Option(names = "--json", description = "print the results as JSON")
    private boolean json;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the results in JUnit's XML format")
    private Path junitXml;

    /** What is printed of a test as JSON. */
    private record Row(String test, String file, String dialect, String memory, String kind, List<String> states,
            boolean holds, long positive, long negative, String condition, String observation, String expected,
            boolean passed, boolean complete, long deadlocks, List<LitmusResult.WitnessStep> witness, String error) {
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<JUnitXml.Case> cases = new ArrayList<>();
    private boolean failed;
    private boolean refused;

    @Override
    public Integer call() {
        if (unroll < 1 || unroll > MOST_ITERATIONS) {
            throw usage("--unroll must be between 1 and " + MOST_ITERATIONS + ", got " + unroll, null);
        }
        if (states < 1) {
            throw usage("--states must be at least 1, got " + states, null);
        }
        if (junitXml != null) {
            try {
                OutputFiles.check(junitXml);
            } catch (IOException e) {
                throw usage("--junit-xml: can't write " + OutputFiles.what(e), e);
            }
        }
        Main main = Main.of(spec);
        List<Path> all = expand();
        try (ProgressLine line = new ProgressLine(main.screen(), "litmus", true)) {
            int done = 0;
            for (Path file : all) {
                for (LitmusParser.Named test : LitmusParser.parseAll(read(file))) {
                    if (main.stop().made()) {
                        break;
                    }
                    if (line.due()) {
                        line.draw(done, all.size(), " files", test.name());
                    }
                    make(file, test);
                }
                done++;
            }
        }
        if (json) {
            spec.commandLine().getOut().print(Json.of(rows));
        }
        if (junitXml != null) {
            try {
                JUnitXml.write("smp4j litmus", cases, junitXml);
            } catch (IOException e) {
                main.screen().remark("smp4j litmus: --junit-xml could not be written: " + OutputFiles.what(e));
            }
        }
        return failed ? Main.FAILED : refused ? Main.USAGE : Main.OK;
    }

    private ParameterException usage(String message, Throwable cause) {
        return new ParameterException(spec.commandLine(), message, cause);
    }

    private List<Path> expand() {
        List<Path> all = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isDirectory(file)) {
                all.add(file);
                continue;
            }
            try (Stream<Path> below = Files.walk(file)) {
                List<Path> found = below.filter(Files::isRegularFile)
                        .filter(path -> path.toString().endsWith(".litmus") || path.toString().endsWith(".litmus.txt"))
                        .sorted().toList();
                if (found.isEmpty()) {
                    throw usage(file + ": no file in it has a name that ends in .litmus or .litmus.txt", null);
                }
                all.addAll(found);
            } catch (IOException e) {
                throw usage("can't read " + OutputFiles.what(e), e);
            }
        }
        return all;
    }

    private String read(Path file) {
        try {
            return Files.readString(file);
        } catch (MalformedInputException e) {
            throw usage(file + ": is no text in UTF-8", e);
        } catch (IOException e) {
            throw usage("can't read " + OutputFiles.what(e), e);
        }
    }

    private void make(Path file, LitmusParser.Named named) {
        long start = System.nanoTime();
        SearchOptions options = new SearchOptions(memory, !appendOnly && memory == MemoryModel.JAVA, unroll, states);
        if (named.refusal() != null) {
            refuse(file, named.name(), file + ":" + named.refusal().getMessage(), seconds(start));
            return;
        }
        LitmusResult result;
        try {
            result = LitmusSearch.search(named.test(), options, Main.of(spec).stop()::made);
        } catch (LitmusException e) {
            refuse(file, named.name(), file + ":" + e.getMessage(), seconds(start));
            return;
        } catch (LitmusSearch.Unfinished e) {
            refuse(file, named.name(), file + ": " + named.name() + ": " + e.getMessage(), seconds(start));
            return;
        }
        String text = ResultText.of(named.name(), result, witness);
        failed |= !result.passed();
        cases.add(new JUnitXml.Case(file.toString(), named.name(), seconds(start), result.passed() ? null
                : result.observation(), "observed " + result.observation(), text));
        rows.add(row(file, named.name(), result));
        if (!json) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(text);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void refuse(Path file, String name, String message, double seconds) {
        refused = true;
        Main.of(spec).screen().remark("smp4j litmus: " + message);
        cases.add(new JUnitXml.Case(file.toString(), name, seconds, "refused", message, message));
        rows.add(new Row(name, file.toString(), null, null, null, List.of(), false, 0, 0, null, null, null, false,
                false, 0, List.of(), message));
    }

    private Row row(Path file, String name, LitmusResult result) {
        return new Row(name, file.toString(), result.test().dialect().toString(), memory.toString(),
                result.test().condition().quantifier().kind(), result.states(), result.holds(), result.positive(),
                result.negative(), result.test().condition().toString(), result.observation(),
                result.test().expected(), result.passed(), result.cut() == 0, result.blocked(), result.witness(), null);
    }
}
