package org.smp4j.compare.explore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jetbrains.lincheck.Lincheck;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.classic.Data;
import org.smp4j.explore.classic.Order;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.peers.Mains;

/**
 * How many schedules the explorer makes, and Lincheck's model checker, up to the first that fails, and how long that
 * takes, on the project's own small programs with a race. Classes are loaded and rewritten anew for each of the
 * explorer's searches; its runs before the first schedule are counted in.
 */
public final class FirstFailures {
    private static final List<Class<? extends Runnable>> PROGRAMS = List.of(Data.LostUpdate.class,
            Data.TreiberStack.class, Data.CheckThenAct.class, Order.LostWakeUp.class, Order.LockOrder.class,
            Order.Philosophers.class, Data.DoubleChecked.class, Data.TornPair.class, Data.Seqlock.class,
            Order.MissedSignal.class, Order.Peterson.class, Order.BoundedBuffer.class);
    // How many of these fail on their first thread or by a deadlock: what another one throws Lincheck does not report.
    private static final int REPORTED = 6;
    private static final List<String> STRATEGIES = List.of("portfolio", "pos", "random");
    private static final List<String> OTHERS = List.of("portfolio", "random", "pct", "pos", "surw");
    private static final int SEEDS = 3;
    private static final int MOST = 10_000;

    private FirstFailures() {
    }

    private static LoadedProgram load(Class<?> program) {
        return new LoadedProgram(program.getName(), RewriteOptions.defaults(), FirstFailures.class.getClassLoader());
    }

    private static String explorer(Supplier<LoadedProgram> program, String strategy, int seeds) {
        long runs = 0;
        int found = 0;
        long start = System.nanoTime();
        for (int seed = 1; seed <= seeds; seed++) {
            Report report = Explorer.probe(program.get(), ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(seed)
                    .withSchedules(MOST), Explorer.Progress.NONE);
            runs += report.surveyed() + (report.passed() ? report.schedules() : report.failedSchedule());
            found += report.passed() ? 0 : 1;
        }
        return cell(found, seeds, runs / (double) seeds, (System.nanoTime() - start) / 1e9 / seeds);
    }

    /** Runs a program. What is made by reflection, or called through a functional interface, Lincheck does not see. */
    private static void run(int program) {
        switch (program) {
            case 0 -> new Data.LostUpdate().run();
            case 1 -> new Data.TreiberStack().run();
            case 2 -> new Data.CheckThenAct().run();
            case 3 -> new Order.LostWakeUp().run();
            case 4 -> new Order.LockOrder().run();
            case 5 -> new Order.Philosophers().run();
            default -> throw new IllegalArgumentException("program " + program);
        }
    }

    /**
     * Lincheck draws its schedules from a fixed seed: one search is all there is. It restores objects before each
     * schedule, so the counts stand outside of the heap.
     */
    private static String lincheck(int program) {
        IntBuffer runs = ByteBuffer.allocateDirect(2 * Integer.BYTES).asIntBuffer(); // all; up to the first that throws
        long start = System.nanoTime();
        boolean found = false;
        try {
            Lincheck.runConcurrentTest(MOST, () -> {
                runs.put(0, runs.get(0) + 1);
                try {
                    run(program);
                } catch (Throwable e) {
                    runs.put(1, runs.get(1) == 0 ? runs.get(0) : runs.get(1));
                    throw e;
                }
            });
        } catch (Throwable e) { // its report of the failure, a deadlock among them
            found = true;
        }
        return cell(found ? 1 : 0, 1, runs.get(1) > 0 ? runs.get(1) : runs.get(0), (System.nanoTime() - start) / 1e9);
    }

    static String cell(int found, int of, double runs, double seconds) {
        return String.format(Locale.ROOT, "%d of %d %8.1f %6.2f s", found, of, runs, seconds);
    }

    /** Of the programs below a folder, which have a {@code main}; with other seeds than the usual without Lincheck. */
    private static void others(Path folder, int seeds) throws IOException {
        Mains programs = Mains.compiled(folder, Files.createTempDirectory("peers"));
        System.out.printf("%-20s", "found, schedules");
        OTHERS.forEach(strategy -> System.out.printf("  %-24s", strategy));
        System.out.println(seeds == SEEDS ? "  Lincheck" : "");
        for (String type : programs.types()) {
            StringBuilder row = new StringBuilder("%-20s".formatted(Mains.simple(type)));
            OTHERS.forEach(strategy ->
                    row.append("  %-24s".formatted(explorer(() -> programs.load(type), strategy, seeds))));
            if (seeds == SEEDS) {
                row.append("  ").append(LincheckProcess.search(programs, type, MOST));
            }
            System.out.println(row);
        }
    }

    /**
     * Prints the table.
     *
     * @param args nothing; or a folder with the sources of other programs, for a table of these, and a number of seeds
     * @throws IOException if a source can't be read
     */
    public static void main(String[] args) throws IOException {
        if (args.length > 0) {
            others(Path.of(args[0]), args.length == 1 ? SEEDS : Integer.parseInt(args[1]));
            return;
        }
        System.out.printf("%-16s", "found, schedules");
        STRATEGIES.forEach(strategy -> System.out.printf("  %-24s", strategy));
        System.out.printf("  Lincheck%n");
        StringBuilder rows = new StringBuilder();
        for (int program = 0; program < PROGRAMS.size(); program++) {
            Class<?> type = PROGRAMS.get(program);
            rows.setLength(0);
            rows.append("%-16s".formatted(type.getSimpleName()));
            STRATEGIES.forEach(strategy ->
                    rows.append("  %-24s".formatted(explorer(() -> load(type), strategy, SEEDS))));
            System.out.println(rows.append("  ").append(program < REPORTED ? lincheck(program) : "-"));
        }
    }
}
