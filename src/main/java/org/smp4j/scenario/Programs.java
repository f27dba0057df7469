package org.smp4j.scenario;

import java.util.Set;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.lib.Trace;

/** How the kernel and its scenarios are loaded to be explored. */
public final class Programs {
    private static final String FLOORS = "lib cpu call sched stop hotplug scenario ";

    private static final String PACKAGE = "org.smp4j.scenario.";
    private static final String VIEW = PACKAGE + "view.";
    private static final String OBSERVERS = " Oracles SchedOracles HotplugOracles Callbacks Contexts Links Stops "
            + "TrackedCalls TrackedTasks Works CpuInterrupts NextTask ";

    private static final String TRACE =
            " org.smp4j.trace.Tracer org.smp4j.trace.Values org.smp4j.trace.explored.ExploredTrace ";

    private Programs() {
    }

    /**
     * {@return the usual options: what is the hardware, within which no interrupt is taken, which oracles watch, whose
     * unmodelled calls have been read}
     */
    public static RewriteOptions options() {
        return unwatched().withWeaves(Oracles.weave()).withObservers(Programs::isObserver);
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
     * {@return whether a class is part of the oracles, or of what answers the explorer before each step: the code in it
     * is called only quietly}
     */
    static boolean isObserver(String className) {
        int nested = className.indexOf('$');
        return isTrace(className) || className.startsWith(VIEW)
                || className.startsWith(PACKAGE) && OBSERVERS.contains(
                " " + className.substring(PACKAGE.length(), nested < 0 ? className.length() : nested) + " ");
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
