package org.smp4j.cli.litmus;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.smp4j.cli.output.JUnitXml;
import org.smp4j.cli.output.Json;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.ExitCode;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.session.Version;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.ResultText;
import org.smp4j.litmus.WitnessToken;
import org.smp4j.litmus.jcstress.JcstressSource;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.run.FreeRun;
import org.smp4j.litmus.run.Histogram;
import org.smp4j.litmus.run.HistogramText;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;
import org.smp4j.litmus.search.Witness;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code smp4j litmus}. */
@Command(name = "litmus", mixinStandardHelpOptions = true, versionProvider = Version.class,
        usageHelpAutoWidth = true, sortOptions = false,
        description = {"Makes all executions of litmus tests under a memory model, and prints what herd prints.",
            "Reads the C of the Linux kernel's memory model, C11 atomics, and Java threads with VarHandle operations. "
            + "Exits with 1 if a test's claim does not hold (~exists, forall), its comment expects another result, or "
            + "real threads (--run) show a state that the model forbids, "
            + "and else with 2 if a test can't be read or was not completed.%n"})
public final class LitmusCommand implements Callable<Integer> {
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

    @Option(names = "--incoherent-reads",
            description = "a plain read may return an older value than an earlier one; with --memory java")
    private boolean incoherent;

    @Option(names = "--unroll", paramLabel = "N", description = "the number of iterations of a loop, at most (3)")
    private int unroll = SearchOptions.DEFAULT.iterations();

    @Option(names = "--states", paramLabel = "N",
            description = "the number of states after which a test is given up (2000000)")
    private int states = SearchOptions.DEFAULT.states();

    @Option(names = "--witness", description = "show an execution that satisfies the condition, and its token")
    private boolean witness;

    @Option(names = "--replay", paramLabel = "TOKEN",
            description = "show the execution that a token stands for; only one of the tests may be the token's")
    private String replay;

    @Option(names = "--run", paramLabel = "N",
            description = "run each test N times on real threads, pinned to cores, and print what litmus7 prints")
    private long run;

    @Option(names = "--seed", paramLabel = "N",
            description = "for --run: decides cache lines and delays, but not what the threads do (1)")
    private long seed = 1;

    @Option(names = "--java", description = "print the test as a class for jcstress; its outcomes are those of the "
            + "model")
    private boolean java;

    @Option(names = "--json", description = "print the results as JSON")
    private boolean json;

    @Option(names = "--junit-xml", paramLabel = "FILE", description = "write the results in JUnit's XML format")
    private Path junitXml;

    /** What is printed of a test as JSON. */
    private record Row(String test, String file, String dialect, String memory, String kind, List<String> states,
            boolean holds, long positive, long negative, String condition, String observation, String expected,
            boolean passed, boolean complete, long deadlocks, List<Witness.Step> witness, String token,
            Runs runs, String error) {
    }

