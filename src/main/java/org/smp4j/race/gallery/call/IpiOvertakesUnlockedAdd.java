package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.invoke.VarHandle;
import org.smp4j.call.CallFlusher;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.PendingWord;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.weave.Weave;

/** The other half of ipi-overtakes-queue-store: what hides it today. */
@RaceFacts(slug = "ipi-overtakes-unlocked-add", title = "generic-ipi: fix the smp_mb() placement",
        hash = "561920a0d2bb", certainty = Certainty.VERIFIED, year = 2008, model = MemoryModel.TSO, cpus = 2,
        breaks = "deadlock", symptom = "the handler finds an empty queue, and the sender waits for ever",
        proof = "bound2", shows = {"has queued f to CPU 1", "reads null: the store of"},
        story = """
                Interrupts here do not wait for the sender's store buffer, as a write to a register of the interrupt
                controller does not, and the handler looks at its queue before it takes it. Today that does no harm:
                a call is queued by a locked instruction, which drains the buffer before the interrupt can be sent.
                With plain stores, as in the time of the fix, the interrupt overtakes them: the handler finds nothing
                and returns, then the call becomes visible, and its sender waits for it with no interrupt to come.""")
public final class IpiOvertakesUnlockedAdd extends CallScenario implements Race {
    private static final VarHandle FIRST = Fields.field(LlistHead.class.getName(), "first");

    /** The race. */
    public IpiOvertakesUnlockedAdd() {
        super(2);
    }

    @Override
    public Weave parts() {
        return Weave.in(PendingWord.class, "getAndSet").weaken(access("BITS", "getAndBitwiseOr"))
                .to("getAndBitwiseOrAcquire").andIn(CallFlusher.class, "flush")
                .replace(call(LlistHead.class, "delAll")).by(hook(IpiOvertakesUnlockedAdd.class, "takeIfAny"));
    }

    @Override
    public Weave bug() {
        return Weave.in(LlistHead.class, "add").replace(call(LlistHead.class, "addBatch"))
                .by(hook(IpiOvertakesUnlockedAdd.class, "addPlainly"));
    }

    @Override
    protected void play() {
        on(0, () -> smp().smpCallFunctionSingle(1, SmpCallFunc.named("f", info -> { }), null, true));
    }

    /**
     * A look first.
     *
     * @param head the queue
     * @return what is on it, or null
     */
    public static LlistNode takeIfAny(LlistHead head) {
        return head.isEmpty() ? null : head.delAll();
    }

    /**
     * The old behaviour, but for the spin lock around it, which one sender does not need.
     *
     * @param head the queue
     * @param first the first node to add
     * @param last the last one
     * @return whether the queue was empty
     */
    public static boolean addPlainly(LlistHead head, LlistNode first, LlistNode last) {
        LlistNode old = (LlistNode) FIRST.getOpaque(head);
        last.setNext(old);
        FIRST.setOpaque(head, first);
        return old == null;
    }
}
