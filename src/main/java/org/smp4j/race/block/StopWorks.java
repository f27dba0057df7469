package org.smp4j.race.block;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.lib.RawSpinLock;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** How stop works were queued in old kernels. */
public final class StopWorks {
    private static final String STOPPER = "org.smp4j.stop.CpuStopper";

    private StopWorks() {
    }

    /**
     * {@return the edits to a stop of two CPUs: a caller releases one stopper's lock before it takes the other's, and
     * ignores that a stop of all CPUs is being queued}
     */
    public static Weave queuesOneAfterTheOther() {
        return Weave.in(StopMachine.class, "queueTwoWorks").ignore("stopCpusInProgress")
                .move(call(RawSpinLock.class, "unlock")).after(call(STOPPER, "append").number(1, 2))
                .move(call(RawSpinLock.class, "acquire")).before(call(STOPPER, "append").number(2, 2));
    }

    /** {@return the edit after which a work that is in use is queued again, as the kernel does} */
    public static Weave inUseAreAccepted() {
        return Weave.in(StopMachine.class, "stopOneCpuNowait").replace(call(CpuStopWork.class, "claim"))
                .by(hook(StopWorks.class, "notRefused"));
    }

    /**
     * The kernel does not look whether a work is in use.
     *
     * @param work the work
     * @return true
     */
    public static boolean notRefused(CpuStopWork work) {
        return true;
    }
}
