package org.smp4j.call;

import org.smp4j.cpu.Cpu;

/** A queue that looks at a csd once more when it is its owner's again. What it sees it does not use. */
public final class TouchesUnlocked {
    private TouchesUnlocked() {
    }

    public static void unlock(Csd csd, Smp smp) {
        csd.unlock(smp);
        csd.info();
    }

    public static void run(CallFlusher flusher, Cpu self, SmpCallFunc func, Object info, Csd csd) {
        flusher.csdDoFunc(self, func, info, csd);
        csd.info();
    }
}
