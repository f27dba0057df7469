package org.smp4j.explore.strategy;

import java.util.Arrays;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Probabilistic concurrency testing (PCT): strands have random priorities, and the strand with the highest priority
 * that can step makes the next step. At some steps, drawn beforehand, the priority of the strand that steps falls below
 * all others. A bug that needs d orderings is found by a schedule with probability of at least 1 / (n k^(d-1)), with n
 * strands and k steps.
 */
public final class PctStrategy extends RandomStrategy {
    private final int depth;
    private final int[] changes;
    // By strand: the strands with a higher priority. At most steps none of these can step, so the current strand goes
    // on after one check.
    private StrandSet[] above = {};
    private int[] priorities = {};
    private int nextChange;
    private int mostSteps = 32;
    private int strandsSeen = 1;

    /**
     * PCT for bugs of some depth.
     *
     * @param depth how many orderings a bug needs; priorities change depth - 1 times
     */
    public PctStrategy(int depth) {
        this.depth = depth;
        changes = new int[depth - 1];
    }

    @Override
    public String name() {
        return "pct" + depth;
    }

    /**
     * {@return a lower bound for the probability that one schedule finds a bug of this depth, for the program size that
     * the schedules so far have shown}
     */
    public double bound() {
        return 1 / (strandsSeen * Math.pow(mostSteps, depth - 1));
    }

    /** {@return the largest number of steps in a schedule so far} */
    public int mostSteps() {
        return mostSteps;
    }

    /** {@return the largest number of strands in a schedule so far} */
    public int strandsSeen() {
        return strandsSeen;
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        for (int i = 0; i < changes.length; i++) {
            changes[i] = 1 + random.below(mostSteps);
        }
        Arrays.sort(changes);
        nextChange = 0;
        return this;
    }

    @Override
    public void made(Run x, Strand strand) {
        if (strand.id >= above.length) {
            makeRoom(strand.id);
        }
        priorities[strand.id] = 1 + random.below(1 << 30);
        above[strand.id].clear();
        for (int i = 0; i < x.strandCount(); i++) {
            if (i == strand.id) {
                continue;
            }
            above[i].remove(strand);
            if (priorities[i] >= priorities[strand.id]) {
                above[strand.id].add(i);
            } else {
                above[i].add(strand);
            }
        }
    }

    private void makeRoom(int id) {
        int known = above.length;
        above = Arrays.copyOf(above, Math.max(8, Integer.highestOneBit(id) << 1));
        priorities = Arrays.copyOf(priorities, above.length);
        for (int i = known; i < above.length; i++) {
            above[i] = new StrandSet();
        }
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        while (nextChange < changes.length && x.steps() >= changes[nextChange]) {
            nextChange++;
            fall(x, current);
        }
        int highest = menu.has(current) ? current.id : menu.next(0);
        for (int higher; (higher = menu.common(above[highest])) >= 0; ) {
            highest = higher;
        }
        return highest;
    }

    private void fall(Run x, Strand strand) {
        priorities[strand.id] = -nextChange;
        for (int i = 0; i < x.strandCount(); i++) {
            above[strand.id].add(i);
            above[i].remove(strand);
        }
    }

    @Override
    public void learn(Run x) {
        super.learn(x);
        mostSteps = Math.max(mostSteps, x.steps());
        strandsSeen = Math.max(strandsSeen, x.strandCount());
    }
}
