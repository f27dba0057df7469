package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;

import org.smp4j.lib.RawSpinLock;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.CallList;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A handler takes a block off the list before its sender has put it there. */
@RaceFacts(slug = "many-delete-before-add", title = "call_function_many: fix list delete vs add race",
        hash = "e6cd1e07a185", certainty = Certainty.VERIFIED, year = 2011, cpus = 3, breaks = CallList.STALE,
        symptom = "a block is deleted from a list on which it is not, and linked when it is free",
        proof = "bound3",
        shows = {"CPU 2 runs f", "CPU 1 runs g", "takes the block of g off the list"},
        story = """
                This is what the fix of many-stale-walker-reuses-block left. The sender filled its block and stored the
                count of references, and only then took the lock and linked the block. A handler that still stands on
                the block, from the call before, finds its bit set and the count valid. It runs the function, is the
                last one, and takes the block off the list, on which it is not yet. Then the sender links a block that
                is unlocked. Now the count is stored under the lock, when the block is linked.""")
public final class ManyDeleteBeforeAdd extends CallScenario implements Race {
    /** The race. */
    public ManyDeleteBeforeAdd() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(CallList.class, "publish").move(call(CallList.class, "takeReferences"))
                .before(call(RawSpinLock.class, "lock"));
    }

    @Override
    protected void play() {
        CallList list = new CallList(cpus());
        CallList.Block block = new CallList.Block();
        list.begin(block, "f", 0b100);
        list.begin(new CallList.Block(), "other", 0b010); // CPU 1 goes on from it to the sender's block
        on(0, () -> list.send(block, "g", 0b010));
    }
}
