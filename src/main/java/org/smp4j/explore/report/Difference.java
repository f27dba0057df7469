package org.smp4j.explore.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.model.Describer;

/** The first read that returns another value in a run that lacks one departure. */
public final class Difference {
    private Difference() {
    }

    /**
     * Compares a failing run with one that lacks a departure.
     *
     * @param departure the departure, from 0
     * @param failing the failing run, in detail
     * @param without the other one
     * @return what a strand reads there then, in a few words; null if no telling read differs
     */
    public static String after(int departure, Recording failing, Recording without) {
        List<Step> steps = failing.told();
        Slice slice = new Slice(steps);
        Map<Integer, Iterator<Step>> others = new HashMap<>();
        Map<Integer, List<Step>> byStrand = new HashMap<>();
        without.told().forEach(step -> byStrand.computeIfAbsent(step.strand, _ -> new ArrayList<>()).add(step));
        byStrand.forEach((strand, own) -> others.put(strand, own.iterator()));
        boolean after = false;
        for (Step step : steps) {
            after |= step.departure == departure;
            Iterator<Step> own = others.get(step.strand);
            if (own == null || step.note != null) {
                continue;
            }
            Step other = own.hasNext() ? next(own) : null;
            if (other == null || other.site != step.site) {
                others.remove(step.strand); // from here on the strand takes another way
            } else if (after && slice.rankOf(step) >= Slice.NEAR && step.role != Describer.Role.LOCK && step.reads
                    && step.value != null && other.value != null && !other.value.equals(step.value)) {
                String name = step.name.startsWith(step.actor + ".") ? step.name.substring(step.actor.length() + 1)
                        : step.name;
                return step.actor + " sees " + name + " " + other.value + " at " + step.number;
            }
        }
        return null;
    }

    /** {@return the next step that is no note; null if there is none} */
    private static Step next(Iterator<Step> steps) {
        while (steps.hasNext()) {
            Step step = steps.next();
            if (step.note == null) {
                return step;
            }
        }
        return null;
    }
}
