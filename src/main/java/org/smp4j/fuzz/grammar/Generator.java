package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smp4j.explore.model.Randomness;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;

/**
 * Draws legal programs. Each program has operations of only a few productions, and the same arguments come again: such
 * operations meet more often than those of a program that has a little of everything. Two of three programs are small:
 * their runs are short, and have fewer schedules to try. Small programs have each production in its turn, the others
 * more often those that are drawn often.
 */
public final class Generator {
    private static final int ATTEMPTS = 6;
    private static final int DEEPEST = 3;
    private static final int WITH_PARTNER = 60; // of a hundred
    private static final int MOST_KINDS = 6;
    private static final int MOST_TASKS = 5;
    private static final int MOST_OPS = 6;
    private static final int PERIOD = 3; // the first of so many is not small
    // Of a hundred.
    private static final int SMALL_WAITS = 10;
    private static final int SMALL_DEVICES = 20;
    private static final int DEVICES = 40;
    private static final int SMALL_BODIES = 50;
    private static final int BODIES = 35;
    private static final int OWN_TURNS = 8;
    private static final int SELDOM = 3; // a weight
    private static final int OFTEN = 10; // for each so much weight as many turns more
    private static final int SAME_AGAIN = 50; // of a hundred

    private final Catalog catalog;
    private final Focus focus;
    private final boolean misuse;

    /**
     * A generator.
     *
     * @param catalog the productions; if illegal uses are among them, every program has one
     * @param focus what programs are about
     */
    public Generator(Catalog catalog, Focus focus) {
        this.catalog = catalog;
        this.focus = focus;
        misuse = catalog.hasMisuses();
    }

    /**
     * Draws a program.
     *
     * @param seed the seed
     * @param number the number of the program
     * @return the program, which these two decide
     */
    public Program draw(long seed, long number) {
        Randomness draws = new Randomness(Randomness.draw(Randomness.mix(seed), number));
        boolean isSmall = number % PERIOD != 0;
        long among = isSmall ? number / PERIOD * (PERIOD - 1) + number % PERIOD - 1 : number / PERIOD;
        Focus own = isSmall ? focus : focus.of(among);
        boolean alternates = !isSmall && focus == Focus.ALL; // then each focus has themes of its own
        Production theme = theme(own, isSmall, seed, alternates ? among / Focus.values().length : among);
        for (int attempt = 0;; attempt++) { // some productions need others around them
            Program program = new Draft(draws, own, theme, isSmall && attempt < ATTEMPTS).make();
            if (program.size() > 0 && Legality.fault(program, catalog) == null && (!misuse || isIllegal(program))) {
                return program;
            }
        }
    }

    private boolean isIllegal(Program program) {
        boolean[] illegal = new boolean[1];
        program.forEach(op -> illegal[0] |= catalog.find(op.name()).illegal() != null);
        return illegal[0];
    }

    /**
     * {@return what a program is about: every production has its turn, or every illegal use; those of the focus' own
     * floor have several, and those that are drawn often more of them}
     */
    private Production theme(Focus own, boolean isSmall, long seed, long number) {
        List<Production> themes = new ArrayList<>();
        for (Production each : catalog.all()) {
            if (own.weight(each) > 0 && (!misuse || each.illegal() != null)) {
                int turns = !own.isAbout(each) ? 1 : isSmall ? each.weight > SELDOM ? OWN_TURNS : OWN_TURNS / 2
                        : OWN_TURNS * (1 + each.weight / OFTEN);
                themes.addAll(Collections.nCopies(turns, each));
            }
        }
        int count = themes.size();
        List<Integer> order = new ArrayList<>();
        Randomness draws = new Randomness(Randomness.draw(isSmall ? ~seed : -seed, number / count));
        for (int i = 0; i < count; i++) {
            order.add(draws.below(i + 1), i);
        }
        return themes.get(order.get((int) (number % count)));
    }

    /** {@return the productions} */
    Catalog catalog() {
        return catalog;
    }

    /** One program in the making. */
    private final class Draft {
        private final Randomness draws;
        private final Stage stage;
        private final boolean isSmall;
        private final List<Production> kinds;
        private final Facts plan;
        private int turn; // of a small program's kinds
        private final Map<String, List<Integer>> drawn = new HashMap<>(); // arguments, by what they mean

        private final Focus focus;
        private final Production theme;

