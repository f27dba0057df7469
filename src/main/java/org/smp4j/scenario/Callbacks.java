package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.Exploring;

/**
 * What is known of the hotplug callbacks of one run: those that are in effect are a matter of the CPU's state, so a callback for the way up and the one for the
 * way down take turns.
 */
final class Callbacks {
    /** A step that is under way. */
    private record Motion(Thread thread, Object cpu, int state, boolean up) {
    }

    /** A step that is in effect, or is not. */
    private static final class Step {
        final Object cpu;
        final int state;
        boolean inEffect;

        Step(Object cpu, int state) {
            this.cpu = cpu;
            this.state = state;
        }
    }

    private final List<Motion> motions = new ArrayList<>();
    private final List<Motion> single = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();

    void enters(Object cpu, int state, boolean up) {
        motions.add(new Motion(Thread.currentThread(), cpu, state, up));
    }

    void leaves() {
        motions.remove(here(motions));
    }

    void runsSingle() {
        single.add(here(motions));
    }

    void ran(int result) {
        Motion motion = here(single);
        if (motion == null) {
            return; // for an instance: each has a life of its own
        }
        single.remove(motion);
        if (result != 0) {
            return;
        }
        Step step = steps.stream().filter(each -> each.cpu == motion.cpu && each.state == motion.state).findFirst().orElse(null);
        if (step == null) {
            step = new Step(motion.cpu, motion.state);
            step.inEffect = !motion.up;
            steps.add(step);
        }
        if (step.inEffect == motion.up) {
            Exploring.broken("callbacks out of step", "the callback of state " + motion.state + " for the way " + (motion.up ? "up" : "down")
                    + " has run twice without the other one in between", List.of());
        }
        step.inEffect = motion.up;
    }

    /** A state has another callback from here on, or none. */
    void replaced(int state) {
        steps.removeIf(step -> step.state == state);
    }

    private static Motion here(List<Motion> list) {
        for (Motion motion : list.reversed()) {
            if (motion.thread == Thread.currentThread()) {
                return motion;
            }
        }
        return null;
    }
}
