package org.smp4j.race.block;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.Cpus;
import org.smp4j.explore.Exploring;
import org.smp4j.sched.Kthread;
import org.smp4j.weave.Weave;

/**
 * The moments of a CPU that comes up between its online bit and the hotplug thread's start. Of the whole bring-up they
 * alone are explored.
 */
public final class OnlineIdle {
    /** The class whose methods are the bring-up. */
    public static final String BRING_UP = "org.smp4j.hotplug.BringUp";

    private OnlineIdle() {
    }

    /** {@return what makes a run explored in these moments; before, the scenario turns exploring off} */
    public static Weave explored() {
        return Weave.in(BRING_UP, "startSecondary").insert(hook(OnlineIdle.class, "begins"))
                .after(call(Cpus.class, "setCpuOnline"))
                .andIn(BRING_UP, "bringupAp").insert(hook(OnlineIdle.class, "ends"))
                .before(call(Kthread.class, "kthreadUnpark"));
    }

    /** The CPU is online. */
    public static void begins() {
        Exploring.stretch(true);
    }

    /** The control CPU has been told so. */
    public static void ends() {
        Exploring.stretch(false);
    }
}
