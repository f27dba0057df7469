package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;

/**
 * Decides whether a program is legal: every operation is where the kernel allows it, or where a production declares it
 * as an illegal use; locks are taken in one order, and every wait has its wake-up, which does not depend on what comes
 * after the wait.
 */
public final class Legality {
    private final Program program;
    private final Catalog catalog;
    private final Facts facts;
    private String fault;

    private Legality(Program program, Catalog catalog) {
        this.program = program;
        this.catalog = catalog;
        facts = Facts.of(program, catalog);
    }

    /**
     * {@return what is illegal in a program, or null}
     *
     * @param program the program
     * @param catalog its productions
     */
    public static String fault(Program program, Catalog catalog) {
        Legality legality = new Legality(program, catalog);
        legality.check();
        return legality.fault;
    }

    private void check() {
        Map<String, Integer> counts = new HashMap<>();
        program.forEach(op -> counts.merge(op.name(), 1, Integer::sum));
        counts.forEach((name, count) -> {
            if (count > 1 && catalog.find(name) != null && catalog.find(name).unique) {
                fault = name + " is there " + count + " times";
            }
        });
        checkCompany(counts.keySet());
        Set<Integer> played = new HashSet<>();
        if (facts.steady() == 0) {
            fault = "no CPU stays online";
        }
        for (Player player : program.players()) {
            boolean task = player.kind() == Player.Kind.TASK;
            boolean placed = player.cpu() < program.cpus() && player.count() < (task ? 1 << program.cpus() : 10)
                    && (task || player.count() > 0);
            if (!placed || task && program.stage() == Stage.CPUS && !played.add(player.cpu())) {
                fault = "player " + player.kind().letter() + player.cpu() + " has no place";
                return;
            }
            walk(player.ops(), task ? Situation.TASK : Situation.DEVICE);
        }
        if (fault == null) {
            checkSignals();
        }
    }

    /** What an illegal use gives is known only without some other operations. */
    private void checkCompany(Set<String> names) {
        for (String name : names) {
            Production production = catalog.find(name);
            if (production == null || production.illegal() == null) {
                continue;
            }
            for (String other : names) {
                if (catalog.find(other) != null && production.illegal().excludes(catalog.find(other))) {
                    fault = name + " and " + other + " are in one program";
                }
            }
        }
    }

    private void walk(List<Op> ops, Situation at) {
        for (Op op : ops) {
            Production production = catalog.find(op.name());
            if (production == null) {
                fault = "there is no operation " + op.name() + " here; if it is of productions of your own, repeat the "
                        + "run with -Dsmp4j.replay=TOKEN on the test that has them in its @Fuzz";
                return;
            }
            if (!production.isLegal(facts, op, at)
                    || production.part() == Part.WAITS && (at.depth() > 0 || at.where() != Where.TASK)) {
                fault = op.name() + op.args() + " is illegal in " + at;
                return;
            }
            if (!op.body().isEmpty()) {
                walk(op.body(), production.inside(facts, op, at));
            }
        }
    }

    /** Lets every task go on as far as it can: signals are never taken back, so the order does not matter. */
    private void checkSignals() {
        List<List<Op>> left = new ArrayList<>();
        for (Player player : program.players()) {
            if (player.kind() == Player.Kind.TASK) {
                left.add(new ArrayList<>(player.ops()));
            }
        }
        Map<String, Integer> waiters = new HashMap<>();
        program.forEach(op -> {
            Production production = catalog.find(op.name());
            if (production.part() == Part.WAITS) {
                waiters.merge(production.signal(op), 1, Integer::sum);
            }
        });
        Map<String, Integer> given = new HashMap<>();
        for (boolean moved = true; moved; ) {
            moved = false;
            for (List<Op> ops : left) {
                while (!ops.isEmpty() && mayGoOn(ops.getFirst(), waiters, given)) {
                    gives(ops.removeFirst(), Situation.TASK, given);
                    moved = true;
                }
            }
        }
        for (List<Op> ops : left) {
            if (!ops.isEmpty()) {
                fault = ops.getFirst().name() + ops.getFirst().args() + " waits for a signal that may never come";
            }
        }
    }

    private boolean mayGoOn(Op op, Map<String, Integer> waiters, Map<String, Integer> given) {
        Production production = catalog.find(op.name());
        String signal = production.signal(op);
        return production.part() != Part.WAITS
                || given.getOrDefault(signal, 0) >= waiters.get(signal); // whichever waiter takes the first
    }

    private void gives(Op op, Situation at, Map<String, Integer> given) {
        Production production = catalog.find(op.name());
        if (production.part() == Part.SIGNALS && at.sure()) {
            given.merge(production.signal(op), 1, Integer::sum);
        }
        if (!op.body().isEmpty()) {
            Situation inside = production.inside(facts, op, at);
            op.body().forEach(each -> gives(each, inside, given));
        }
    }
}