    /** What is printed of the runs on real threads as JSON. */
    private record Runs(long counted, long skipped, Map<String, Long> states, List<String> forbidden,
            List<String> missing) {
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<JUnitXml.Case> cases = new ArrayList<>();
    private boolean failed;
    private boolean refused;
    private WitnessToken token;
    private boolean replayed;

    @Override
    public Integer call() {
        if (unroll < 1 || unroll > MOST_ITERATIONS) {
            throw usage("--unroll must be between 1 and " + MOST_ITERATIONS + ", got " + unroll, null);
        }
        if (states < 1) {
            throw usage("--states must be at least 1, got " + states, null);
        }
        checkModes();
        if (junitXml != null) {
            try {
                OutputFiles.check(junitXml);
            } catch (IOException e) {
                throw usage("--junit-xml: can't write " + OutputFiles.what(e), e);
            }
        }
        Session session = Session.of(spec);
        List<Path> all = expand();
        try (ProgressLine line = new ProgressLine(session.screen(), "litmus", true)) {
            int done = 0;
            for (Path file : all) {
                for (LitmusParser.Named test : LitmusParser.parseAll(read(file))) {
                    if (session.stop().made()) {
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
                session.screen().remark("smp4j litmus: --junit-xml could not be written: " + OutputFiles.what(e));
            }
        }
        if (replay != null && !replayed) {
            throw usage("--replay: none of these tests is the one that the token was made for", null);
        }
        return failed ? ExitCode.FAILED : refused ? ExitCode.USAGE : ExitCode.OK;
    }

    private void checkModes() {
        if (incoherent && memory != MemoryModel.JAVA) {
            throw usage("--incoherent-reads needs --memory java, whose plain reads may go back", null);
        }
        if (run < 0 || spec.commandLine().getParseResult().hasMatchedOption("--run") && run == 0) {
            throw usage("--run must be at least 1, got " + run, null);
        }
        int modes = (run > 0 ? 1 : 0) + (java ? 1 : 0) + (replay != null ? 1 : 0);
        if (modes > 1 || modes == 1 && run == 0 && json) {
            throw usage(run > 0 ? "--run, --java and --replay exclude each other"
                    : "--java and --replay have no --json", null);
        }
        if (replay != null) {
            try {
                token = WitnessToken.parse(replay);
            } catch (IllegalArgumentException e) {
                throw usage("--replay: " + e.getMessage(), e);
            }
        }
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
        SearchOptions options = new SearchOptions(memory, !appendOnly && memory == MemoryModel.JAVA,
                incoherent, unroll, states);
        if (named.refusal() != null) {
            refuse(file, named.name(), file + ":" + named.refusal().getMessage(), seconds(start));
            return;
        }
        if (token != null) {
            again(named);
            return;
        }
        LitmusResult result;
        try {
            result = LitmusSearch.search(named.test(), options, Session.of(spec).stop()::made);
            if (java) {
                write(named.name(), result);
                return;
            }
        } catch (LitmusException e) {
            refuse(file, named.name(), file + ":" + e.getMessage(), seconds(start));
            return;
        } catch (LitmusSearch.Unfinished e) {
            refuse(file, named.name(), file + ": " + named.name() + ": " + e.getMessage(), seconds(start));
            return;
        }
        Histogram seen = run == 0 ? null
                : FreeRun.run(named.test(), run, unroll, seed, Session.of(spec).stop()::made);
        String text = seen == null ? ResultText.of(named.name(), result, witness)
                : HistogramText.of(named.name(), seen, result, seconds(start));
        boolean passed = seen == null ? result.passed() : HistogramText.passed(seen, result);
        String observation = seen == null ? result.observation() : seen.observation();
        failed |= !passed;
        cases.add(new JUnitXml.Case(file.toString(), named.name(), seconds(start), passed ? null : observation,
                "observed " + observation, text));
        rows.add(row(file, named.name(), result, seen, passed));
        if (!json) {
            spec.commandLine().getOut().println(text);
        }
    }

    private void again(LitmusParser.Named named) {
        if (token.isOf(named.test()) && !replayed) {
            Witness execution = token.replay(named.test());
            if (execution == null) {
                throw usage("--replay: " + named.name() + " has no such execution", null);
            }
            replayed = true;
            PrintWriter out = spec.commandLine().getOut();
            out.println("Test " + named.name());
            out.print(ResultText.of(execution));
            out.println(execution.state());
            out.println("Condition " + named.test().condition() + (execution.holds() ? " is satisfied here"
                    : " is not satisfied here"));
        }
    }

    private void write(String name, LitmusResult result) {
        LitmusResult sequential = LitmusSearch.search(result.test(),
                result.options().withModel(MemoryModel.SC).withInsertion(false).withIncoherent(false),
                Session.of(spec).stop()::made);
        PrintWriter out = spec.commandLine().getOut();
        out.print(JcstressSource.of(JcstressSource.className(name), result, sequential));
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void refuse(Path file, String name, String message, double seconds) {
        refused = true;
        Session.of(spec).screen().remark("smp4j litmus: " + message);
        cases.add(new JUnitXml.Case(file.toString(), name, seconds, "refused", message, message));
        rows.add(new Row(name, file.toString(), null, null, null, List.of(), false, 0, 0, null, null, null, false,
                false, 0, List.of(), null, null, message));
    }

    private Row row(Path file, String name, LitmusResult result, Histogram seen, boolean passed) {
        return new Row(name, file.toString(), result.test().dialect().toString(), memory.toString(),
                result.test().condition().quantifier().kind(), result.states(), result.holds(), result.positive(),
                result.negative(), result.test().condition().toString(), result.observation(),
                result.test().expected(), passed, result.cut() == 0, result.blocked(),
                result.witness() == null ? List.of() : result.witness().steps(),
                result.witness() == null ? null : WitnessToken.of(result.witness()).toString(), runs(seen, result),
                null);
    }

    private static Runs runs(Histogram seen, LitmusResult model) {
        if (seen == null) {
            return null;
        }
        Map<String, Long> states = new TreeMap<>();
        seen.counts().forEach((state, count) -> states.put(state, count.all()));
        return new Runs(seen.runs(), seen.skipped(), states, seen.forbidden(model), seen.missing(model));
    }
}
