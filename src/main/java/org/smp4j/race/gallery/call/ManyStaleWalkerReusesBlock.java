package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.CallList;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A handler that stands on a block takes part in the sender's next call too early. */
@RaceFacts(slug = "many-stale-walker-reuses-block", title = "kernel/smp.c: fix smp_call_function_many() SMP race",
        hash = "6dc19899958e", certainty = Certainty.MEMORY, year = 2011, cpus = 3,
        breaks = CallList.UNDERFLOW, symptom = "a call has more answers than CPUs, its block stays locked forever",
        proof = "bound2",
        shows = {"CPU 1 runs f", "func = \"g\"", "CPU 2 runs g"},
        story = """
                Old kernels linked each sender's block into one list, which the handlers of all CPUs walked without a
                lock. A handler can stand on a block while the last user takes it off the list. The sender then fills
                the block for its next call. The handler finds its bit set in it, runs the function and drops a
                reference that the sender has not counted yet; then the sender stores the count, which never reaches
                zero. Now a handler takes no part before the count is there, and the sender stores the count last.""")
public final class ManyStaleWalkerReusesBlock extends CallScenario implements Race {
    /** The race. */
    public ManyStaleWalkerReusesBlock() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(CallList.class, "serve").replace(call(CallList.class, "isReferenced"))
                .by(hook(ManyStaleWalkerReusesBlock.class, "anyway"));
    }

    @Override
    protected void play() {
        CallList list = new CallList(cpus());
        CallList.Block block = new CallList.Block();
        list.interrupt(0b100); // for another call
        list.begin(block, "f", 0b010);
        on(0, () -> list.send(block, "g", 0b100));
    }

    /**
     * The old behaviour: the bit is enough.
     *
     * @param list the list
     * @param block the block
     * @return true
     */
    public static boolean anyway(CallList list, CallList.Block block) {
        return true;
    }
}
