package org.smp4j.explore.strategy;

import java.util.Arrays;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;

/**
 * Partial order sampling (POS): every step gets a random priority when its strand reaches it, and the step with the
 * highest priority is made; pending steps that race with it draw again. Thus orders of independent steps do not use up
 * schedules.
 */
public final class PosStrategy extends RandomStrategy {
    // By strand: the priority of its next step.
    private double[] weights = new double[8];

    @Override
    public String name() {
        return "pos";
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    @Override
    public void made(Run x, Strand strand) {
        if (strand.id >= weights.length) {
            weights = Arrays.copyOf(weights, Integer.highestOneBit(strand.id) << 1);
        }
        weights[strand.id] = random.fraction();
    }

    @Override
    public void announced(Run x, Strand strand) {
        weights[strand.id] = random.fraction();
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        int best = -1;
        double highest = -1;
        for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
            double weight = weights[id];
            if (weight > highest) {
                highest = weight;
                best = id;
            }
        }
        return best;
    }

    @Override
    public void performed(Run x, Strand strand) {
        Location location = strand.location();
        if (location == null) {
            return;
        }
        boolean writes = (strand.mode() & Access.WRITE) != 0;
        for (int id = 0; id < x.strandCount(); id++) {
            Strand other = x.strand(id);
            if (other != strand && other.location() == location && (writes || (other.mode() & Access.WRITE) != 0)) {
                weights[other.id] = random.fraction();
            }
        }
    }
}
