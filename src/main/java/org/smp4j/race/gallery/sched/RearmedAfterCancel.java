package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.DelayedWork;
import org.smp4j.race.block.Owned;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A delayed work is started once more after it was cancelled for good. */
@RaceFacts(slug = "xfrm-rearm-after-cancel",
        title = "xfrm: title not certain; the keepalive work is disabled when its name space goes",
        certainty = Certainty.MEMORY, year = 2025, cpus = 2, breaks = "use after release", proof = "bound1",
        symptom = "a work runs on a name space that is gone",
        shows = {"uses", "gives name space up"},
        story = """
                A network name space has a delayed work that keeps connections alive. When the name space goes, the
                work is cancelled, and the cancelling waits for a run that is under way. But the states that the name
                space holds are deleted only after that, and deleting one starts the work again. It runs when its time
                has come, on memory that was freed meanwhile. Now the work is disabled instead of cancelled: what is
                disabled can't be started any more.""")
public final class RearmedAfterCancel extends MachineScenario implements Race {
    private static final int DELAY = 1;

    private final Owned names = new Owned("name space");

    /** The race. */
    public RearmedAfterCancel() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(RearmedAfterCancel.class, "exit").replace(call(DelayedWork.class, "disableSync"))
                .by(hook(RearmedAfterCancel.class, "cancel"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        DelayedWork keepalive = new DelayedWork(machine, this::work);
        task(0, "state", () -> keepalive.schedule(DELAY));
        task(1, "exit", () -> {
            Exploring.stretch(true);
            exit(keepalive);
            keepalive.schedule(DELAY); // a state that is deleted only now
            names.free();
            Exploring.stretch(false);
        });
    }

    private void exit(DelayedWork keepalive) {
        keepalive.disableSync();
    }

    private void work() {
        names.use();
    }

    /**
     * The old behaviour: cancelled only.
     *
     * @param work the work
     */
    public static void cancel(DelayedWork work) {
        work.cancelSync();
    }
}
