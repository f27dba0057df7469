package org.smp4j.fuzz.grammar;

import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Stage;

/**
 * One kind of operations: where it is legal, which arguments it has, what it does, which results are allowed, and how
 * it is written in Java. Immutable; begin with {@link #of}.
 */
public final class Production implements Cloneable {
    private final String name;
    private final Floor floor;
    private List<String> functions = List.of();
    private Set<Where> where = Where.ANYWHERE;
    private List<Arg> args = List.of();
    private BiFunction<Op, Situation, Situation> inside;
    private BiFunction<Facts, Op, Boolean> sure = (_, _) -> true;
    private ToIntFunction<Op> rank = _ -> Situation.NONE;
    private BiFunction<Op, Integer, Integer> moves = (_, _) -> 0;
    Set<String> marks = Set.of();
    private Condition condition = (_, _, _) -> true;
    private Results results;
    Act act;
    private Function<Op, String> java = _ -> "";
    int weight = 10;
    private Part part = Part.NONE;
    private Function<Op, String> signal = _ -> null;
    private Set<String> partners = Set.of();
    boolean needsBody;
    boolean unique;
    boolean machine;
    boolean callsMany;
    private List<Misuse> misuses = List.of();
    private Misuse illegal;

    private Production(String name, Floor floor) {
        this.name = name;
        this.floor = floor;
    }

    /**
     * Begins a production.
     *
     * @param name its name in the text of programs: small letters and digits
     * @param floor the floor whose function it calls
     * @return a production that is legal everywhere, has no arguments and does nothing yet
     */
    public static Production of(String name, Floor floor) {
        if (!name.matches("[a-z][a-z0-9]*")) {
            throw new IllegalArgumentException("the name of a production has small letters and digits: " + name);
        }
        return new Production(name, floor);
    }

