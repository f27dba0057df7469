package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.lib.WarnSite;

/**
 * An illegal use of an operation, and what the contract says that it gives: warnings, an exception, or an error number.
 * Whatever it gives, preempt count and IRQs are as before, and the kernel goes on. Immutable; begin with {@link #of}.
 */
public final class Misuse implements Cloneable {
    private final String name;
    private Set<Where> where = Where.ANYWHERE;
    private Set<Stage> stages = Set.copyOf(EnumSet.allOf(Stage.class));
    private List<Arg> args;
    private Condition condition = (_, _, _) -> true;
    private Act act;
    private String java;
    private boolean goesOn;
    private boolean once;
    private Class<? extends RuntimeException> thrown;
    private List<WarnSite> warnings = List.of();
    private List<WarnSite> later = List.of();
    private List<WarnSite> perhaps = List.of();
    private List<String> around = List.of();
    private int[] results;
    private Predicate<Production> excluded = _ -> false;
    private boolean blocks;

    private Misuse(String name) {
        this.name = name;
    }

    /**
     * Begins an illegal use.
     *
     * @param name its name: small letters and digits; its operations have the name of the legal production, an x, and
     *        this name
     * @return a use that is illegal everywhere, does what the legal operation does, and gives nothing yet
     */
    public static Misuse of(String name) {
        if (!name.matches("[a-z][a-z0-9]*")) {
            throw new IllegalArgumentException("the name of an illegal use has small letters and digits: " + name);
        }
        return new Misuse(name);
    }

