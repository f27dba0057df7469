package org.smp4j.scenario.oracle;

import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpSetup;
import org.smp4j.weave.Weave;

/** The part of the {@link Oracles} that sees what hotplug does. */
public final class HotplugOracles {
    private static final String ENGINE = "org.smp4j.hotplug.StepEngine";
    private static final String STEPS = "org.smp4j.hotplug.CpuhpSteps";
    private static final String STEP = "org.smp4j.hotplug.CpuhpStep";
    private static final VarHandle CPU = Fields.field("org.smp4j.hotplug.CpuhpCpuState", "cpu");
    private static final VarHandle STATE = Fields.field("org.smp4j.hotplug.CpuhpCpuState", "state");
    private static final VarHandle STEPS_OF = Fields.field(ENGINE, "steps");
    private static final VarHandle ALL = Fields.field(STEPS, "steps");
    private static final VarHandle STARTUP = Fields.field(STEP, "startup");
    private static final VarHandle TEARDOWN = Fields.field(STEP, "teardown");
    private static final VarHandle STARTUP_MULTI = Fields.field(STEP, "startupMulti");
    private static final VarHandle TEARDOWN_MULTI = Fields.field(STEP, "teardownMulti");

    private HotplugOracles() {
    }

    static Weave weave() {
        return Weave.in(ENGINE, "next").insert(hook(HotplugOracles.class, "searches")).atEntry()
                .andIn(ENGINE, "rangeNofail").insert(hook(HotplugOracles.class, "entersNofail")).atEntry()
                .insert(hook(HotplugOracles.class, "leavesNofail")).atExit()
                .andIn(ENGINE, "invoke").insert(hook(HotplugOracles.class, "entersStep")).atEntry()
                .insert(hook(HotplugOracles.class, "leavesStep")).atExit()
                .andIn(ENGINE, "undo").insert(hook(HotplugOracles.class, "undoes")).atEntry()
                .insert(hook(HotplugOracles.class, "leavesStep")).atExit()
                .andIn(ENGINE, "invokeSingle").insert(hook(HotplugOracles.class, "runs")).atEntry()
                .andIn(ENGINE, "invokeMulti").insert(hook(HotplugOracles.class, "runsInstance")).atEntry()
                .andIn(ENGINE, "exit").insert(hook(HotplugOracles.class, "ran")).atEntry()
                .andIn(STEPS, "free").insert(hook(HotplugOracles.class, "freesStep")).atEntry()
                .andIn(CpuhpSetup.class, "add").insert(hook(HotplugOracles.class, "addsInstance")).atEntry()
                .andIn(CpuhpSetup.class, "removeInstance").withDescriptor("(ILjava/lang/Object;Z)I")
                .insert(hook(HotplugOracles.class, "removedInstance")).atExit();
    }

    private static Callbacks callbacks() {
        return Oracles.now().callbacks;
    }

    /**
     * The next state with a callback is looked for.
     *
     * @param engine the engine that looks
     * @param up whether on the way up
     * @param cpu the CPU's state
     */
    public static void searches(Object engine, boolean up, Object cpu) {
        Exploring.quietly(() -> callbacks()
                .stands(cpu, (int) STATE.getVolatile(cpu), (state, upwards) -> has(engine, state, upwards)));
    }

    private static boolean has(Object engine, int state, boolean up) {
        Object step = ((AtomicReferenceArray<?>) ALL.get(STEPS_OF.get(engine))).get(state);
        return up ? STARTUP.get(step) != null || STARTUP_MULTI.get(step) != null : TEARDOWN.get(step) != null
                || TEARDOWN_MULTI.get(step) != null;
    }

    /** From here on failures do not end the motion. */
    public static void entersNofail() {
        Exploring.quietly(() -> callbacks().ignoresFailures());
    }

    /** From here on they do. */
    public static void leavesNofail() {
        Exploring.quietly(() -> callbacks().ignoresFailuresNoMore());
    }

    /**
     * A step is about to be made.
     *
     * @param engine the engine that makes it
     * @param cpu the CPU's state
     * @param state which step
     * @param up whether on the way up
     */
    public static void entersStep(Object engine, Object cpu, int state, boolean up) {
        Exploring.quietly(() -> callbacks().enters(cpu, state, up));
    }

    /** A step has been made. */
    public static void leavesStep() {
        Exploring.quietly(() -> callbacks().leaves());
    }

    /** What a step has done for some instances is about to be undone. */
    public static void undoes() {
        Exploring.quietly(() -> callbacks().undoes());
    }

    /**
     * A callback is about to run.
     *
     * @param engine the engine that runs it
     * @param cpu the CPU's state
     */
    public static void runs(Object engine, Object cpu) {
        Exploring.quietly(() -> callbacks().runs((int) CPU.get(cpu), null));
    }

    /**
     * A callback is about to run for an instance.
     *
     * @param engine the engine that runs it
     * @param cpu the CPU's state
     * @param state which step
     * @param callback the callback
     * @param instance the instance
     */
    public static void runsInstance(Object engine, Object cpu, int state, Object callback, Object instance) {
        Exploring.quietly(() -> callbacks().runs((int) CPU.get(cpu), instance));
    }

    /**
     * A callback has run.
     *
     * @param engine the engine that ran it
     * @param cpu the CPU's state
     * @param state which step
     * @param result what it returned
     */
    public static void ran(Object engine, Object cpu, int state, int result) {
        Exploring.quietly(() -> callbacks().ran(result, (int) STATE.getVolatile(cpu)));
    }

    /**
     * A state is about to be given up.
     *
     * @param steps all steps
     * @param state which
     */
    public static void freesStep(Object steps, int state) {
        Exploring.quietly(() -> callbacks().replaced(state));
    }

    /**
     * An instance is about to be added.
     *
     * @param setup the registry that adds it
     * @param state to which state
     * @param instance the instance
     */
    public static void addsInstance(Object setup, int state, Object instance) {
        Exploring.quietly(() -> callbacks().addsInstance(state, instance));
    }

    /**
     * An instance has been removed.
     *
     * @param setup the registry that removed it
     * @param state from which state
     * @param instance the instance
     */
    public static void removedInstance(Object setup, int state, Object instance) {
        Exploring.quietly(() -> callbacks().removedInstance(state, instance));
    }
}
