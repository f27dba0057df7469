package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Owned;
import org.smp4j.scenario.CallScenario;
import org.smp4j.sched.ExpeditedGracePeriods;
import org.smp4j.weave.Weave;

/** A CPU that cannot be interrupted is taken for one without readers. */
@RaceFacts(slug = "rcu-exp-online-check-retry",
        title = "rcu: Avoid modifying mask_ofl_ipi in sync_rcu_exp_select_node_cpus()", hash = "9f08cf088676",
        certainty = Certainty.VERIFIED, year = 2019, cpus = 3, breaks = "use after release", proof = "bound2",
        symptom = "a grace period ends while a reader still reads",
        shows = {"sees shared Owned#0", "CPU 1 cannot be interrupted: -ENXIO", "gives old up", "uses old"},
        story = """
                An expedited grace period interrupts every CPU that may have readers. The call fails with -ENXIO if the
                CPU is not online. That may be a CPU that is gone; but it may also be one that comes up: it is counted
                by RCU, and may read, before it is in the mask of online CPUs. So the caller looks again under the lock
                that such a CPU takes, as does one that goes down: it reports for a CPU that is gone, and tries again
                for one that is not. In the scenario one CPU comes up, and another is on its way down. The hash is that
                of a clean-up of this protocol; the kernel never left the second look out, as the buggy variant
                does.""")
public final class RcuExpOnlineCheckRetry extends CallScenario implements Race {
    private final Owned old = new Owned("old");
    private final Owned replacement = new Owned("new");

    // Written by: the updater. Read by: readers. Ordering: volatile.
    private volatile Owned shared = old;
    private ExpeditedGracePeriods rcu; // set before a CPU starts

    /** The race. */
    public RcuExpOnlineCheckRetry() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(ExpeditedGracePeriods.class, "select").replace(call(ExpeditedGracePeriods.class, "isGone"))
                .by(hook(RcuExpOnlineCheckRetry.class, "isGone"));
    }

    @Override
    protected void play() {
        cpus().setCpuOnline(1, false);
        rcu = new ExpeditedGracePeriods(smp(), cpus());
        cpus().setCpuOnline(2, false); // in its last stop, so RCU still watches it
        on(0, () -> {
            shared = replacement;
            rcu.synchronizeRcuExpedited();
            old.free();
        });
        on(1, () -> {
            boolean flags = LocalIrq.save();
            rcu.reportCpuStarting();
            Owned seen = shared;
            cpus().setCpuOnline(1, true);
            seen.use();
            LocalIrq.restore(flags);
        });
        on(2, () -> {
            boolean flags = LocalIrq.save();
            rcu.reportCpuDead();
            LocalIrq.restore(flags);
        });
    }

    /**
     * The mistake: no second look.
     *
     * @param rcu the grace periods
     * @param self the task that waits for one
     * @param cpu the CPU
     * @return true
     */
    public static boolean isGone(ExpeditedGracePeriods rcu, Waiter self, int cpu) {
        Exploring.note("CPU " + cpu + " cannot be interrupted: -ENXIO; the grace period reports for it");
        return true;
    }
}
