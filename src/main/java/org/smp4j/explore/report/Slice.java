package org.smp4j.explore.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.run.Location;

/**
 * The steps of a recorded run that its failure can depend on, and how telling each is. It goes backwards from the end:
 * what a strand does may depend on everything that it has read before, and a read depends on the write that it
 * returned. Of these steps those are told in which strands meet.
 */
final class Slice {
    /** Steps that are always told: forced switches, notes. */
    static final int ALWAYS = 4;
    /**
     * Steps of the user's code, and those that took a lock which is never released; the last access; what a preempted
     * strand has read and another then writes.
     */
    static final int OWN = 3;
    /** Steps on what strands do around a forced switch. */
    static final int NEAR = 2;
    /** Other steps in which strands meet. */
    static final int FAR = 1;
    /** Locks that are free, and details. */
    static final int DETAIL = 0;

    // A read counts as overtaken by a write if the reader has made no more steps than this since.
    private static final int CONTEXT = 8;

    private final List<Step> steps;
    private final Set<Step> meets = new HashSet<>();
    private final Set<Location> near = new HashSet<>();
    private final Set<Step> overtaken = new HashSet<>();
    private final Set<Step> holds = new HashSet<>();
    private final Set<Integer> relevant = new HashSet<>();
    private final Map<Step, Integer> ordinals = new HashMap<>(); // of a step among its strand's
    private final Map<Integer, Integer> counts = new HashMap<>();

    // Strands whose own code meets no other but through locks: that they take them is what can be told.
    private final Set<Integer> onlyLocks = new HashSet<>();
    private final Location end; // what the run accesses last

    /** Makes the slice of a run that fails in its last step. */
    Slice(List<Step> steps) {
        this(steps, steps.isEmpty() ? Set.of() : Set.of(steps.getLast().strand));
    }

    /**
     * Makes the slice.
     *
     * @param steps the run, or a part of it up to where it fails
     * @param failing the strands that fail
     */
    Slice(List<Step> steps, Set<Integer> failing) {
        this.steps = steps;
        end = steps.reversed().stream().filter(step -> step.location != null && step.note == null).findFirst()
                .map(step -> step.location).orElse(null);
        meet();
        share();
        dropPolls();
        around();
        depend(failing);
        hold();
        steps.forEach(step -> onlyLocks.add(step.strand));
        meets.stream().filter(step -> step.own && step.role != Describer.Role.LOCK && !step.ofThread)
                .forEach(step -> onlyLocks.remove(step.strand));
    }

    /** The steps in which strands meet: a read of what another has written, a write to what another has just read. */
    private void meet() {
        Map<Location, Step> written = new HashMap<>();
        Map<Location, List<Step>> read = new HashMap<>();
        Map<String, Step> seen = new HashMap<>();
        Map<Location, String> values = new HashMap<>();
        for (Step step : steps) {
            ordinals.put(step, counts.merge(step.strand, 1, Integer::sum));
            if (step.location == null) {
                continue;
            }
            boolean silent = step.writes && !step.own && !step.isFetch() && step.value != null
                    && step.value.equals(values.get(step.location));
            if (step.reads || step.failed) {
                Step from = written.get(step.location);
                String reader = step.strand + (step.handler ? "h " : " ") + step.location.id();
                // What was written before the reader was started is where it begins from, and no meeting.
                if (from != null && from.isOfOther(step) && seen.put(reader, from) != from
                        && (from.own || step.strand < from.strands)) {
                    meets.add(step);
                    meets.add(from);
                }
                List<Step> readers = read.computeIfAbsent(step.location, _ -> new ArrayList<>());
                readers.removeIf(other -> !other.isOfOther(step));
                readers.add(step);
            }
            if (step.writes && !silent) {
                written.put(step.location, step);
                List<Step> readers = read.remove(step.location);
                for (Step reader : readers == null ? List.<Step>of() : readers) {
                    if (reader.isOfOther(step) && counts.get(reader.strand) - ordinals.get(reader) <= CONTEXT) {
                        meets.add(reader);
                        meets.add(step);
                    }
                }
            }
            if (step.writes && step.isFetch()) {
                values.remove(step.location);
            } else if (step.value != null) {
                values.put(step.location, step.value);
            }
        }
    }

    /** The user's own accesses are kept wherever strands share something. */
    private void share() {
        Map<Location, Step> first = new HashMap<>();
        Set<Location> written = new HashSet<>();
        Set<Location> several = new HashSet<>();
        for (Step step : steps) {
            if (step.location != null) {
                Step before = first.putIfAbsent(step.location, step);
                if (before != null && before.isOfOther(step)) {
                    several.add(step.location);
                }
                if (step.writes) {
                    written.add(step.location);
                }
            }
        }
        steps.stream().filter(step -> step.own && step.note == null && several.contains(step.location)
                && written.contains(step.location)).forEach(meets::add);
    }

