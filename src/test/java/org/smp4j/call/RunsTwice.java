package org.smp4j.call;

import org.smp4j.cpu.Cpu;

/** A queue that runs what it takes once more. */
public final class RunsTwice {
    private RunsTwice() {
    }

    public static void run(CallFlusher flusher, Cpu self, SmpCallFunc func, Object info, Csd csd) {
        flusher.csdDoFunc(self, func, info, csd);
        flusher.csdDoFunc(self, func, info, csd);
    }
}
