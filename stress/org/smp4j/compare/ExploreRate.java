package org.smp4j.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.rewrite.LoadedProgram;
import org.smp4j.explore.rewrite.RewriteOptions;

/**
 * How many schedules a second the explorer makes on one core, and on two in two processes; beside Lincheck's model checker on the same stack, in the same run.
 * Times of a busy machine mean nothing: each rate is the best of several rounds.
 */
public final class ExploreRate {
    private static final long ROUND_NANOS = 2_000_000_000L;
    private static final int ROUNDS = 8;
    private static final int INVOCATIONS = 3000;
    private static final int PAIRS = 5;

    private ExploreRate() {
    }

    /** Lincheck's view of the stack. */
    public static final class Checked {
        private final TreiberStack stack = new TreiberStack();

        /** A fresh one. */
        public Checked() {
        }

        /**
         * Pushes.
         *
         * @param value what
         */
        @Operation
        public void push(int value) {
            stack.push(value);
        }

        /** {@return what was popped} */
        @Operation
        public int pop() {
            return stack.pop();
        }
    }

    private record Rate(double schedules, double steps) {
    }

    private static Rate rate(Class<?> scenario, String strategy) {
        LoadedProgram program = new LoadedProgram(scenario.getName(), RewriteOptions.defaults(), ExploreRate.class.getClassLoader());
        Rate best = new Rate(0, 0);
        for (int round = 0; round < ROUNDS; round++) {
            long[] mark = {0, 0, 0};
            ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(Long.MAX_VALUE / 2).withSeed(round + 1).withBudget(ROUND_NANOS);
            Report report = Explorer.explore(program, options, (schedules, distinct, steps) -> {
                if (mark[0] == 0) {
                    mark[0] = System.nanoTime();
                    mark[1] = schedules;
                }
                mark[2] = System.nanoTime();
                return true;
            });
            if (!report.passed()) {
                throw new IllegalStateException(report.text());
            }
            double seconds = (mark[2] - mark[0]) / 1e9;
            double rate = (report.schedules() - mark[1]) / seconds;
            best = rate > best.schedules ? new Rate(rate, (double) report.steps() / report.schedules()) : best;
        }
        return best;
    }

    /** Lincheck's executions a second: the same number of operations, made often enough that its start does not count. */
    private static double lincheck() {
        double best = 0;
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            new ModelCheckingOptions().iterations(4).invocationsPerIteration(INVOCATIONS).threads(2).actorsPerThread(3).actorsBefore(0).actorsAfter(0)
                    .check(Checked.class);
            best = Math.max(best, 4.0 * INVOCATIONS / ((System.nanoTime() - start) / 1e9));
        }
        return best;
    }

    /** The rates of so many processes that run at the same time; each is the JVM of one exploration, as the tool's is. */
    private static List<Rate> processes(int count, Class<?> scenario, String strategy) throws IOException, InterruptedException {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> command = new ArrayList<>();
            command.add(System.getProperty("java.home") + "/bin/java");
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), ExploreRate.class.getName(), scenario.getName(), strategy));
            all.add(new ProcessBuilder(command).redirectErrorStream(true).start());
        }
        List<Rate> rates = new ArrayList<>();
        for (Process process : all) {
            String out = new String(process.getInputStream().readAllBytes());
            process.waitFor();
            String[] words = out.lines().filter(line -> line.startsWith("rate ")).findFirst().orElseThrow(() -> new IllegalStateException(out)).split(" ");
            rates.add(new Rate(Double.parseDouble(words[1]), Double.parseDouble(words[2])));
        }
        return rates;
    }

    private static double together(int count) throws IOException, InterruptedException {
        return processes(count, BareSeed.Rated.class, "pct3").stream().mapToDouble(Rate::schedules).sum();
    }

    /**
     * Prints the table.
     *
     * @param args nothing; a scenario's class and a strategy for one rate, which is what this class starts itself with
     * @throws Exception if a process can't be had
     */
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            Rate rate = rate(Class.forName(args[0]), args[1]);
            System.out.println("rate " + rate.schedules + " " + rate.steps);
            return;
        }
        line("the claim on bare state, 3 CPUs, random walk", BareSeed.Rated.class, "random");
        line("the claim on bare state, 3 CPUs, PCT", BareSeed.Rated.class, "pct3");
        line("the claim on bare state, 3 CPUs, portfolio", BareSeed.Rated.class, "portfolio");
        double stack = line("Treiber's stack, 2 threads x 3 operations, random walk", TreiberStack.Explored.class, "random");
        double peer = lincheck();
        System.out.printf(Locale.ROOT, "%-62s %12.0f schedules/s%n", "Treiber's stack, 2 threads x 3 operations, Lincheck", peer);
        System.out.printf(Locale.ROOT, "%-62s %12.1f%n", "ratio to Lincheck", stack / peer);
        double[] ratios = new double[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            double one = together(1);
            ratios[pair] = together(2) / one;
        }
        Arrays.sort(ratios);
        System.out.printf(Locale.ROOT, "%-62s %12.2f (%.2f to %.2f)%n", "two processes to one, the median of " + PAIRS, ratios[PAIRS / 2], ratios[0], ratios[PAIRS - 1]);
    }

    private static double line(String what, Class<?> scenario, String strategy) throws IOException, InterruptedException {
        Rate rate = processes(1, scenario, strategy).getFirst();
        System.out.printf(Locale.ROOT, "%-62s %12.0f schedules/s, %.1f steps each%n", what, rate.schedules, rate.steps);
        return rate.schedules;
    }
}
