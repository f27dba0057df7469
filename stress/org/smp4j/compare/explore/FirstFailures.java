package org.smp4j.compare.explore;

import java.util.List;
import java.util.Locale;
import org.jetbrains.lincheck.Lincheck;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.classic.Data;
import org.smp4j.explore.classic.Order;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;

/**
 * How many schedules the explorer makes, and Lincheck's model checker, up to the first that fails, and how long that
 * takes, on the project's own small programs with a race. Classes are loaded and rewritten anew for each of the
 * explorer's searches; its runs before the first schedule are counted in.
 */
public final class FirstFailures {
    private static final List<Class<? extends Runnable>> PROGRAMS = List.of(Data.LostUpdate.class,
            Data.DoubleChecked.class, Data.TreiberStack.class, Data.TornPair.class, Data.CheckThenAct.class,
            Data.Seqlock.class, Order.LostWakeUp.class, Order.LockOrder.class, Order.MissedSignal.class,
            Order.Philosophers.class, Order.Peterson.class, Order.BoundedBuffer.class);
    private static final List<String> STRATEGIES = List.of("portfolio", "pos", "random");
    private static final int SEEDS = 3;
    private static final int MOST = 10_000;

    private FirstFailures() {
    }

    private static String explorer(Class<?> program, String strategy) {
        long runs = 0;
        int found = 0;
        long start = System.nanoTime();
        for (int seed = 1; seed <= SEEDS; seed++) {
            Report report = Explorer.probe(new LoadedProgram(program.getName(), RewriteOptions.defaults(),
                    FirstFailures.class.getClassLoader()), ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(seed)
                    .withSchedules(MOST), Explorer.Progress.NONE);
            runs += report.surveyed() + report.failedSchedule();
            found += report.passed() ? 0 : 1;
        }
        return cell(found, SEEDS, runs / (double) SEEDS, (System.nanoTime() - start) / 1e9 / SEEDS);
    }

    /** Lincheck draws its schedules from a fixed seed: one search is all there is. */
    private static String lincheck(Class<? extends Runnable> program) {
        int[] runs = {0, 0}; // all, and those up to the first that throws
        long start = System.nanoTime();
        boolean found = false;
        try {
            Lincheck.runConcurrentTest(MOST, () -> {
                runs[0]++;
                try {
                    program.getDeclaredConstructor().newInstance().run();
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                } catch (Throwable e) {
                    runs[1] = runs[1] == 0 ? runs[0] : runs[1];
                    throw e;
                }
            });
        } catch (Throwable e) { // its report of the failure, a deadlock among them
            found = true;
        }
        return cell(found ? 1 : 0, 1, runs[1] > 0 ? runs[1] : runs[0], (System.nanoTime() - start) / 1e9);
    }

    private static String cell(int found, int of, double runs, double seconds) {
        return String.format(Locale.ROOT, "%d of %d %8.1f %6.2f s", found, of, runs, seconds);
    }

    /**
     * Prints the table.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        System.out.printf("%-16s", "found, schedules");
        STRATEGIES.forEach(strategy -> System.out.printf("  %-24s", strategy));
        System.out.printf("  Lincheck%n");
        StringBuilder rows = new StringBuilder();
        for (Class<? extends Runnable> program : PROGRAMS) {
            rows.setLength(0);
            rows.append("%-16s".formatted(program.getSimpleName()));
            STRATEGIES.forEach(strategy -> rows.append("  %-24s".formatted(explorer(program, strategy))));
            System.out.println(rows.append("  ").append(lincheck(program)));
        }
    }
}