    private Misuse copy() {
        try {
            return (Misuse) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return such a use, illegal only in some contexts} */
    public Misuse in(Where... contexts) {
        Misuse copy = copy();
        copy.where = Set.of(contexts);
        return copy;
    }

    /** {@return such a use, possible only on some stages} */
    public Misuse on(Stage... possible) {
        Misuse copy = copy();
        copy.stages = Set.of(possible);
        return copy;
    }

    /** {@return such a use, with other arguments than the legal operation} */
    public Misuse args(Arg... kinds) {
        Misuse copy = copy();
        copy.args = List.of(kinds);
        return copy;
    }

    /** {@return such a use, with one more condition for its place} */
    public Misuse only(Condition value) {
        Misuse copy = copy();
        Condition before = condition;
        copy.condition = (facts, op, at) -> before.test(facts, op, at) && value.test(facts, op, at);
        return copy;
    }

    /**
     * Says that it does something else than the legal operation.
     *
     * @param value performs it
     * @param text how it is written in Java, as {@link Production#java(String)} has it
     * @return such a use
     */
    public Misuse does(Act value, String text) {
        Misuse copy = copy();
        copy.act = value;
        copy.java = text;
        return copy;
    }

    /** {@return such a use, which the kernel carries out all the same, with the function and results of a legal one} */
    public Misuse carriedOut() {
        Misuse copy = copy();
        copy.goesOn = true;
        return copy;
    }

    /** {@return such a use, which has to throw an exception of a class} */
    public Misuse refused(Class<? extends RuntimeException> type) {
        Misuse copy = copy();
        copy.thrown = type;
        return copy;
    }

    /** {@return such a use, which has to bring about warnings} */
    public Misuse warns(WarnSite... sites) {
        Misuse copy = copy();
        copy.warnings = List.of(sites);
        return copy;
    }

    /** {@return such a use, which has to bring about warnings, perhaps after it has returned} */
    public Misuse warnsLater(WarnSite... sites) {
        Misuse copy = copy();
        copy.later = List.of(sites);
        return copy;
    }

    /** {@return such a use, which often is in the body of some other operations} */
    public Misuse inside(String... names) {
        Misuse copy = copy();
        copy.around = List.of(names);
        return copy;
    }

    /** {@return such a use, which may bring about warnings too} */
    public Misuse mayWarn(WarnSite... sites) {
        Misuse copy = copy();
        copy.perhaps = List.of(sites);
        return copy;
    }

    /** {@return such a use, of which some results are allowed} */
    public Misuse gives(int... value) {
        Misuse copy = copy();
        copy.results = value.clone();
        return copy;
    }

    /** {@return such a use, in programs without some productions, beside which the contract allows anything} */
    public Misuse without(Predicate<Production> productions) {
        Misuse copy = copy();
        copy.excluded = productions;
        return copy;
    }

    /**
     * {@return such a use, which waits for other CPUs with IRQs off: the contract promises only that it warns. It ends
     * if no CPU waits for this one with IRQs off at the same time, or before it has sent its interrupts: so a program
     * has one of these, and no stops and no calls of many CPUs}
     */
    public Misuse blockingWithIrqsOff() {
        Misuse copy = copy();
        copy.once = true;
        copy.blocks = true;
        copy.excluded = other -> other.floor().compareTo(Floor.STOP) >= 0
                || other.illegal() != null && other.illegal().blocks
                || other.callsMany;
        return copy.only((_, _, at) -> at.held() < Situation.SPIN && (at.where() != Where.HARDIRQ || at.depth() == 0));
    }

    /** {@return whether it is possible on a stage} */
    boolean isOn(Stage stage) {
        return stages.contains(stage);
    }

    /** {@return whether a program that has it must not have operations of a production} */
    boolean excludes(Production other) {
        return other.illegal() != this && excluded.test(other);
    }

    /** {@return the exception that it must throw, or null} */
    Class<? extends RuntimeException> thrown() {
        return thrown;
    }

    /** {@return the warnings that there must be when it has returned} */
    List<WarnSite> warnings() {
        return warnings;
    }

    /** {@return the warnings that there must be when nothing more happens} */
    List<WarnSite> dueWarnings() {
        return Stream.concat(warnings.stream(), later.stream()).toList();
    }

    /** {@return the warnings that it may bring about} */
    public List<WarnSite> allWarnings() {
        return Stream.concat(dueWarnings().stream(), perhaps.stream()).toList();
    }

    /** {@return the production of this use of the operations of another one} */
    Production of(Production legal) {
        Production made = Production.of(legal.name() + "x" + name, legal.floor())
                .calls(legal.functions().toArray(String[]::new)).in(where).only(condition)
                .args((args == null ? legal.args() : args).toArray(Arg[]::new)).often(3).with(around())
                .does(act == null ? legal.act : act).java(op -> text(java == null ? legal.java(op) : java));
        if (legal.machine) {
            made = made.onMachine();
        }
        if (legal.callsMany) {
            made = made.callsMany();
        }
        if (once) {
            made = made.once();
        }
        if (goesOn && legal.hasBody()) {
            made = made.body((op, at) -> legal.situation(op, at)).surely((_, _) -> false);
        }
        if (results != null) {
            made = made.gives(results);
        } else if (goesOn) {
            made = made.gives((facts, op) -> legal.results(facts, op));
        }
        return made.illegal(this);
    }

    /** The productions that lead to the contexts in which it is illegal. */
    private String[] around() {
        List<String> names = new ArrayList<>(around);
        if (where.contains(Where.TASK)) {
            return names.toArray(String[]::new);
        }
        if (where.contains(Where.ATOMIC)) {
            names.add("preempt");
        }
        if (where.contains(Where.IRQS_OFF)) {
            names.add("irqs");
        }
        if (where.contains(Where.HARDIRQ) && !blocks) {
            names.add("async");
        }
        if (where.contains(Where.STOPPER)) {
            names.add("onenowait");
        }
        return names.toArray(String[]::new);
    }

    private String text(String template) {
        String text = template;
        if (thrown != null) {
            boolean expression = text.startsWith("=") || text.startsWith("?");
            text = "refused(" + thrown.getSimpleName() + ".class, () -> {\n"
                    + (expression ? text.substring(1) + ";" : text) + "\n});";
        }
        StringBuilder all = new StringBuilder(text);
        warnings.forEach(site -> all.append("\nwarned(warnings, \"").append(site.name()).append("\");"));
        return all.toString();
    }

    @Override
    public String toString() {
        return name;
    }
}
