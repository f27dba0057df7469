package org.smp4j.fuzz.compare;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.Failure;
import org.smp4j.fuzz.FuzzOptions;
import org.smp4j.fuzz.LoadedTower;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Generator;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;

/**
 * Runs each program many times on real threads, and compares: an outcome of real threads that exploring does not show
 * is a difference. Exploring is a sample, so a program is compared only if more schedules of it have not shown more
 * outcomes, and a difference is reported only if many more schedules do not show it either. Programs have no devices,
 * and no hotplug: interrupts of devices are the explorer's.
 */
public final class Comparison {
    private static final int QUIET_ROUNDS = 2; // so many rounds without a new outcome
    private static final int MOST_ROUNDS = 8;
    private static final int MORE_ROUNDS = 16;

    /** Is told about the progress; {@code at} returns whether to go on. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Reports it.
         *
         * @param programs how many programs were drawn
         * @param compared how many of them were compared
         * @param differences how many differences were found
         * @return whether to go on
         */
        boolean at(long programs, long compared, int differences);
    }

    /**
     * What came of it.
     *
     * @param floor what programs were about
     * @param seed the seed of the programs
     * @param programs how many programs were drawn and possible
     * @param compared how many were compared to the end
     * @param unsettled how many were not compared, as more schedules went on showing more outcomes
     * @param explored how many runs exploring made
     * @param real how many runs on real threads there were
     * @param outcomes how many outcomes exploring has shown
     * @param seen how many of these real threads have shown
     * @param late how many outcomes of real threads only more exploring has shown
     * @param differences what real threads have shown, and exploring has not
     */
    public record Result(String floor, long seed, long programs, long compared, long unsettled, long explored,
            long real, long outcomes, long seen, long late, List<String> differences) {
        /** Copies the list. */
        public Result {
            differences = List.copyOf(differences);
        }

        /** {@return whether nothing was found} */
        public boolean passed() {
            return differences.isEmpty();
        }

        /** {@return it as text} */
        public String text() {
            StringBuilder text = new StringBuilder();
            differences.forEach(each -> text.append("DIFFERENCE: ").append(each).append('\n'));
            return text.append(passed() ? "passed" : "FAILED").append(" compare: floor ").append(floor)
                    .append(", seed ").append(seed).append(": ").append(compared).append(" of ").append(programs)
                    .append(" programs compared, ").append(real).append(" runs on real threads, ").append(explored)
                    .append(" explored\noutcomes: ").append(outcomes).append(" explored, ").append(seen)
                    .append(" of them on real threads; ").append(late).append(" shown by more exploring only\n")
                    .append("not compared, as exploring went on showing outcomes: ").append(unsettled).append('\n')
                    .toString();
        }
    }

    private final FuzzOptions options;
    private final Catalog catalog;
    private final LoadedTower tower;
    private final int times;
    private final Progress progress;
    private long programs;
    private long compared;
    private long unsettled;
    private long explored;
    private long real;
    private long outcomes;
    private long seen;
    private long late;
    private final List<String> differences = new ArrayList<>();

    /**
     * A comparison.
     *
     * @param options the seed, the floor, the number of programs and schedules
     * @param catalog the productions
     * @param tower the classes to explore
     * @param times how often each program runs on real threads
     * @param progress is told about it
     */
    public Comparison(FuzzOptions options, Catalog catalog, LoadedTower tower, int times, Progress progress) {
        this.options = options;
        this.catalog = catalog;
        this.tower = tower;
        this.times = times;
        this.progress = progress;
    }

    /** {@return what comes of the programs that are drawn} */
    public Result run() {
        Generator generator = new Generator(catalog, options.focus());
        long start = System.nanoTime();
        for (long number = 0; programs < options.programs() && goesOn()
                && System.nanoTime() - start < options.budgetNanos(); number++) {
            Program program = comparable(generator.draw(options.seed(), number), catalog);
            if (program != null) {
                programs++;
                compare(program);
            }
        }
        return result();
    }

    /** {@return what came of the programs so far} */
    public Result result() {
        return new Result(options.focus().toString(), options.seed(), programs, compared, unsettled, explored, real,
                outcomes, seen, late, differences);
    }

    private boolean goesOn() {
        return progress.at(programs, compared, differences.size());
    }

    /** {@return the program without devices, and on a machine if it has tasks; null if it can't be compared} */
    static Program comparable(Program program, Catalog catalog) {
        boolean[] possible = {true};
        program.forEach(op -> possible[0] &= isComparable(catalog, op.name()));
        List<Player> tasks = program.players().stream().filter(each -> each.kind() == Player.Kind.TASK).toList();
        return possible[0] && !tasks.isEmpty() ? new Program(program.stage() == Stage.CPUS ? Stage.CPUS
                : Stage.MACHINE, program.cpus(), tasks) : null;
    }

    /** Hotplug is not, nor what goes on after the tasks have ended and nothing waits for it. */
    private static boolean isComparable(Catalog catalog, String name) {
        return catalog.find(name).floor() != Floor.HOTPLUG
                && !List.of("timer", "spawn", "queuework", "iwq", "iwqon").contains(name);
    }

    /**
     * Compares one program.
     *
     * @param program the program
     */
    public void compare(Program program) {
        Set<String> shown = new HashSet<>();
        int rounds = 0;
        int quiet = 0;
        while (rounds < MOST_ROUNDS && quiet < QUIET_ROUNDS) {
            if (!goesOn()) {
                return;
            }
            int before = shown.size();
            if (!explore(program, ++rounds, shown)) {
                return;
            }
            quiet = shown.size() == before ? quiet + 1 : 0;
        }
        if (quiet < QUIET_ROUNDS) {
            unsettled++;
            return;
        }
        Map<String, Integer> real = real(program);
        if (real == null) {
            return;
        }
        Map<String, Integer> missing = new TreeMap<>(real);
        missing.keySet().removeAll(shown);
        int first = missing.size();
        for (int more = 0; more < MORE_ROUNDS && !missing.isEmpty(); more++) {
            if (!goesOn() || !explore(program, ++rounds, shown)) {
                return;
            }
            missing.keySet().removeAll(shown);
        }
        late += first - missing.size();
        int all = rounds;
        missing.forEach((outcome, count) -> differences.add(program.text() + ": outcome " + outcome + " in " + count
                + " of " + times + " runs on real threads, in none of " + all + " explorations, whose outcomes are "
                + shown));
        outcomes += shown.size();
        seen += real.keySet().stream().filter(shown::contains).count();
        compared++;
    }

    /** Another sample of schedules; {@return whether the program passed} */
    private boolean explore(Program program, int round, Set<String> shown) {
        long schedules = options.schedules() > 0 ? options.schedules() : program.stage() == Stage.CPUS ? 200 : 40;
        Report report = Explorer.explore(tower.program(program.text(), shown::add), ExploreOptions.DEFAULT
                .withSeed(round).withSchedules(schedules).withShrink(false), Explorer.Progress.NONE);
        explored += report.surveyed() + report.schedules();
        if (!report.passed()) {
            differences.add(program.text() + ": exploring it fails: " + report.failure().rule() + ": "
                    + report.failure().message());
        }
        return report.passed();
    }

    private Map<String, Integer> real(Program program) {
        Map<String, Integer> shown = new HashMap<>();
        RealThreads threads = new RealThreads(program, catalog);
        for (int i = 0; i < times; i++) {
            if (!goesOn()) {
                return null;
            }
            try {
                shown.merge(threads.run(), 1, Integer::sum);
                real++;
            } catch (IllegalStateException | Failure.Broken e) {
                differences.add(program.text() + ": run " + (i + 1) + " on real threads: " + e.getMessage());
                return null;
            }
        }
        return shown;
    }
}
