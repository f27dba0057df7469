package org.smp4j.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;

/**
 * Makes a failing program small: first operations go, then tasks and devices, then CPUs; the interleaving comes last,
 * which the explorer does. A candidate counts if it is legal, and exploring it breaks the same rule.
 */
final class ProgramShrinker {
    private static final int MOST_CANDIDATES = 200;
    private static final int GONE = -1;

    private final ProgramExplorer explorer;
    private final Catalog catalog;
    private final boolean legal;
    private final Halt halt;
    private int left = MOST_CANDIDATES;

    /** Whether the time is over. */
    @FunctionalInterface
    interface Halt {
        boolean now();
    }

    ProgramShrinker(ProgramExplorer explorer, Catalog catalog, boolean legal, Halt halt) {
        this.explorer = explorer;
        this.catalog = catalog;
        this.legal = legal;
        this.halt = halt;
    }

    /** {@return a program that breaks the rule too, and has no part that can be left out} */
    Program shrink(Program failing, String rule) {
        Program smallest = failing;
        for (Program before = null; !smallest.equals(before); ) {
            before = smallest;
            for (Phase phase : List.<Phase>of(this::withoutOps, this::withoutTasks, this::withoutDevices,
                    this::withoutCpus, this::simpler)) {
                smallest = shrink(smallest, rule, phase);
            }
        }
        return smallest;
    }

    /** Makes smaller candidates of a program. */
    @FunctionalInterface
    private interface Phase {
        List<Program> of(Program program);
    }

    private Program shrink(Program failing, String rule, Phase phase) {
        Program smallest = failing;
        for (boolean smaller = true; smaller && left > 0 && !halt.now(); ) {
            smaller = false;
            for (Program candidate : phase.of(smallest)) {
                if (fails(candidate, rule)) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    private boolean fails(Program candidate, String rule) {
        if (left == 0 || halt.now() || legal && Legality.fault(candidate, catalog) != null) {
            return false;
        }
        left--;
        try {
            Report report = explorer.report(candidate, 2 * explorer.schedules(candidate), false);
            return !report.passed() && report.failure().rule().equals(rule);
        } catch (ExplorerException e) {
            return false;
        }
    }

    private List<Program> withoutOps(Program program) {
        List<Program> all = new ArrayList<>();
        for (int i = 0; i < program.players().size(); i++) {
            Player player = program.players().get(i);
            if (player.ops().size() > 1) {
                all.add(program.withPlayer(i, player.withOps(List.of())));
            }
        }
        for (int i = 0; i < program.players().size(); i++) {
            Player player = program.players().get(i);
            for (List<Op> ops : smaller(player.ops())) {
                all.add(program.withPlayer(i, player.withOps(ops)));
            }
        }
        return all;
    }

    private List<Program> withoutTasks(Program program) {
        List<Program> all = new ArrayList<>();
        int task = 0;
        for (int i = 0; i < program.players().size(); i++) {
            if (program.players().get(i).kind() == Player.Kind.TASK) {
                int gone = task++;
                Program without = program.withPlayer(i, null);
                add(all, renamed(without, Arg.Kind.TASK, number -> number == gone ? GONE
                        : number > gone ? number - 1 : number));
            }
        }
        return all;
    }

    private List<Program> withoutDevices(Program program) {
        List<Program> all = new ArrayList<>();
        for (int i = 0; i < program.players().size(); i++) {
            if (program.players().get(i).kind() == Player.Kind.DEVICE) {
                all.add(program.withPlayer(i, null));
            }
        }
        return all;
    }

    private List<Program> withoutCpus(Program program) {
        List<Program> all = new ArrayList<>();
        for (int cpu = program.cpus() - 1; cpu >= 0 && program.cpus() > 1; cpu--) {
            add(all, withoutCpu(program, cpu));
        }
        return all;
    }

    private List<Program> simpler(Program program) {
        List<Program> all = new ArrayList<>();
        for (int i = 0; i < program.players().size(); i++) {
            Player player = program.players().get(i);
            if (player.kind() == Player.Kind.DEVICE && player.count() > 1) {
                all.add(program.withPlayer(i, new Player(player.kind(), player.cpu(), 1, player.ops())));
            } else if (player.kind() == Player.Kind.TASK && player.count() != 0) {
                all.add(program.withPlayer(i, new Player(player.kind(), player.cpu(), 0, player.ops())));
            }
        }
        if (program.stage() == Stage.MACHINE) {
            all.add(new Program(Stage.TASKS, program.cpus(), program.players()));
        }
        return all;
    }

    private static void add(List<Program> all, Program candidate) {
        if (candidate != null) {
            all.add(candidate);
        }
    }

    /** The program without a CPU that it does not need, the higher ones renumbered; null if it needs the CPU. */
    private Program withoutCpu(Program program, int cpu) {
        List<Player> players = new ArrayList<>();
        for (Player player : program.players()) {
            if (player.cpu() == cpu) {
                return null;
            }
            int count = player.kind() == Player.Kind.TASK ? withoutBit(player.count(), cpu) : player.count();
            players.add(new Player(player.kind(), player.cpu() > cpu ? player.cpu() - 1 : player.cpu(), count,
                    player.ops()));
        }
        Program smaller = new Program(program.stage(), program.cpus() - 1, players);
        Program renamed = renamed(smaller, Arg.Kind.CPU, number -> number == cpu ? GONE
                : number > cpu ? number - 1 : number);
        return renamed == null ? null : renamed(renamed, Arg.Kind.MASK, mask -> withoutBit(mask, cpu));
    }

    private static int withoutBit(int mask, int bit) {
        return mask & (1 << bit) - 1 | mask >> bit + 1 << bit;
    }

    /** The program with other arguments of a kind; null if one of them is gone. */
    private Program renamed(Program program, Arg.Kind kind, IntUnaryOperator name) {
        List<Player> players = new ArrayList<>();
        for (Player player : program.players()) {
            List<Op> ops = renamed(player.ops(), kind, name);
            if (ops == null) {
                return null;
            }
            players.add(player.withOps(ops));
        }
        return new Program(program.stage(), program.cpus(), players);
    }

    private List<Op> renamed(List<Op> ops, Arg.Kind kind, IntUnaryOperator name) {
        List<Op> all = new ArrayList<>();
        for (Op op : ops) {
            Op changed = op;
            List<Arg> args = catalog.find(op.name()).args();
            for (int i = 0; i < args.size(); i++) {
                if (args.get(i).kind() == kind) {
                    int value = name.applyAsInt(op.arg(i));
                    if (value == GONE) {
                        return null;
                    }
                    changed = changed.withArg(i, value);
                }
            }
            List<Op> body = renamed(op.body(), kind, name);
            if (body == null) {
                return null;
            }
            all.add(changed.withBody(body));
        }
        return all;
    }

    /** The same operations without one, or with a body in the place of the operation that has it, or without a body. */
    private static List<List<Op>> smaller(List<Op> ops) {
        List<List<Op>> all = new ArrayList<>();
        for (int i = 0; i < ops.size(); i++) {
            List<Op> without = new ArrayList<>(ops);
            Op op = without.remove(i);
            all.add(without);
            if (!op.body().isEmpty()) {
                List<Op> inlined = new ArrayList<>(without);
                inlined.addAll(i, op.body());
                all.add(inlined);
                for (List<Op> body : smaller(op.body())) {
                    List<Op> replaced = new ArrayList<>(ops);
                    replaced.set(i, op.withBody(body));
                    all.add(replaced);
                }
            }
        }
        return all;
    }
}
