package org.smp4j.explore;

/**
 * Partial order sampling: every step gets a priority at random when a strand comes to it, and the highest is made; steps that race with it draw again. So
 * orders of independent steps don't take a share of the schedules.
 */
final class PosStrategy extends RandomStrategy {
    @Override
    String name() {
        return "pos";
    }

    @Override
    boolean wantsSteps() {
        return true;
    }

    @Override
    void made(Execution x, Strand strand) {
        strand.weight = random.fraction();
    }

    @Override
    void announced(Execution x, Strand strand) {
        strand.weight = random.fraction();
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        int best = -1;
        double highest = -1;
        for (long left = menu; left != 0; left &= left - 1) {
            int id = Long.numberOfTrailingZeros(left);
            double weight = x.strand(id).weight;
            if (weight > highest) {
                highest = weight;
                best = id;
            }
        }
        return best;
    }

    @Override
    void performed(Execution x, Strand strand) {
        Location location = strand.location;
        if (location == null) {
            return;
        }
        boolean writes = (strand.mode & Access.WRITE) != 0;
        for (int id = 0; id < x.strandCount(); id++) {
            Strand other = x.strand(id);
            if (other != strand && other.location == location && (writes || (other.mode & Access.WRITE) != 0)) {
                other.weight = random.fraction();
            }
        }
    }
}