    /** A strand that reads the same at the same place again was waiting for news: what it read before tells nothing. */
    private void dropPolls() {
        Map<String, Step> later = new HashMap<>();
        for (Step step : steps.reversed()) {
            if (step.location != null && step.reads && !step.writes && !step.forced) {
                Step again = later.put(step.strand + " " + step.site + " " + step.location.id(), step);
                if (again != null && (step.own || ordinals.get(again) - ordinals.get(step) <= CONTEXT)) {
                    meets.remove(step);
                }
            }
        }
    }

    /** The locations that a preempted strand reaches just before and after it is preempted. */
    private void around() {
        Map<Integer, List<Step>> byStrand = new HashMap<>();
        steps.forEach(step -> byStrand.computeIfAbsent(step.strand, _ -> new ArrayList<>()).add(step));
        for (Step step : steps) {
            if (step.forced) {
                List<Step> own = byStrand.getOrDefault(step.stopped >= 0 ? step.stopped : step.strand, List.of());
                int at = (int) own.stream().takeWhile(other -> other.index < step.index).count();
                own.subList(Math.max(0, at - CONTEXT), Math.min(own.size(), at + CONTEXT)).stream()
                        .map(other -> other.location).filter(Objects::nonNull).forEach(near::add);
                if (step.stopped >= 0 && at > 0) {
                    Step last = own.get(at - 1);
                    int until = own.subList(at, own.size()).stream()
                            .filter(other -> other.note == null && other.depth <= last.depth + 1)
                            .mapToInt(other -> other.index).findFirst().orElse(Integer.MAX_VALUE);
                    overtake(step, own.subList(Math.max(0, at - CONTEXT), at), until);
                }
            }
        }
    }

    /** What a preempted strand has just read, and another writes before it goes on. */
    private void overtake(Step forced, List<Step> before, int until) {
        Map<Location, Step> read = new HashMap<>();
        before.stream().filter(step -> step.location != null && step.reads && !step.writes && !isMinor(step))
                .forEach(step -> read.put(step.location, step));
        for (Step step : steps) {
            if (step.index >= forced.index && step.index < until && step.writes) {
                Step reader = read.remove(step.location);
                if (reader != null && step.isOfOther(reader)) {
                    overtaken.add(reader);
                    overtaken.add(step);
                }
            }
        }
    }

    private static boolean isMinor(Step step) {
        return step.role != Describer.Role.STATE || step.ofThread && !step.own;
    }

    private void depend(Set<Integer> failing) {
        Set<Location> wanted = new HashSet<>();
        Set<Integer> active = new HashSet<>(failing);
        Set<Step> settled = settled();
        // What was sent and never arrived is what went wrong; which thread has waited for the end or a lock of which is
        // not.
        boolean isOpen = steps.stream().anyMatch(step -> step.link != null && step.link.settles()
                && !settled.contains(step));
        for (Step step : steps.reversed()) {
            boolean writesWanted = step.writes && wanted.contains(step.location) && !(isOpen && isMinor(step));
            if (step.note != null && !settled.contains(step) || step.forced || writesWanted) {
                active.add(step.strand);
            }
            if (active.contains(step.strand)) {
                relevant.add(step.index);
                if (step.location != null && (step.reads || step.failed)) {
                    wanted.add(step.location);
                }
            }
        }
    }

    /** The notes on what was sent and received: they alone don't belong to what went wrong. */
    private Set<Step> settled() {
        Map<String, Deque<Step>> open = new HashMap<>();
        Set<Step> settled = new HashSet<>();
        for (Step step : steps) {
            if (step.link != null && step.link.settles()) {
                Deque<Step> sent = open.computeIfAbsent(step.link.kind() + step.link.key(), _ -> new ArrayDeque<>());
                if (step.link.sends()) {
                    sent.add(step);
                } else if (!sent.isEmpty()) {
                    settled.add(sent.remove());
                    settled.add(step);
                }
            }
        }
        return settled;
    }

    /** The steps of the user's code that took a lock which is never released. */
    private void hold() {
        Map<Location, Step> holders = new HashMap<>();
        for (Step step : steps) {
            if (step.role == Describer.Role.LOCK && step.note == null && step.own && !step.failed) {
                if (step.reads && step.writes) {
                    holders.put(step.location, step);
                } else if (step.writes) {
                    holders.remove(step.location);
                }
            }
        }
        holds.addAll(holders.values());
    }

    /** {@return how telling a step is; below 0 for one that is not told} */
    int rankOf(Step step) {
        if (step.note != null) {
            return step.forced || relevant.contains(step.index) ? ALWAYS : -1;
        }
        if (step.breaks || overtaken.contains(step) || holds.contains(step)) {
            return OWN;
        }
        if (!meets.contains(step) || !relevant.contains(step.index)) {
            return -1;
        }
        if (step.role == Describer.Role.LOCK) {
            return step.failed || step.own && step.reads && onlyLocks.contains(step.strand) ? NEAR : DETAIL;
        }
        if (isMinor(step)) {
            return DETAIL;
        }
        return step.own || step.location == end ? OWN : near.contains(step.location) ? NEAR : FAR;
    }
}
