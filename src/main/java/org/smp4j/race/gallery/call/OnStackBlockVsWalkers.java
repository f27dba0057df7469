package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.CallList;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** A sender returns, and gives up the stack frame with its block, while a handler stands on the block. */
@RaceFacts(slug = "on-stack-block-vs-walkers",
        title = "generic-ipi: fix stack and rcu interaction bug in smp_call_function_mask()", hash = "cc7a486cac78",
        certainty = Certainty.MEMORY, year = 2008, cpus = 3, breaks = "use after release", proof = "bound3",
        symptom = "a handler follows a link in a stack frame that is in use for something else",
        shows = {"CPU 2 runs f", "gives the block of f up", "uses the block of f"},
        story = """
                A sender that waited for its call had the block on its stack, and linked it into the list that the
                handlers of all CPUs walk without a lock. A handler of a CPU to which the call was not sent can stand
                on that block. The last target unlinks the block and releases the sender, which returns, and its stack
                frame is used again. The handler then reads the next block's address from there. Now a block is memory
                of its CPU, which is not given up. The buggy variant gives it up when the call returns.""")
public final class OnStackBlockVsWalkers extends CallScenario implements Race {
    private CallList list;

    /** The race. */
    public OnStackBlockVsWalkers() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(OnStackBlockVsWalkers.class, "send")
                .insert(hook(OnStackBlockVsWalkers.class, "leaves")).atExit();
    }

    @Override
    protected void play() {
        list = new CallList(cpus());
        CallList.Block block = new CallList.Block();
        list.interrupt(0b010); // for another call
        on(0, () -> send(block));
    }

    private void send(CallList.Block block) {
        list.send(block, "f", 0b100);
        list.await(block);
    }

    /**
     * The old behaviour: the block was on the stack.
     *
     * @param race the race
     * @param block the block
     */
    public static void leaves(OnStackBlockVsWalkers race, CallList.Block block) {
        Oracles.freed(block);
    }
}
