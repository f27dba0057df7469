package org.smp4j.race.block;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** The last stop of a CPU that goes down, in which it leaves. Of the whole take-down it alone is explored. */
public final class LastStop {
    // Written by: the control CPU, right before the stop. Read by: tasks that wait for it. Ordering: volatile.
    private static volatile boolean begun;

    private LastStop() {
    }

    /**
     * {@return what makes a run explored from the last stop on until it is over; before, the scenario turns exploring
     * off}
     */
    public static Weave explored() {
        return Weave.in("org.smp4j.hotplug.TakeDown", "takedownCpu").insert(hook(LastStop.class, "begins"))
                .before(call(StopMachine.class, "stopMachineCpuslocked"))
                .insert(hook(LastStop.class, "ends")).after(call(StopMachine.class, "stopMachineCpuslocked"));
    }

    /** Waits until the control CPU is about to stop the machine. Context: a task. */
    public static void await() {
        while (!begun) {
            Waiter.current().relax(0);
        }
    }

    /** Before the stop. */
    public static void begins() {
        begun = true;
        Exploring.stretch(true);
    }

    /** After the stop. */
    public static void ends() {
        Exploring.stretch(false);
    }
}
