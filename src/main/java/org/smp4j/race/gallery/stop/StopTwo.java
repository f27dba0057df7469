package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import org.smp4j.lib.RawSpinLock;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** The way a stop of two CPUs queued its two works in old kernels. */
final class StopTwo {
    private static final String STOPPER = "org.smp4j.stop.CpuStopper";

    private StopTwo() {
    }

    /**
     * {@return the edits: a caller releases one stopper's lock before it takes the other's, and ignores that a stop of
     * all CPUs is being queued}
     */
    static Weave queuesOneAfterTheOther() {
        return Weave.in(StopMachine.class, "queueTwoWorks").ignore("stopCpusInProgress")
                .move(call(RawSpinLock.class, "unlock")).after(call(STOPPER, "append").number(1, 2))
                .move(call(RawSpinLock.class, "acquire")).before(call(STOPPER, "append").number(2, 2));
    }
}
