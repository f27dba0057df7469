package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;

import org.smp4j.cpu.LocalIrq;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.CallList;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The other half of many-missing-publication-barriers: what a third CPU has written is seen late. */
@RaceFacts(slug = "many-old-refs-with-new-mask", title = "call_function_many: add missing ordering",
        hash = "45a5791920ae", certainty = Certainty.MEMORY, year = 2011, model = MemoryModel.WEAK, cpus = 3,
        breaks = CallList.UNDERFLOW, proof = "bound2",
        symptom = "a handler sees its bit of a call with the references of the call before, and takes part too early",
        shows = {"CPU 0 runs f", "is not visible yet", "CPU 2 runs g"},
        story = """
                A handler that stands on a block may take part when it sees its bit, and then a count of references
                that is not zero. The sender stores the count last; until then it is zero, as the last handler of the
                call before has left it. A write barrier stood between the end of that call and the new bits. But it
                orders the sender's own stores only: the zero was written by a third CPU. The handler can see the new
                bit and still the old count, takes part, and drops a reference that is not there yet. Now the sender
                writes the zero again, itself, before its barrier.""")
public final class OldReferencesWithNewMask extends CallScenario implements Race {
    /** The race. */
    public OldReferencesWithNewMask() {
        super(3);
    }

    /** The sender's plain accesses of then; in Java an acquire would hand on what the third CPU has written. */
    @Override
    public Weave parts() {
        return Weave.opaque(CallList.Block.class.getName(), "locked")
                .and(Weave.opaque(CallList.Block.class.getName(), "func"));
    }

    @Override
    public Weave bug() {
        return Weave.in(CallList.class, "fill").drop(call(CallList.class, "clearReferences"));
    }

    @Override
    protected void play() {
        CallList list = new CallList(cpus());
        CallList.Block block = new CallList.Block();
        list.begin(block, "f", 0b001);
        on(1, () -> list.send(block, "g", 0b100));
        on(2, () -> {
            boolean flags = LocalIrq.save();
            list.walk(block); // from a block before, for another call
            LocalIrq.restore(flags);
        });
    }
}
