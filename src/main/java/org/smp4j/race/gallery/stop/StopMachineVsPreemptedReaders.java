package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** A reader with preemption on meets stop_machine between two reads. */
@RaceFacts(slug = "stop-machine-does-not-wait-for-preempted-readers",
        title = "LKML: Is stopmachine() preempt safe?", certainty = Certainty.MEMORY, year = 2006, cpus = 2,
        breaks = "torn read", symptom = "a reader sees one half before a change and the other half after it",
        proof = "bound1", shows = {"StopMachineVsPreemptedReaders#0.low", "stopper 1 begins"},
        story = """
                This is no bug of stop_machine, but its contract, which was asked for on the kernel's mailing list; no
                commit belongs to it. While stop_machine runs its function, no CPU does anything else. But a task may
                have been preempted anywhere with preemption on, and goes on later in the middle of what it did. A
                reader of two halves that belong together has to disable preemption, which keeps its CPU out of
                stop_machine; then it sees both old or both new.""")
public final class StopMachineVsPreemptedReaders extends TaskScenario implements Race {
    // Written by: the function of stop_machine. Read by: the reader, with preemption off. Ordering: volatile.
    private volatile int low;
    private volatile int high;

    /** The race. */
    public StopMachineVsPreemptedReaders() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachineVsPreemptedReaders.class, "read").drop(call(Preempt.class, "disable"))
                .drop(call(Preempt.class, "enable"));
    }

    @Override
    protected void play() {
        device(1, "tick", 1, () -> Cpu.current().resched());
        task(0, "writer", () -> stopMachine().stopMachine(CpuStopFn.named("change", arg -> {
            low = 1;
            high = 1;
            return 0;
        }), null, null));
        task(1, "reader", this::read);
    }

    private void read() {
        Preempt.disable();
        int first = low;
        int second = high;
        Preempt.enable();
        if (first != second) {
            Exploring.broken("torn read", "read " + first + " and " + second, List.of());
        }
    }
}
