package org.smp4j.scenario;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.Set;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IdleWait;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.lib.Trace;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.sched.TaskFifo;
import org.smp4j.weave.Weave;

/** How the kernel and its scenarios are loaded to be explored. */
public final class Programs {
    private static final String FLOORS = "lib cpu call sched stop hotplug scenario ";

    private static final String PACKAGE = "org.smp4j.scenario.";
    private static final String VIEW = PACKAGE + "view.";
    private static final String ORACLES = PACKAGE + "oracle.";
    private static final Set<String> CHOOSERS = Set.of("CpuInterrupts", "NextTask");

    private static final String RUN_QUEUE = "org.smp4j.sched.RunQueue";

    private static final String TRACE =
            " org.smp4j.trace.Tracer org.smp4j.trace.Values org.smp4j.trace.explored.ExploredTrace ";

    private Programs() {
    }

    /**
     * {@return the usual options: what is the hardware, within which no interrupt is taken, which oracles watch, whose
     * unmodelled calls have been read}
     */
    public static RewriteOptions options() {
        return unwatched().withWeaves(weave()).withObservers(Programs::isObserver);
    }

    /**
     * {@return the options without the oracles, without devices and without the choice of the next task: for a scenario
     * that checks everything itself}
     */
    public static RewriteOptions unwatched() {
        return RewriteOptions.defaults().withHardware(MachineScenario::isHardware).withReviewed(Programs::isKernel)
                .withProperties(Set.of(Trace.PROPERTY)).withObservers(Programs::isTrace);
    }

    /**
     * {@return the edits that let the oracles see what happens; that make choices of what devices and the scheduler do;
     * and that leave out how long a CPU spins before it yields or parks, which is no matter here}
     */
    public static Weave weave() {
        return weave(Oracles.weave());
    }

    /**
     * {@return the same with other oracles}
     *
     * @param oracles lets them see what happens
     */
    public static Weave weave(Weave oracles) {
        return Weave.in(Sitter.class, "relax").drop(call("org.smp4j.cpu.Spin", "pause"))
                .insert(hook(Thread.class, "onSpinWait")).atExit()
                .andIn(Sitter.class, "awaitSeat").drop(call(Cpus.class, "coresSuffice"))
                .andIn(IdleWait.class, "spin").drop(call(Cpus.class, "coresSuffice"))
                .andIn(IdleWait.class, "linger").drop(call(Cpus.class, "coresSuffice"))
                .and(Glances.weave()).and(oracles).and(choosing());
    }

    private static Weave choosing() {
        return Device.weave()
                .andIn(RUN_QUEUE, "enqueue").insert(hook(NextTask.class, "queued")).atEntry()
                .andIn(RUN_QUEUE, "enqueuePreempted").insert(hook(NextTask.class, "queued")).atEntry()
                .andIn(RUN_QUEUE, "remove").insert(hook(NextTask.class, "removed")).atEntry()
                .andIn(TaskFifo.class, "poll").insert(hook(NextTask.class, "polled")).atEntry();
    }

    /**
     * {@return whether a class is part of the oracles, or of what answers the explorer before each step: the code in it
     * is called only quietly}
     */
    static boolean isObserver(String className) {
        int nested = className.indexOf('$');
        return isTrace(className) || className.startsWith(VIEW) || className.startsWith(ORACLES)
                || className.startsWith(PACKAGE) && CHOOSERS.contains(
                className.substring(PACKAGE.length(), nested < 0 ? className.length() : nested));
    }

    /** What makes events of an explored run. */
    private static boolean isTrace(String className) {
        int nested = className.indexOf('$');
        return TRACE.contains(" " + (nested < 0 ? className : className.substring(0, nested)) + " ");
    }

    /**
     * {@return whether a class is one of the kernel or of what stands in for its hardware: these copy lists under a
     * lock, or before they are shared}
     */
    static boolean isKernel(String className) {
        String prefix = "org.smp4j.";
        int end = className.startsWith(prefix) ? className.indexOf('.', prefix.length()) : -1;
        return end > 0 && FLOORS.contains(className.substring(prefix.length(), end) + " ");
    }
}