    private Production copy() {
        try {
            return (Production) super.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Names the functions of the tower that it calls.
     *
     * @param names for example {@code Smp.smpCallFunctionSingle}
     * @return such a production
     */
    public Production calls(String... names) {
        Production copy = copy();
        copy.functions = List.of(names);
        return copy;
    }

    /** {@return such a production, legal in some contexts} */
    public Production in(Set<Where> contexts) {
        Production copy = copy();
        copy.where = Set.copyOf(contexts);
        return copy;
    }

    /** {@return such a production, legal in some contexts} */
    public Production in(Where... contexts) {
        return in(Set.of(contexts));
    }

    /** {@return such a production, with arguments of some kinds} */
    public Production args(Arg... kinds) {
        Production copy = copy();
        copy.args = List.of(kinds);
        return copy;
    }

    /**
     * Gives it a body.
     *
     * @param situation the place of the operations in the body, from that of the operation itself
     * @return such a production
     */
    public Production body(BiFunction<Op, Situation, Situation> situation) {
        Production copy = copy();
        copy.inside = situation;
        return copy;
    }

    /** {@return such a production, of which there is no point without a body: the generator gives it one} */
    public Production bracket() {
        Production copy = copy();
        copy.needsBody = true;
        return copy;
    }

    /** {@return such a production, which needs a booted machine} */
    public Production onMachine() {
        Production copy = copy();
        copy.machine = true;
        return copy;
    }

    /** {@return whether operations are possible on a stage} */
    public boolean isOn(Stage stage) {
        return floor.isOn(stage) && (!machine || stage == Stage.MACHINE) && (illegal == null || illegal.isOn(stage));
    }

    /** {@return such a production, with illegal uses, each of which has to end as it says} */
    public Production misuse(Misuse... uses) {
        Production copy = copy();
        copy.misuses = Stream.concat(misuses.stream(), Stream.of(uses)).toList();
        return copy;
    }

    /** {@return the illegal uses, each as a production} */
    public List<Production> illegalOnes() {
        return misuses.stream().map(use -> use.of(this)).toList();
    }

    /** {@return such a production, which is an illegal use} */
    Production illegal(Misuse use) {
        Production copy = copy();
        copy.illegal = use;
        return copy;
    }

    /** {@return the illegal use that it is, or null} */
    public Misuse illegal() {
        return illegal;
    }

    /** {@return such a production, of which a program has one operation at most} */
    public Production once() {
        Production copy = copy();
        copy.unique = true;
        return copy;
    }

    /**
     * Says when the body certainly runs; by default it does.
     *
     * @param value whether it does
     * @return such a production
     */
    public Production surely(BiFunction<Facts, Op, Boolean> value) {
        Production copy = copy();
        copy.sure = value;
        return copy;
    }

    /**
     * Says that it takes a lock: only locks of lower ranks may be held.
     *
     * @param value the rank of the lock
     * @return such a production
     */
    public Production locks(ToIntFunction<Op> value) {
        Production copy = copy();
        copy.rank = value;
        return copy;
    }

    /**
     * Says which CPUs it may take down.
     *
     * @param value gets the operation and the number of CPUs, and returns them as bits
     * @return such a production
     */
    public Production moving(BiFunction<Op, Integer, Integer> value) {
        Production copy = copy();
        copy.moves = value;
        return copy;
    }

    /** {@return such a production, which gives the program properties} */
    public Production marking(String... value) {
        Production copy = copy();
        copy.marks = Set.of(value);
        return copy;
    }

    /** {@return such a production, which sends calls to several CPUs, and interrupts them afterwards} */
    public Production callsMany() {
        Production copy = copy();
        copy.callsMany = true;
        return copy;
    }

    /**
     * Adds a condition for its place.
     *
     * @param value the condition
     * @return such a production
     */
    public Production only(Condition value) {
        Production copy = copy();
        Condition before = condition;
        copy.condition = (facts, op, at) -> before.test(facts, op, at) && value.test(facts, op, at);
        return copy;
    }

    /**
     * Says which results are allowed.
     *
     * @param value the results
     * @return such a production
     */
    public Production gives(Results value) {
        Production copy = copy();
        copy.results = value;
        return copy;
    }

    /** {@return such a production, of which some results are allowed} */
    public Production gives(int... value) {
        return gives((_, _) -> value);
    }

    /**
     * Says that it waits for a signal, or gives one.
     *
     * @param value which
     * @param name the name of the signal
     * @return such a production
     */
    public Production takesPart(Part value, Function<Op, String> name) {
        Production copy = copy();
        copy.part = value;
        copy.signal = name;
        return copy;
    }

    /**
     * Says how often it is drawn, compared to others, of which most have 10.
     *
     * @param value the weight
     * @return such a production
     */
    public Production often(int value) {
        Production copy = copy();
        copy.weight = value;
        return copy;
    }

    /**
     * Names productions that go with it: a program that is about it often has them too.
     *
     * @param names their names
     * @return such a production
     */
    public Production with(String... names) {
        Production copy = copy();
        copy.partners = Set.of(names);
        return copy;
    }

    /**
     * Says what it does.
     *
     * @param value performs it
     * @return such a production
     */
    public Production does(Act value) {
        Production copy = copy();
        copy.act = value;
        return copy;
    }

    /**
     * Says how it is written in Java. In the text {@code $0} is the first argument, {@code $b0} as a boolean,
     * {@code $m0} as a mask of CPUs, {@code $id} the number of the operation and {@code $body} its body. A text that
     * begins with {@code =} or {@code ?} is an expression, an int or a boolean, whose result is checked.
     *
     * @param value the text
     * @return such a production
     */
    public Production java(String value) {
        return java(_ -> value);
    }

    /** {@return such a production, as of {@link #java(String)}, for a text that depends on the operation} */
    public Production java(Function<Op, String> value) {
        Production copy = copy();
        copy.java = value;
        return copy;
    }

    /** {@return its name} */
    public String name() {
        return name;
    }

    /** {@return its floor} */
    public Floor floor() {
        return floor;
    }

    /** {@return the functions that it calls} */
    public List<String> functions() {
        return functions;
    }

    /** {@return its arguments} */
    public List<Arg> args() {
        return args;
    }

    boolean goesWith(Production other) {
        return partners.contains(other.name);
    }

    /** {@return whether operations have a body} */
    public boolean hasBody() {
        return inside != null;
    }

    /** {@return the text of an operation in Java} */
    public String java(Op op) {
        return java.apply(op);
    }

    /** {@return whether it waits for a signal or gives one} */
    public Part part() {
        return part;
    }

    /** {@return the name of that signal for an operation} */
    public String signal(Op op) {
        return signal.apply(op);
    }

    int moves(Op op, int cpus) {
        return moves.apply(op, cpus);
    }

    /** {@return whether an operation has as many arguments as there should be} */
    boolean fits(Op op) {
        return op.args().size() == args.size();
    }

    /** {@return whether an operation is legal at a place, apart from its body} */
    public boolean isLegal(Facts facts, Op op, Situation at) {
        if (!fits(op) || !where.contains(at.where()) || !isOn(facts.stage())
                || inside == null && !op.body().isEmpty()) {
            return false;
        }
        for (int i = 0; i < args.size(); i++) {
            if (!args.get(i).valid().test(op.arg(i), facts)) {
                return false;
            }
        }
        int takes = rank.applyAsInt(op);
        return (takes == Situation.NONE || takes > at.held()) && condition.test(facts, op, at);
    }

    /** {@return the place of the operations in the body of an operation} */
    Situation inside(Facts facts, Op op, Situation at) {
        return situation(op, at).deeper(sure.apply(facts, op));
    }

    Situation situation(Op op, Situation at) {
        return inside.apply(op, at);
    }

    /** {@return the results that are allowed, or null for any} */
    public int[] results(Facts facts, Op op) {
        return results == null ? null : results.of(facts, op);
    }

    @Override
    public String toString() {
        return name;
    }
}
