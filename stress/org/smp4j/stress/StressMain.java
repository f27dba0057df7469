package org.smp4j.stress;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs jcstress and fails where jcstress alone ends with exit code 0 although it proved nothing: no test matched, a
 * test was never scheduled (more actors than CPUs), a fork died, or {@link HarnessControlStress} saw no reordering.
 * That control joins every run. Takes jcstress's own arguments; uses harness classes of the version in the pom.
 */
public final class StressMain {
    private static final String CONTROL = HarnessControlStress.class.getName() + ".PlainFlagsCanBothBeMissed";
    private static final String CONTROL_SAW = "0, 0";

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
        new JCStress(options).run();

        List<String> problems = problems(wanted, results(options));
        problems.forEach(problem -> System.err.println("StressMain: " + problem));
        return problems.isEmpty() ? 0 : 1;
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
        return collector.getTestResults();
    }

    private static List<String> problems(Collection<String> wanted, Collection<TestResult> results) {
        List<String> problems = new ArrayList<>();
        SortedSet<String> sampled = new TreeSet<>();
        long controlSaw = 0;
        for (TestResult result : results) {
            if (result.status() != Status.NORMAL) {
                problems.add(result.getName() + " ended with " + result.status() + ": " + result.getConfig());
            } else if (!result.grading().isPassed) {
                problems.add(result.getName() + " failed: " + result.grading().failureMessages);
            } else if (result.getTotalCount() > 0) {
                sampled.add(result.getName());
            }
            if (result.getName().equals(CONTROL)) {
                controlSaw += result.getCount(CONTROL_SAW);
            }
        }
        for (String name : wanted) {
            if (!sampled.contains(name)) {
                problems.add(name + " has no samples: not one of its configurations ran (more actors than CPUs?)");
            }
        }
        if (controlSaw == 0) {
            problems.add("the control saw no reordering, so this run proves nothing (-m sanity is too short for it)");
        }
        return problems;
    }
}
