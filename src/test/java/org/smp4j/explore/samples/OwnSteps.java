package org.smp4j.explore.samples;

import java.lang.invoke.VarHandle;
import org.smp4j.explore.Exploring;

/** A plain write on one thread, a plain read on another one, and only steps of the scenario's own between them. */
public final class OwnSteps implements Runnable {
    private int plain;
    private int seen;

    /** Nothing was written yet. */
    public OwnSteps() {
    }

    @Override
    public void run() {
        Exploring.stretch(false); // there is one schedule: the writer, then the reader
        Thread writer = new Thread(() -> {
            plain = 1;
            VarHandle.fullFence();
            Exploring.step(true, () -> "written");
        }, "writer");
        Thread reader = new Thread(() -> {
            Exploring.step(false, () -> "reads");
            VarHandle.fullFence();
            seen = plain;
        }, "reader");
        writer.start();
        reader.start();
        try {
            writer.join();
            reader.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assert seen == 1;
    }
}
