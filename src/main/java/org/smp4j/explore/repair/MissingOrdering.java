package org.smp4j.explore.repair;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.smp4j.explore.memory.Strengthening;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.replay.Runner;
import org.smp4j.explore.run.Stop;
import org.smp4j.explore.search.ExhaustiveSearch;

/**
 * Says which ordering is missing where a failing run needs reads of older values, and tries it: the weakest changes of
 * access modes, and the weakest fences, with which the same schedule does not fail. Each is tried by making the run
 * again with it; what it says of other schedules comes from a short search with it.
 */
public final class MissingOrdering {
    private static final int MOST_TRIALS = 6000;
    private static final long MOST_STEPS = 3_000_000; // of all trials
    private static final long MOST_STEPS_OF_A_SEARCH = 400_000;
    private static final int MOST_SITES = 24;
    private static final int MOST_SCHEDULES = 2000;
    private static final int MOST_REPAIRS = 6;

    private final Runner runner;
    private final Departures departures;
    private final String rule;
    private final Supplier<ExhaustiveSearch> search;
    private final Stop stop;
    private final Accesses accesses;
    private int trials;
    private long steps;

    /** Changes that together make the schedule impossible, and what a search with them has shown. */
    private record Repair(List<Change> changes, String outcome, boolean isEnough) {
    }

    /**
     * Prepares.
     *
     * @param runner makes the runs, under a weak memory model
     * @param departures those of the failing run
     * @param rule the rule that it breaks
     * @param search makes a fresh search for other schedules that fail
     * @param stop ends the trials early
     */
    public MissingOrdering(Runner runner, Departures departures, String rule, Supplier<ExhaustiveSearch> search,
            Stop stop) {
        this.runner = runner;
        this.departures = departures;
        this.rule = rule;
        this.search = search;
        this.stop = stop;
        accesses = new Accesses(runner.x);
    }

