package org.smp4j.stress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs jcstress and fails where jcstress alone ends with exit code 0 although it proved nothing: no test matched, a
 * test was never scheduled (more actors than CPUs), a fork died, the JDK is another one, or
 * {@link HarnessControlStress} saw no reordering. That control joins every run. Takes jcstress's own arguments; uses
 * harness classes of the version in the pom. Writes {@value #XML} and {@value #JSON} to the working directory.
 */
public final class StressMain {
    static final String CONTROL = HarnessControlStress.class.getName() + ".PlainFlagsCanBothBeMissed";
    static final String CONTROL_SAW = "0, 0";
    private static final int CONTROL_TRIES = 3; // a host that is busy with something else may need a second look
    private static final int JDK = 25;
    private static final String XML = "TEST-jcstress.xml";
    private static final String JSON = "jcstress.json";

    private StressMain() {
    }

    public static void main(String[] args) {
        int exit = 1;
        try {
            exit = run(args);
        } catch (Throwable thrown) {
            thrown.printStackTrace();
        }
        System.exit(exit);
    }

    private static int run(String[] args) throws Exception {
        Options asked = new Options(args);
        if (!asked.parse()) {
            return 2;
        }
        int jdk = Runtime.version().feature();
        if (jdk != JDK) {
            System.err.println("StressMain: runs on JDK " + jdk + ", and so would the forks; " + JDK
                    + " was asked for");
            return 1;
        }
        SortedSet<String> wanted = new JCStress(asked).getTests();
        if (asked.shouldList()) {
            wanted.forEach(System.out::println);
            return 0;
        }
        if (wanted.isEmpty()) {
            System.err.println("StressMain: no test matches " + asked.getTestFilter());
            return 1;
        }
        Options options = new Options(withControl(args));
        if (!options.parse()) {
            return 2;
        }
        wanted.add(CONTROL);
        run(options);
        if (Files.notExists(Path.of(options.getResultFile()))) {
            System.err.printf("StressMain: nothing ran: a test needs a core for each actor, 2 at least, and there %s "
                    + "%d here%n", options.getCPUCount() == 1 ? "is" : "are", options.getCPUCount());
            return 2;
        }

        Collection<TestResult> results = results(options);
        StressReport report = StressReport.of(results, wanted);
        for (int again = 0; again < CONTROL_TRIES && report.count(CONTROL, CONTROL_SAW) == 0; again++) {
            Options control =
                    new Options(new String[] {"-t", CONTROL, "-sc", "false", "-f", "1", "-iters", "5", "-time",
                    "1000"});
            control.parse();
            run(control);
            results.addAll(results(control));
            report = StressReport.of(results, wanted);
        }
        write(report);
        System.out.print(report.summary());
        List<String> problems = problems(report);
        problems.forEach(problem -> System.err.println("StressMain: " + problem));
        return problems.isEmpty() ? 0 : 1;
    }

    /** Runs what is asked for; that a test failed stands in the results, and is told from there. */
    private static void run(Options options) throws Exception {
        try (ForkWatch _ = new ForkWatch(options)) {
            new JCStress(options).run();
        } catch (AssertionError failures) {
            System.err.println("StressMain: " + failures.getMessage().strip());
        }
    }

    /** Widens the test filter, if there is one, to the control. */
    private static String[] withControl(String[] args) {
        String[] widened = args.clone();
        for (int i = 0; i + 1 < widened.length; i++) {
            if (widened[i].equals("-t")) {
                widened[i + 1] = "(?:" + widened[i + 1] + ")|" + HarnessControlStress.class.getSimpleName();
            }
        }
        return widened;
    }

    private static Collection<TestResult> results(Options options) throws Exception {
        InProcessCollector collector = new InProcessCollector();
        DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), collector);
        reader.dump();
        reader.close();
        return new ArrayList<>(collector.getTestResults());
    }

    private static void write(StressReport report) throws IOException {
        Files.writeString(Path.of(XML), report.junitXml());
        Files.writeString(Path.of(JSON), report.json());
    }

    /** What makes a run fail; empty if it has passed and means something. */
    static List<String> problems(StressReport report) {
        List<String> problems = new ArrayList<>();
        report.failed().forEach(test -> problems.add(test.name() + " " + String.join("; ", test.problems())));
        if (report.count(CONTROL, CONTROL_SAW) == 0) {
            problems.add("the control saw no reordering, so this run proves nothing (-m sanity is too short for it)");
        }
        return problems;
    }
}
