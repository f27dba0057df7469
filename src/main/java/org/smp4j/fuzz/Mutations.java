package org.smp4j.fuzz;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.model.Randomness;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.Legality;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;

/** Changes programs of the corpus: adds, removes, moves or changes an operation, or adds a player of another one. */
final class Mutations {
    private static final int ATTEMPTS = 40;

    private final Catalog catalog;

    Mutations(Catalog catalog) {
        this.catalog = catalog;
    }

    /** {@return a legal program that differs from the first; null if none was found} */
    Program of(Program program, Program other, Randomness draws) {
        Program changed = program;
        int changes = 1 + draws.below(3);
        for (int attempt = 0; attempt < ATTEMPTS && changes > 0; attempt++) {
            Program candidate = change(changed, other, draws);
            if (candidate != null && candidate.size() > 0 && candidate.size() <= 40 && !candidate.equals(changed)
                    && Legality.fault(candidate, catalog) == null) {
                changed = candidate;
                changes--;
            }
        }
        return changed.equals(program) ? null : changed;
    }

    private Program change(Program program, Program other, Randomness draws) {
        if (program.players().isEmpty()) {
            return null;
        }
        int index = draws.below(program.players().size());
        Player player = program.players().get(index);
        List<Op> ops = new ArrayList<>(player.ops());
        switch (draws.below(6)) {
            case 0 -> ops.add(draws.below(ops.size() + 1), drawn(program, draws));
            case 1 -> {
                if (ops.isEmpty()) {
                    return null;
                }
                ops.remove(draws.below(ops.size()));
            }
            case 2 -> {
                if (ops.isEmpty()) {
                    return null;
                }
                ops.add(draws.below(ops.size()), ops.remove(draws.below(ops.size())));
            }
            case 3 -> {
                if (ops.isEmpty()) {
                    return null;
                }
                int place = draws.below(ops.size());
                Op op = ops.get(place);
                Production production = catalog.find(op.name());
                if (production.args().isEmpty()) {
                    return null;
                }
                int arg = draws.below(production.args().size());
                ops.set(place, op.withArg(arg, production.args().get(arg).draw()
                        .from(draws, Facts.of(program, catalog))));
            }
            case 4 -> {
                if (other.players().isEmpty() || program.players().size() >= 6) {
                    return null;
                }
                List<Player> players = new ArrayList<>(program.players());
                players.add(other.players().get(draws.below(other.players().size())));
                return new Program(program.stage(), program.cpus(), players);
            }
            default -> {
                if (ops.isEmpty()) {
                    return null;
                }
                int place = draws.below(ops.size());
                List<Op> body = new ArrayList<>(ops.get(place).body());
                body.add(drawn(program, draws));
                ops.set(place, ops.get(place).withBody(body));
            }
        }
        return program.withPlayer(index, player.withOps(ops));
    }

    private Op drawn(Program program, Randomness draws) {
        Facts facts = Facts.of(program, catalog);
        List<Production> possible = catalog.all().stream().filter(each -> each.isOn(program.stage())).toList();
        Production production = possible.get(draws.below(possible.size()));
        List<Integer> args = new ArrayList<>();
        production.args().forEach(arg -> args.add(arg.draw().from(draws, facts)));
        return new Op(production.name(), args, List.of());
    }
}
