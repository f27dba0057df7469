package org.smp4j.explore.report;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Heartbeat;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** Records the steps of all strands in one run, in order; of a very long run the beginning and the end. */
public final class Recording implements Observer {
    private static final int MOST = 200_000;
    private static final int MOST_PLAIN = 20_000;
    private static final int BEAT_MASK = 0xff;

    private final boolean detailed;
    private final boolean withState;
    private int plain; // how many plain accesses that are no steps; -1 if they are not wanted
    private boolean begun; // whether a step of the explored stretch was made
    // What the scenario says of its state, for a picture.
    private Map<String, Set<String>> bands = Map.of();
    private Map<String, String> shades = Map.of();
    private final List<Step> steps = new ArrayList<>();
    private final Deque<Step> latest = new ArrayDeque<>(); // the latest steps after the first list is full
    private int count;
    private final Map<Integer, Step> last = new HashMap<>();
    private final List<Integer> labels = new ArrayList<>();
    // The id of the strand that was preempted or passed over before the next step; -1 for none.
    private int departed = -1;
    // Why that one could be preempted; null if that is not known.
    private String departedAs;
    // The step whose value comes next; null if the next value is of an access that is no step.
    private Step expecting;
    private boolean readsOlder;

    private final BiConsumer<Run, Object> events;

    /** Records what columns show. */
    public Recording() {
        this(false);
    }

    /** Records functions, the scenario's names and plain accesses as well, if {@code detailed}; that takes longer. */
    public Recording(boolean detailed) {
        this(detailed, false, (_, _) -> { });
    }

    private Recording(boolean detailed, boolean withState, BiConsumer<Run, Object> events) {
        this.detailed = detailed;
        this.withState = withState;
        this.plain = detailed ? 0 : -1;
        this.events = events;
    }

    /** {@return one that records the scenario's state after each step as well} */
    public static Recording withState() {
        return new Recording(true, true, (_, _) -> { });
    }

    /** A recording that also passes on each event that the program gives away. */
    public Recording(BiConsumer<Run, Object> events) {
        this(false, false, events);
    }

    @Override
    public void event(Run x, Strand strand, Object event) {
        events.accept(x, event);
    }

    /** {@return the aspects of the state that are phases, with the values that have no band} */
    Map<String, Set<String>> bands() {
        return bands;
    }

    /** {@return the aspects of the state that are worth a shade, with the value that has none} */
    Map<String, String> shades() {
        return shades;
    }

    List<Step> steps() {
        return recorded().stream().filter(step -> !step.plain).toList();
    }

    private List<Step> recorded() {
        List<Step> all = new ArrayList<>(steps);
        all.addAll(latest);
        return all;
    }

    /** {@return the steps after the scenario's setup, which is the same in every run} */
    List<Step> told() {
        return explored(steps());
    }

    /** {@return these steps, and between them the plain accesses that are no steps, to fields that strands share} */
    List<Step> toldWithPlain() {
        List<Step> all = explored(recorded());
        Map<Location, Set<Integer>> users = new HashMap<>();
        Set<Location> written = new HashSet<>();
        for (Step step : all) {
            if (step.plain) {
                users.computeIfAbsent(step.location, _ -> new HashSet<>()).add(step.strand);
                if (step.writes) {
                    written.add(step.location);
                }
            }
        }
        return all.stream().filter(step -> !step.plain || plain >= 0 && written.contains(step.location)
                && users.get(step.location).size() > 1).toList();
    }

    private static List<Step> explored(List<Step> all) {
        int first = 0;
        while (first < all.size() && !all.get(first).explored) {
            first++;
        }
        return first == all.size() ? all : all.subList(first, all.size());
    }

    /** The run has failed: where it did not stop for want of steps, the last one has broken the rule. */
    public void failed(String rule) {
        List<Step> all = recorded();
        Step step = all.isEmpty() ? null : all.getLast();
        if (step != null && !rule.equals(Failure.DEADLOCK) && !rule.equals(Failure.LIVELOCK) && step.note == null
                && step.location != null && !step.ofThread) {
            step.breaks = true;
        }
    }

    /** {@return the labels of the sites where the run departed from the default, in order} */
    public int[] labels() {
        return labels.stream().mapToInt(Integer::intValue).toArray();
    }

    private Step add(Run x, Strand strand) {
        Step step = new Step(x, count++, strand, strand.location() == null ? null : name(x, strand));
        step.explored = x.inStretch();
        step.forced = departed >= 0;
        step.stopped = departed;
        step.stoppedAs = departedAs;
        if (step.forced) {
            step.departure = labels.size() - 1;
        }
        departed = -1;
        departedAs = null;
        if (detailed) {
            CallStack.describe(x, strand, step);
        }
        if (withState) {
            Step before = latest.isEmpty() ? steps.isEmpty() ? null : steps.getLast() : latest.getLast();
            begun |= step.explored;
            if (before != null && begun) {
                before.state = x.ask(strand, Describer::state);
            }
            bands = x.ask(strand, Describer::bands);
            shades = x.ask(strand, Describer::shades);
        }
        if (steps.size() < MOST) {
            steps.add(step);
        } else {
            if (latest.size() == MOST) {
                latest.removeFirst();
            }
            latest.add(step);
        }
        last.put(strand.id, step);
        return step;
    }