    /** {@return what is missing, one line each; none if the run reads no older value} */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        runner.run(new ReplayStrategy(departures), 0, 0, accesses);
        try {
            for (int i = 0; i < accesses.older.size() && lines.isEmpty(); i++) {
                explain(accesses.older.get(i), lines);
            }
            if (lines.isEmpty() && !accesses.older.isEmpty()) {
                lines.add(isOver()
                        ? "not all changes of one or two access modes or fences were tried; none of these helps"
                        : "no change of one or two access modes or fences makes this schedule impossible");
            }
        } catch (ExplorerException e) {
            lines.add("trying orderings has ended early: " + e.getMessage());
        } finally {
            runner.x.weak.strengthen(List.of());
        }
        return lines;
    }

    private void explain(Accesses.OlderRead read, List<String> lines) {
        List<Integer> publishers = sites(read, true);
        List<Integer> readers = sites(read, false);
        List<Change> modes = new ArrayList<>();
        List<Change> fences = new ArrayList<>();
        List<Change> readModes = new ArrayList<>();
        List<Change> readFences = new ArrayList<>();
        publishers.forEach(index -> add(index, true, modes, fences));
        readers.forEach(index -> add(index, false, readModes, readFences));
        Repair byMode = first(modes, readModes);
        Repair byFence = first(fences, readFences);
        if (byMode == null && byFence == null) {
            modes.addAll(fences);
            readModes.addAll(readFences);
            byMode = first(modes, readModes); // one of each kind
        }
        if (byMode == null && byFence == null) {
            return;
        }
        lines.add("an ordering is missing " + where(read, byMode == null ? byFence : byMode));
        if (byMode != null) {
            lines.add("with " + byMode.outcome());
        }
        if (byFence != null) {
            lines.add((byMode == null ? "with " : "or with ") + byFence.outcome());
        }
    }

    /** {@return the indexes of steps that could order the store, or the read; the nearest to it first, a site once} */
    private List<Integer> sites(Accesses.OlderRead read, boolean ofStore) {
        int reader = accesses.steps.get(read.index()).strand();
        Map<Integer, Integer> bySite = new LinkedHashMap<>();
        if (ofStore) {
            boolean stored = false;
            for (int i = 0; i < accesses.steps.size(); i++) {
                Accesses.Step step = accesses.steps.get(i);
                boolean isStore = step.strand() == read.writer() && step.site() == read.store();
                stored |= isStore;
                if (stored && !isStore && step.strand() != reader) {
                    bySite.putIfAbsent(step.site(), i);
                }
            }
            for (int i = 0; i < accesses.steps.size(); i++) {
                if (accesses.steps.get(i).site() == read.store()) {
                    bySite.putIfAbsent(read.store(), i); // volatile there, perhaps
                }
            }
        } else {
            for (int i = read.index(); i >= 0; i--) {
                if (accesses.steps.get(i).strand() == reader) {
                    bySite.putIfAbsent(accesses.steps.get(i).site(), i);
                }
            }
        }
        return bySite.values().stream().limit(MOST_SITES).toList();
    }

    private void add(int index, boolean ofStore, List<Change> modes, List<Change> fences) {
        Accesses.Step step = accesses.steps.get(index);
        Site site = Sites.get(step.site());
        modes.addAll(Change.modes(site, step.mode()));
        fences.addAll(Change.fences(site, ofStore));
    }

    /** {@return the weakest change of one kind, or of two, one on each side; null if none makes the run impossible} */
    private Repair first(List<Change> ofStore, List<Change> ofRead) {
        List<List<Change>> candidates = new ArrayList<>();
        ofStore.forEach(change -> candidates.add(List.of(change)));
        ofRead.forEach(change -> candidates.add(List.of(change)));
        ofStore.forEach(store -> ofRead.forEach(read -> {
            if (store.strengthening().site() != read.strengthening().site()) {
                candidates.add(List.of(store, read));
            }
        }));
        candidates.sort(Comparator.comparingInt(changes -> changes.size() == 1 ? changes.getFirst().cost()
                : 100 + changes.stream().mapToInt(Change::cost).sum())); // stable: the nearest first
        Repair best = null;
        int repairs = 0;
        for (List<Change> changes : candidates) {
            if (isOver() || repairs == MOST_REPAIRS) {
                break;
            }
            if (isImpossibleWith(changes)) {
                repairs++;
                Repair repair = searched(changes);
                if (repair.isEnough()) {
                    return repair;
                }
                best = best == null ? repair : best;
            }
        }
        return best;
    }

    private boolean isOver() {
        return trials >= MOST_TRIALS || steps >= MOST_STEPS || stop.now();
    }

    private static List<Strengthening> strengthenings(List<Change> changes) {
        return changes.stream().map(Change::strengthening).toList();
    }

    private boolean isImpossibleWith(List<Change> changes) {
        runner.x.weak.strengthen(strengthenings(changes));
        Outcome outcome = runner.run(new ReplayStrategy(departures), 0, 0);
        trials++;
        steps += runner.x.steps();
        return outcome == Outcome.COMPLETE;
    }

    /** Looks for other schedules that break the same rule in spite of the changes. */
    private Repair searched(List<Change> changes) {
        StringBuilder text = new StringBuilder();
        changes.forEach(change -> text.append(text.isEmpty() ? "" : " and ").append(change.text()));
        ExhaustiveSearch schedules = search.get();
        boolean complete = true;
        long made = 0;
        long length = 0;
        while (schedules.advance(runner.x.view)) {
            if (made == MOST_SCHEDULES || length >= MOST_STEPS_OF_A_SEARCH || stop.now()) {
                complete = false;
                break;
            }
            Outcome outcome = runner.run(schedules, made++, 0, schedules.observer());
            length += runner.x.steps();
            if (outcome == Outcome.FAILED && runner.x.failure().rule().equals(rule)) {
                return new Repair(changes, text + ", this schedule is impossible, but another one fails still", false);
            }
            if (outcome == Outcome.STOPPED) {
                complete = false;
                break;
            }
        }
        return new Repair(changes, text + ", this schedule is impossible, and none of " + made + " others fails"
                + (complete ? ", which are all of " + schedules.name() : ""), true);
    }

    /** {@return between which accesses the changes order} */
    private String where(Accesses.OlderRead read, Repair repair) {
        List<String> places = new ArrayList<>();
        for (int i = 0; i < repair.changes().size(); i++) {
            Change change = repair.changes().get(i);
            int at = index(read, change.strengthening().site());
            int reader = accesses.steps.get(read.index()).strand();
            Accesses.Step step = accesses.steps.get(at);
            if (step.strand() == reader) {
                places.add(change.isFence() || at == read.index() ? between(next(at, -1), read.index())
                        : between(at, read.index()));
            } else if (step.strand() == read.writer()) {
                int store = index(read, read.store());
                places.add(at == store ? between(store, next(store, 1)) : between(store, at));
            } else {
                places.add(change.isFence() || !step.reads() ? between(next(at, -1), at) : between(at, next(at, 1)));
            }
        }
        return String.join(", and ", places);
    }

    /** {@return the index of the step at a site that comes nearest before the read, or after the store} */
    private int index(Accesses.OlderRead read, int site) {
        int reader = accesses.steps.get(read.index()).strand();
        for (int i = read.index(); i >= 0; i--) {
            if (accesses.steps.get(i).site() == site && accesses.steps.get(i).strand() == reader) {
                return i;
            }
        }
        int i = 0;
        while (accesses.steps.get(i).site() != site) {
            i++;
        }
        return i;
    }

    /** {@return the index of the step that its strand makes before or after another; -1 if there is none} */
    private int next(int index, int by) {
        int i = index + by;
        while (i >= 0 && i < accesses.steps.size()
                && accesses.steps.get(i).strand() != accesses.steps.get(index).strand()) {
            i += by;
        }
        return i < accesses.steps.size() ? i : -1;
    }

    private String between(int first, int second) {
        int known = first < 0 ? second : first;
        String name = " by " + runner.x.view.strand(accesses.steps.get(known).strand()).name();
        return first < 0 || second < 0 ? "at " + text(accesses.steps.get(known)) + name
                : "between " + text(accesses.steps.get(first)) + " and " + text(accesses.steps.get(second)) + name;
    }

    private static String text(Accesses.Step step) {
        Site place = Sites.get(step.site());
        return place.operation() + " " + step.location()
                + (place.file() == null ? "" : " at " + place.file() + ":" + place.line());
    }
}
