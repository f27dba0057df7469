package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.smp4j.explore.Exploring;

/**
 * The hotplug callbacks of one run. For each CPU, state and instance of a state: a startup is undone by a teardown, no
 * startup runs twice in a row, and no teardown runs without a startup.
 *
 * <p>A callback that fails has changed nothing. If its failure does not end the operation, the state is unknown until
 * the next callback has run.
 */
final class Callbacks {
    /** A step that is under way. */
    private record Motion(Thread thread, Object cpu, int state, boolean up) {
    }

    /** A callback that runs. */
    private record Run(Thread thread, Step step, boolean up) {
    }

    /** What the callbacks of a state have done on a CPU. */
    private static final class Step {
        final Object cpu;
        final int state;
        final Object instance; // or null
        boolean inEffect;

        Step(Object cpu, int state, Object instance) {
            this.cpu = cpu;
            this.state = state;
            this.instance = instance;
        }
    }

    private final List<Motion> motions = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final List<Thread> mayFail = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> instances = new ArrayList<>();
    private final List<Step> ambiguous = new ArrayList<>();

    /**
     * A CPU is in a state, and no callback of a motion runs: what has no callback for a direction is passed all the
     * same.
     *
     * @param has whether a state has a callback for the way up, or down
     */
    void stands(Object cpu, int at, BiPredicate<Integer, Boolean> has) {
        for (Step step : steps) {
            boolean passed = step.state <= at;
            if (step.cpu == cpu && step.inEffect != passed && !has.test(step.state, passed)) {
                step.inEffect = passed;
            }
        }
    }

    void enters(Object cpu, int state, boolean up) {
        motions.add(new Motion(Thread.currentThread(), cpu, state, up));
    }

    void leaves() {
        motions.remove(here());
    }

    /** The step that is under way is taken back for some instances. */
    void undoes() {
        Motion motion = here();
        motions.add(new Motion(motion.thread, motion.cpu, motion.state, !motion.up));
    }

    /** From here on a callback of this thread that fails does not end the motion. */
    void ignoresFailures() {
        mayFail.add(Thread.currentThread());
    }

    void ignoresFailuresNoMore() {
        mayFail.remove(Thread.currentThread());
    }

    void runs(int cpu, Object instance) {
        Motion motion = here();
        Step step = find(motion.cpu, motion.state, instance);
        if (step == null) {
            step = new Step(motion.cpu, motion.state, instance);
            step.inEffect = !motion.up;
            steps.add(step);
        }
        if (step.inEffect == motion.up && !isAmbiguous(motion.state, instance)) {
            Exploring.broken("callbacks out of step", "state " + motion.state + " is "
                    + (motion.up ? "set up on CPU " + cpu + ", where it is set up already"
                    : "torn down on CPU " + cpu + ", where it is not set up")
                    + (instance == null ? "" : ", for instance " + instance), List.of());
        }
        runs.add(new Run(Thread.currentThread(), step, motion.up));
    }

    /**
     * A callback has run.
     *
     * @param at the state in which the CPU is now
     */
    void ran(int result, int at) {
        Run run = runs.stream().filter(each -> each.thread == Thread.currentThread()).reduce((first, second) -> second)
                .orElseThrow();
        runs.remove(run);
        // bring-up fails when the CPU has come up and then could not go on: it has to be taken down
        if (result == 0 || run.up && at > run.step.state) {
            run.step.inEffect = run.up;
        } else if (mayFail.contains(run.thread)) {
            steps.remove(run.step);
        }
    }

    /** A state has other callbacks from here on, or none. */
    void replaced(int state) {
        steps.removeIf(step -> step.state == state);
        instances.removeIf(step -> step.state == state);
        ambiguous.removeIf(step -> step.state == state);
    }

    /** The callbacks of one that is there twice can't be told apart. */
    void addsInstance(int state, Object instance) {
        if (instances.stream().anyMatch(each -> each.state == state && each.instance == instance)) {
            ambiguous.add(new Step(null, state, instance));
        }
        instances.add(new Step(null, state, instance));
    }

    void removedInstance(int state, Object instance) {
        steps.removeIf(step -> step.state == state && step.instance == instance);
    }

    private boolean isAmbiguous(int state, Object instance) {
        return ambiguous.stream().anyMatch(each -> each.state == state && each.instance == instance);
    }

    private Step find(Object cpu, int state, Object instance) {
        return steps.stream().filter(each -> each.cpu == cpu && each.state == state && each.instance == instance)
                .findFirst().orElse(null);
    }

    private Motion here() {
        for (Motion motion : motions.reversed()) {
            if (motion.thread == Thread.currentThread()) {
                return motion;
            }
        }
        throw new IllegalStateException("no step of hotplug is under way");
    }
}
