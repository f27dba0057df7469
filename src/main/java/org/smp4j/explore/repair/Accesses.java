package org.smp4j.explore.repair;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.memory.Message;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** The accesses of a run, and the reads among them that returned an older value. */
final class Accesses implements Observer {
    /** One access to a field or element. */
    record Step(int strand, int site, int mode, String location) {
        boolean reads() {
            return (mode & Access.READ) != 0;
        }

        boolean writes() {
            return (mode & Access.WRITE) != 0;
        }
    }

    /**
     * A read that returned an older value, or a write that landed before a newer one.
     *
     * @param index the index of its step
     * @param writer the strand whose store was not visible yet
     * @param store the site of that store
     */
    record OlderRead(int index, int writer, int store) {
    }

    private final Execution execution;
    final List<Step> steps = new ArrayList<>();
    final List<OlderRead> older = new ArrayList<>();

    Accesses(Execution execution) {
        this.execution = execution;
    }

    @Override
    public void readsOlder(Run x, Strand strand, String text) {
        Message unseen = execution.weak.unseen();
        older.add(new OlderRead(steps.size(), unseen.strand(), unseen.step()));
    }

    @Override
    public void performed(Run x, Strand strand) {
        if (strand.location() != null && !strand.location().isThreads()
                && (strand.mode() & (Access.READ | Access.WRITE)) != 0 && (strand.mode() & Access.HARDWARE) == 0) {
            steps.add(new Step(strand.id, strand.site(), strand.mode(), x.name(strand.location())));
        }
    }
}
