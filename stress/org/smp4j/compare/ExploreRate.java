package org.smp4j.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.smp4j.compare.explore.Calls;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.protocol.SeedRace;
import org.smp4j.explore.run.Program;
import org.smp4j.linear.LinearOptions;
import org.smp4j.linear.LinearReport;
import org.smp4j.linear.check.Linearizability;
import org.smp4j.scenario.Programs;

/**
 * How many schedules a second the explorer makes on one core, and on two in two processes; beside Lincheck's model
 * checker on the same stack, in the same run. And how soon it finds the seed's race. A busy machine's times mean
 * little, and what the JIT compiler makes of the same code differs from JVM to JVM: each rate is the best of several
 * rounds of one, and the table has the median of several.
 */
public final class ExploreRate {
    private static final String OPERATIONS = "operations";
    private static final String STACK = "stack";
    private static final String CALLS = "calls";
    private static final String MEMORY = "memory";
    private static final long ROUND_NANOS = 2_000_000_000L;
    private static final int ROUNDS = 6;
    private static final int JVMS = 3;
    private static final int INVOCATIONS = 3000;
    private static final int PROGRAMS = 40;
    private static final int PAIRS = 5;
    private static final int SEEDS = 100;

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

    private static Rate rate(Class<?> scenario, String strategy, MemoryModel memory) {
        LoadedProgram program =
                new LoadedProgram(scenario.getName(), RewriteOptions.defaults(), ExploreRate.class.getClassLoader());
        Rate best = new Rate(0, 0);
        for (int round = 0; round < ROUNDS; round++) {
            long[] mark = {0, 0, 0};
            ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(strategy).withMemory(memory)
                    .withSchedules(Long.MAX_VALUE / 2).withSeed(round + 1).withBudget(ROUND_NANOS);
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

    /**
     * How long it takes, from seeds one after the other, until a call to a CPU that goes is lost on a booted machine;
     * its classes are loaded and rewritten anew for each.
     */
    private static void seedsRace() {
        double[] seconds = new double[SEEDS];
        for (int i = 0; i < SEEDS; i++) {
            long start = System.nanoTime();
            long[] found = {0};
            Program program = new LoadedProgram(SeedRace.class.getName(),
                    Programs.options().withWeaves(SeedRace.Edits.STRETCH, SeedRace.Edits.PREEMPTIBLE),
                    ExploreRate.class.getClassLoader());
            Report report =
                    Explorer.explore(program, ExploreOptions.DEFAULT.withSeed(i + 1)
                    .withShrink(false), new Explorer.Progress() {
                @Override
                public boolean at(long schedules, long distinct, long steps) {
                    return true;
                }

                @Override
                public void explored(long[] distinct) {
                    found[0] = System.nanoTime();
                }
            });
            if (report.passed()) {
                throw new IllegalStateException("seed " + (i + 1) + " does not find it");
            }
            seconds[i] = (found[0] - start) / 1e9;
        }
        double first = seconds[0];
        Arrays.sort(seconds);
        long soon = Arrays.stream(seconds).filter(each -> each < 1).count();
        System.out.printf(Locale.ROOT, "%-62s %12d of %d; median %.2f s, the first of the JVM %.2f s%n",
                "the seed's race, 3 CPUs, found within a second", soon, SEEDS, seconds[SEEDS / 2], first);
    }

    /**
     * Schedules a second of drawn programs, two threads with three operations each, with the check that each outcome is
     * one of a sequential run; all that the check does beside the schedules takes its time from them.
     */
    private static Rate operations(String strategy) {
        Linearizability.Target target =
                new Linearizability.Target("stack", TreiberStack.Operations.class.getName(), null, null,
                Programs.unwatched(), ExploreRate.class.getClassLoader());
        Rate best = new Rate(0, 0);
        for (int round = 0; round < ROUNDS; round++) {
            LinearOptions options = LinearOptions.DEFAULT.withSize(2, 3, 0, 0).withPrograms(PROGRAMS)
                    .withExplore(ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(round + 1)
                            .withSchedules(INVOCATIONS));
            long start = System.nanoTime();
            LinearReport report = Linearizability.check(target, options, Explorer.Progress.NONE);
            double rate = report.schedules() / ((System.nanoTime() - start) / 1e9);
            if (!report.passed()) {
                throw new IllegalStateException(report.text());
            }
            best = rate > best.schedules ? new Rate(rate, (double) report.steps() / report.schedules()) : best;
        }
        return best;
    }

    /**
     * Lincheck's executions a second: the same number of operations, made often enough that its start does not count.
     */
    private static double lincheck() {
        double best = 0;
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            new ModelCheckingOptions().iterations(4).invocationsPerIteration(INVOCATIONS).threads(2).actorsPerThread(3)
                    .actorsBefore(0).actorsAfter(0)
                    .check(Checked.class);
            best = Math.max(best, 4.0 * INVOCATIONS / ((System.nanoTime() - start) / 1e9));
        }
        return best;
    }

    /** The rates of so many processes that run at the same time; each explores one thing, as the tool's does. */
    private static List<Rate> processes(int count, String... args) throws IOException, InterruptedException {
        List<Process> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> command = new ArrayList<>();
            command.add(System.getProperty("java.home") + "/bin/java");
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), ExploreRate.class.getName()));
            command.addAll(List.of(args));
            all.add(new ProcessBuilder(command).redirectErrorStream(true).start());
        }
        List<Rate> rates = new ArrayList<>();
        for (Process process : all) {
            String out = new String(process.getInputStream().readAllBytes());
            process.waitFor();
            String[] words = out.lines().filter(line -> line.startsWith("rate ")).findFirst()
                    .orElseThrow(() -> new IllegalStateException(out)).split(" ");
            rates.add(new Rate(Double.parseDouble(words[1]), Double.parseDouble(words[2])));
        }
        return rates;
    }

    /** What two processes make together, to what one makes. */
    private static void twoToOne(String what, String... args) throws IOException, InterruptedException {
        double[] ratios = new double[PAIRS];
        for (int pair = 0; pair < PAIRS; pair++) {
            double one = together(1, args);
            ratios[pair] = together(2, args) / one;
        }
        Arrays.sort(ratios);
        System.out.printf(Locale.ROOT, "%-62s %12.2f [%.2f %.2f]%n", what + ", two processes to one", ratios[PAIRS / 2],
                ratios[0], ratios[PAIRS - 1]);
    }

    private static double together(int count, String... args) throws IOException, InterruptedException {
        return processes(count, args).stream().mapToDouble(Rate::schedules).sum();
    }

    /** What a core makes that needs no memory: two cores of a machine that is shared are not always two. */
    private static Rate spins() {
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long spins = 0;
            long random = 1;
            while (System.nanoTime() - start < ROUND_NANOS / 2) {
                for (int i = 0; i < 1000; i++) {
                    random ^= random << 13;
                    random ^= random >>> 7;
                    random ^= random << 17;
                }
                spins += random == 0 ? 0 : 1;
            }
            best = Math.max(best, spins / ((System.nanoTime() - start) / 1e9));
        }
        return new Rate(best, 1);
    }

    /**
     * Prints the table.
     *
     * @param args nothing; {@code stack} for the rows beside Lincheck alone; {@code calls} for those of calls of the
     *         JDK; {@code memory} for those of the memory model {@code java} beside {@code sc}; a scenario's class,
     *         strategy and memory model, {@code operations} and a strategy, or {@code spin}, for one rate: this class
     *         starts itself so
     * @throws Exception if a process can't be had
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals(STACK)) {
            stack();
            return;
        }
        if (args.length == 1 && args[0].equals(CALLS)) {
            calls();
            return;
        }
        if (args.length == 1 && args[0].equals(MEMORY)) {
            memory();
            return;
        }
        if (args.length > 0) {
            Rate rate = args.length == 1 ? spins() : args[0].equals(OPERATIONS) ? operations(args[1])
                    : rate(Class.forName(args[0]), args[1],
                    args.length == 2 ? MemoryModel.SC : MemoryModel.valueOf(args[2]));
            System.out.println("rate " + rate.schedules + " " + rate.steps);
            return;
        }
        seedsRace();
        line("the claim on bare state, 3 CPUs, random walk", BareSeed.Rated.class, "random");
        line("the claim on bare state, 3 CPUs, PCT", BareSeed.Rated.class, "pct3");
        line("the claim on bare state, 3 CPUs, portfolio", BareSeed.Rated.class, "portfolio");
        calls();
        stack();
        twoToOne("a loop that needs no memory", "spin");
        twoToOne("the claim on bare state, PCT", BareSeed.Rated.class.getName(), "pct3");
    }

    private static void memory() throws IOException, InterruptedException {
        besideSequential("the claim on bare state, 3 CPUs, random walk", BareSeed.Rated.class);
        besideSequential("Treiber's stack, 2 threads x 3 operations, random walk", TreiberStack.Explored.class);
    }

    private static void besideSequential(String what, Class<?> scenario) throws IOException, InterruptedException {
        Rate newest = line(what, scenario, "random");
        Rate older = line("the same under java", scenario.getName(), "random", MemoryModel.JAVA.name());
        System.out.printf(Locale.ROOT, "%-62s %12.2f%n", "ratio", older.schedules / newest.schedules);
    }

    private static void calls() throws IOException, InterruptedException {
        line("ReentrantLock, 3 threads x 3, random walk", Calls.Locks.class, "random");
        line("ConcurrentHashMap.merge, 2 threads x 3, random walk", Calls.Merges.class, "random");
        line("a pool of 2 threads with 2 tasks, random walk", Calls.Pool.class, "random");
    }

    private static void stack() throws IOException, InterruptedException {
        Rate stack =
                line("Treiber's stack, 2 threads x 3 operations, random walk", TreiberStack.Explored.class, "random");
        Rate drawn = line("drawn programs, linearizability checked, random walk", OPERATIONS, "random");
        Rate portfolio = line("drawn programs, linearizability checked, portfolio", OPERATIONS, "portfolio");
        double peer = lincheck();
        System.out.printf(Locale.ROOT, "%-62s %12.0f schedules/s%n",
                "Treiber's stack, 2 threads x 3 operations, Lincheck", peer);
        System.out.printf(Locale.ROOT, "%-62s %12.1f%n", "ratio to Lincheck", stack.schedules / peer);
        System.out.printf(Locale.ROOT, "%-62s %12.1f%n", "ratio to Lincheck, linearizability checked, random walk",
                drawn.schedules / peer);
        System.out.printf(Locale.ROOT, "%-62s %12.1f%n", "ratio to Lincheck, linearizability checked, portfolio",
                portfolio.schedules / peer);
    }

    private static Rate line(String what, Class<?> scenario, String strategy) throws IOException, InterruptedException {
        return line(what, scenario.getName(), strategy);
    }

    private static Rate line(String what, String... args) throws IOException, InterruptedException {
        List<Rate> rates = new ArrayList<>();
        for (int jvm = 0; jvm < JVMS; jvm++) {
            rates.addAll(processes(1, args));
        }
        rates.sort(Comparator.comparingDouble(Rate::schedules));
        Rate median = rates.get(JVMS / 2);
        System.out.printf(Locale.ROOT, "%-62s %12.0f schedules/s [%.0f %.0f], %.1f steps each%n", what,
                median.schedules, rates.getFirst().schedules, rates.getLast().schedules, median.steps);
        return median;
    }
}