        Draft(Randomness draws, Focus focus, Production theme, boolean isSmall) {
            this.draws = draws;
            this.focus = focus;
            this.theme = theme;
            this.isSmall = isSmall;
            Stage drawn = focus.stage(draws);
            while (!theme.isOn(drawn)) {
                drawn = focus.stage(draws);
            }
            stage = drawn;
            int cpus = 2 + (isSmall ? draws.below(3) / 2 : Math.min(2, draws.below(5) / 2));
            kinds = kinds();
            turn = draws.below(kinds.size());
            int moving = 0;
            if (kinds.stream().anyMatch(kind -> kind.name().equals("freeze"))) {
                moving = (1 << cpus) - 1 & ~(1 << draws.below(cpus));
            } else if (kinds.stream().anyMatch(kind -> kind.floor() == Floor.HOTPLUG)) {
                moving = 1 << draws.below(cpus);
                if (cpus > 2 && draws.below(100) < 25) {
                    moving |= 1 << draws.bitOf((1 << cpus) - 1 & ~moving);
                }
            }
            int tasks = stage == Stage.CPUS ? cpus : 2 + (isSmall ? draws.below(3) / 2 : draws.below(MOST_TASKS - 1));
            plan = new Facts(stage, cpus, moving, tasks, Set.of());
        }

        /** A few productions, those of the focus more likely than others. */
        private List<Production> kinds() {
            List<Production> possible = catalog.all().stream().filter(each -> each.isOn(stage)
                    && each.part() == Part.NONE && focus.weight(each) > 0 && agree(each, theme)).toList();
            int wanted = 1 + draws.below(isSmall ? 2 : MOST_KINDS);
            List<Production> chosen = new ArrayList<>();
            if (theme.part() == Part.NONE) {
                chosen.add(theme);
                List<Production> partners = possible.stream().filter(theme::goesWith).toList();
                if (!partners.isEmpty()) {
                    Production first = partners.get(draws.below(partners.size()));
                    partners.stream().filter(each -> each == first || !isSmall && draws.below(100) < WITH_PARTNER)
                            .forEach(chosen::add);
                }
            }
            while (chosen.size() < Math.min(wanted, possible.size())) {
                Production each = weighted(possible);
                if (!chosen.contains(each)) {
                    chosen.add(each);
                }
            }
            return chosen;
        }

        private boolean agree(Production one, Production other) {
            return (one.illegal() == null || !one.illegal().excludes(other))
                    && (other.illegal() == null || !other.illegal().excludes(one));
        }

        private Production weighted(List<Production> from) {
            int sum = from.stream().mapToInt(this::weight).sum();
            int left = draws.below(sum);
            for (Production each : from) {
                left -= weight(each);
                if (left < 0) {
                    return each;
                }
            }
            return from.getLast();
        }

        private int weight(Production production) {
            return production == theme || theme.goesWith(production) ? 100 : focus.weight(production);
        }

        Program make() {
            List<Player> players = new ArrayList<>();
            Set<Integer> taken = new HashSet<>();
            for (int task = 0; task < plan.tasks(); task++) {
                int cpu = stage == Stage.CPUS ? task : draws.below(plan.cpus());
                int mask = stage == Stage.CPUS || draws.below(100) < 75 ? 0
                        : 1 + draws.below(plan.all()) | 1 << draws.bitOf(plan.steady());
                List<Op> ops = ops(Situation.TASK, 1 + (isSmall ? draws.below(2)
                        : draws.below(MOST_OPS) * draws.below(3) / 2));
                if (taken.add(cpu) || stage != Stage.CPUS) {
                    players.add(new Player(Player.Kind.TASK, cpu, mask, ops));
                }
            }
            int devices = draws.below(100) < (isSmall ? SMALL_DEVICES : DEVICES) ? 1 + draws.below(2) : 0;
            for (int device = 0; device < devices; device++) {
                List<Op> ops = ops(Situation.DEVICE, 1 + draws.below(2));
                if (!ops.isEmpty()) {
                    players.add(new Player(Player.Kind.DEVICE, draws.below(plan.cpus()), 1 + draws.below(2), ops));
                }
            }
            Program program = new Program(stage, plan.cpus(), players);
            boolean waits = theme.part() != Part.NONE || draws.below(100) < (isSmall ? SMALL_WAITS : focus.waits());
            return waits ? withWaits(program) : program;
        }

        private List<Op> ops(Situation at, int wanted) {
            List<Op> ops = new ArrayList<>();
            for (int i = 0; i < wanted; i++) {
                Op op = op(at);
                if (op != null) {
                    ops.add(op);
                }
            }
            return ops;
        }

