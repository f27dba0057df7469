package org.smp4j.explore.engine;

import java.util.function.Function;
import java.util.function.Supplier;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.run.Clock;
import org.smp4j.explore.run.HeldStrand;
import org.smp4j.explore.run.Interruptions;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Wait;

/** The read-only view of an execution for strategies, searches, detectors and reports. */
public final class RunView implements Run {
    private final Execution x;
    private Supplier<Describer> source = () -> Describer.NONE;
    private Describer describer; // null until it is asked

    RunView(Execution x) {
        this.x = x;
    }

    @Override
    public int strandCount() {
        return x.count;
    }

    @Override
    public Strand strand(int id) {
        return x.strands[id];
    }

    @Override
    public Strand strandOf(Thread thread) {
        return x.strandTable.of(thread);
    }

    @Override
    public int steps() {
        return x.steps;
    }

    @Override
    public int stepLimit() {
        return x.stepLimit;
    }

    @Override
    public Outcome outcome() {
        return x.outcome;
    }

    @Override
    public boolean inStretch() {
        return x.stretch;
    }

    @Override
    public int byDefault(Strand current, StrandSet menu) {
        return x.byDefault(current, menu);
    }

    @Override
    public StrandSet willing(StrandSet menu) {
        return x.willing(menu);
    }

    @Override
    public int roundRobin(Strand current, StrandSet menu) {
        return x.livelocks.turns(current, menu);
    }

    @Override
    public Clock clock() {
        return x.time;
    }

    @Override
    public Interruptions interruptions() {
        return x.interrupts;
    }

    @Override
    public int weakChances() {
        return x.plainSteps.weakChances;
    }

    @Override
    public HeldStrand held() {
        return x.hold;
    }

    @Override
    public int locationCount() {
        return x.locations.size();
    }

    @Override
    public String name(Location location) {
        return x.locations.name(location);
    }

    @Override
    public int idOf(Object object) {
        return x.locations.idOf(object);
    }

    @Override
    public String column(Strand strand) {
        return x.interrupts.column(x.strands[strand.id]);
    }

    /** A run begins. */
    void begin() {
        describer = null;
        source = () -> Describer.NONE;
    }

    /** Sets what names the objects of this run in reports. */
    public void describe(Supplier<Describer> by) {
        describer = null;
        source = by;
    }

    @Override
    public <T> T ask(Strand strand, Function<Describer, T> question) {
        LiveStrand asked = x.strands[strand.id];
        LiveStrand before = Execution.running;
        Execution.running = asked;
        asked.quiet += HeldStrand.ASKING; // no look of the scenario's own
        try {
            if (describer == null) {
                describer = source.get();
            }
            return question.apply(describer);
        } finally {
            asked.quiet -= HeldStrand.ASKING;
            Execution.running = before;
        }
    }

    @Override
    public String waits(Strand strand) {
        return x.interrupts.waits(x.strands[strand.id]);
    }

    @Override
    public Strand holder(Strand waiting) {
        LiveStrand strand = x.strands[waiting.id];
        return strand.wait == Wait.KEY ? x.keys.owner(strand) : strand.location.owner;
    }
}