    @Override
    public void performed(Run x, Strand strand) {
        Step step = add(x, strand);
        if ((step.index & BEAT_MASK) == 0) {
            Heartbeat.beat(); // a recorded step takes a thousand times as long as another
        }
        expecting = step.location != null && !step.ofThread ? step : null;
    }

    /** Those of a scenario with a machine are not wanted: they are many, and it describes its state itself. */
    @Override
    public boolean seesPlain() {
        return plain >= 0;
    }

    @Override
    public void plain(Run x, Strand strand) {
        if ((strand.mode() & Access.INNER) != 0) {
            return;
        }
        if (plain == MOST_PLAIN || !x.ask(strand, by -> by == Describer.NONE)) {
            plain = -1;
            return;
        }
        plain++;
        Step step = new Step(x, count++, strand, name(x, strand));
        step.explored = x.inStretch();
        step.plain = true;
        CallStack.describe(x, strand, step);
        if (steps.size() < MOST) {
            steps.add(step);
        }
        expecting = step;
    }

    @Override
    public void exchanged(Run x, Strand strand, boolean success) {
        Step step = last.get(strand.id);
        step.writes = success;
        step.failed = !success;
    }

    @Override
    public void interrupted(Run x, Strand strand) {
        String which = detailed ? x.ask(strand, by -> by.interrupts(strand.thread())) : null;
        mark(x, strand, "takes an interrupt" + (which == null ? "" : ": " + which));
    }

    @Override
    public void readsOlder(Run x, Strand strand, String text) {
        departed(x, strand, text);
        last.get(strand.id).older = true;
        readsOlder = true;
    }

    /** {@return whether a read has returned an older value than the newest} */
    boolean readsOlder() {
        return readsOlder;
    }

    @Override
    public void departed(Run x, Strand strand, String text) {
        labels.add(Sites.label(strand.site()));
        Step step = mark(x, strand, text);
        step.forced = true;
        step.departure = labels.size() - 1;
    }

    private Step mark(Run x, Strand strand, String text) {
        Step step = add(x, strand);
        step.note = text;
        step.reads = false;
        step.writes = false;
        return step;
    }

    @Override
    public void departed(Run x, Strand from, Strand to) {
        labels.add(Sites.label(to.site()));
        departed = from.id;
        departedAs = detailed ? x.ask(from, by -> by.preemptible(from.thread())) : null;
    }

    @Override
    public void chose(Run x, Strand strand, int choice) {
        Step step = last.get(strand.id);
        step.note = "chooses " + choice;
        if (choice != 0) {
            labels.add(Sites.label(strand.site()));
            step.forced = true;
            step.departure = labels.size() - 1;
        }
    }

    @Override
    public void value(Run x, Strand strand, Object value) {
        if (expecting != null && expecting.strand == strand.id) {
            expecting.value = text(x, strand, expecting.location, value);
            if (detailed && expecting.isFetch()) {
                expecting.becomes = becomes(x, strand, expecting.location);
            }
            if (withState && expecting.writes && !expecting.location.isClass()) {
                Step step = expecting;
                step.arrow = x.ask(strand, by -> by.arrow(step.location.object(), fieldOf(step.location),
                        step.isFetch(), value));
            }
            expecting = null;
        }
    }

    /** What a location holds after a step that has reported what it held before. */
    private String becomes(Run x, Strand strand, Location at) {
        if (at.object() == null || at.isClass()) {
            return null;
        }
        Object now = at.field() < 0 && at.object().getClass().isArray()
                ? Array.get(at.object(), -1 - at.field())
                : at.field() < 0 ? Describer.UNKNOWN : x.ask(strand, by -> by.now(at.object(), fieldOf(at)));
        return now == Describer.UNKNOWN ? null : text(x, strand, at, now);
    }

    private String text(Run x, Strand strand, Location at, Object value) {
        if (detailed) {
            String words = x.ask(strand, by -> by.value(at.object(), fieldOf(at), value));
            String name = words != null || value == null ? words : x.ask(strand, by -> by.object(value));
            if (name != null) {
                return name;
            }
        }
        return switch (value) {
            case null -> "null";
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case Character character -> "'" + character + "'";
            case String string -> '"' + string + '"';
            case Enum<?> constant when detailed -> constant.name();
            default -> Names.simple(value.getClass()) + "#" + x.idOf(value);
        };
    }

    // ---- in detail

    /** {@return the name of a field alone} */
    static String fieldOf(Location location) {
        if (location.field() < 0) {
            return "";
        }
        String name = Sites.fieldName(location.field());
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** The name of the location that a strand is about to access. */
    private String name(Run x, Strand strand) {
        Location at = strand.location();
        if (detailed && at.object() != null && !at.isThreads() && !at.isClass()) {
            String object = x.ask(strand, by -> by.object(at.object()));
            if (object != null) {
                return at.field() < 0 ? object : object + "." + fieldOf(at);
            }
        }
        return x.name(at);
    }

    @Override
    public void named(Run x, Strand strand, Supplier<String> text) {
        Step step = last.get(strand.id);
        step.note = text.get();
        link(x, strand, step);
    }

    @Override
    public void note(Run x, Strand strand, String text) {
        link(x, strand, mark(x, strand, text));
    }

    private void link(Run x, Strand strand, Step step) {
        if (detailed) {
            step.link = x.ask(strand, by -> by.link(step.note));
        }
    }
}