        /** An operation that is legal at a place, or null if none was found. */
        private Op op(Situation at) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                Production kind = isSmall ? kinds.get(turn++ % kinds.size()) : weighted(kinds);
                List<Integer> args = new ArrayList<>();
                kind.args().forEach(arg -> args.add(argument(arg)));
                Op op = new Op(kind.name(), args, List.of());
                if (kind.isLegal(plan, op, at) && (at.depth() < DEEPEST || !kind.needsBody)) {
                    boolean body = kind.hasBody() && at.depth() < DEEPEST
                            && (kind.needsBody || draws.below(100) < (isSmall ? SMALL_BODIES : BODIES));
                    return body ? op.withBody(ops(kind.inside(plan, op, at), 1 + (isSmall ? 0 : draws.below(2)))) : op;
                }
            }
            return null;
        }

        /** An argument; if it names an object, often one that another operation has. */
        private int argument(Arg kind) {
            if (kind.kind() == Arg.Kind.WAY) {
                return kind.draw().from(draws, plan);
            }
            List<Integer> before = drawn.computeIfAbsent(kind.name(), _ -> new ArrayList<>());
            if (!before.isEmpty() && draws.below(100) < SAME_AGAIN) {
                return before.get(draws.below(before.size()));
            }
            int value = kind.draw().from(draws, plan);
            before.add(value);
            return value;
        }

        /** Adds one or two waits to one or two tasks, and the signals that they need to others. */
        private Program withWaits(Program before) {
            Program program = before;
            List<Production> waits = catalog.all().stream().filter(each -> each.part() == Part.WAITS
                    && each.isOn(stage)).toList();
            List<Integer> tasks = new ArrayList<>();
            for (int i = 0; i < program.players().size(); i++) {
                if (program.players().get(i).kind() == Player.Kind.TASK) {
                    tasks.add(i);
                }
            }
            if (waits.isEmpty() || tasks.size() < 2) {
                return program;
            }
            int waiter = tasks.get(draws.below(tasks.size()));
            Production kind = theme.part() == Part.WAITS ? theme : waits.get(draws.below(waits.size()));
            boolean same = draws.below(3) == 0; // several waiters of one signal
            int place = draws.below(program.players().get(waiter).ops().size() + 1);
            int signaller = -1;
            for (int i = 0, count = draws.below(3) == 0 ? 1 : 2; i < count; i++) {
                Op wait = new Op(kind.name(), List.of(same || kind.args().isEmpty() ? 0 : i), List.of());
                if (!kind.isLegal(plan, wait, Situation.TASK)) {
                    return program;
                }
                int at = same && i > 0 ? tasks.get(draws.below(tasks.size())) : waiter;
                Player player = program.players().get(at);
                int index = at == waiter ? Math.min(place + i, player.ops().size())
                        : draws.below(player.ops().size() + 1);
                Program waiting = program.withPlayer(at, player.withOps(added(player.ops(), index, wait)));
                signaller = other(tasks, at, signaller);
                Program more = insert(waiting, signaller, signal(kind.signal(wait)));
                if (Legality.fault(more, catalog) == null) {
                    program = more;
                }
            }
            return program;
        }

        /** One of several that is neither of two, if possible. */
        private int other(List<Integer> tasks, int first, int second) {
            List<Integer> left = tasks.stream().filter(each -> each != first && each != second).toList();
            List<Integer> from = left.isEmpty() ? tasks : left;
            return from.get(draws.below(from.size()));
        }

        /** An operation that gives a signal; mostly the plainest. */
        private Op signal(String signal) {
            List<Op> signals = new ArrayList<>();
            for (Production each : catalog.all()) {
                if (each.part() == Part.SIGNALS && each.isOn(stage)) {
                    for (int arg = 0; arg < 4; arg++) {
                        Op op = new Op(each.name(), List.of(arg), List.of());
                        if (each.signal(op).equals(signal)) {
                            signals.add(op);
                        }
                    }
                }
            }
            return signals.get(signals.size() == 1 || draws.below(8) > 0 ? 0 : 1);
        }

        /** Puts an operation somewhere into a player's: at the top, or at the end of a body. */
        private Program insert(Program program, int index, Op op) {
            Player player = program.players().get(index);
            List<Op> ops = new ArrayList<>(player.ops());
            int place = draws.below(ops.size() + 1);
            boolean inBody = place < ops.size() && catalog.find(op.name()).part() == Part.SIGNALS
                    && catalog.find(ops.get(place).name()).hasBody() && draws.below(2) == 0;
            if (inBody) {
                List<Op> body = new ArrayList<>(ops.get(place).body());
                body.add(op);
                ops.set(place, ops.get(place).withBody(body));
            } else {
                ops.add(place, op);
            }
            Program more = program.withPlayer(index, player.withOps(ops));
            return !inBody || Legality.fault(more, catalog) == null ? more
                    : program.withPlayer(index, player.withOps(added(player.ops(), place, op)));
        }

        private static List<Op> added(List<Op> ops, int place, Op op) {
            List<Op> more = new ArrayList<>(ops);
            more.add(place, op);
            return more;
        }
    }
}
