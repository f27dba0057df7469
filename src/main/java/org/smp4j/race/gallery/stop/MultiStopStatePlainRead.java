package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** The compiler reads a state once that a loop waits for. */
@RaceFacts(slug = "multi-stop-state-plain-read", title = "stop_machine: Avoid potential race behaviour",
        hash = "b1fc58333575", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.COMPILER, cpus = 2,
        breaks = {"deadlock", "livelock"}, symptom = "all CPUs stay in stop_machine forever", proof = "bound2",
        shows = {"stopper 0 begins", "CPU 0 reads the state PREPARE", "CPU 1 reads the state PREPARE",
            "sets the state DISABLE_IRQ"},
        story = """
                The CPUs in stop_machine wait in a loop for the state that the last of them sets. The state was a plain
                field. The steps themselves are serialized by the count of answers, so no interleaving goes wrong. But
                a compiler may read a plain field once, before the loop, and then the loop never ends; C2 does so too.
                Now each turn reads it once, by an access that the compiler must keep. In the buggy variant each CPU
                keeps what it has read in its first turn. Each answers that state, and the last one sets the next; none
                of them ever sees it.""")
public final class MultiStopStatePlainRead extends TaskScenario implements Race {
    private static final String MULTI_STOP = "org.smp4j.stop.MultiStop";
    private static final VarHandle STATE = Fields.field(MULTI_STOP, "state");

    private static final List<String> NAMES = List.of("NONE", "PREPARE", "DISABLE_IRQ", "RUN", "EXIT", "5");

    // Written by: the setup. Read by: the hook. Ordering: the CPUs' tasks start after it.
    private static MultiStopStatePlainRead current;

    private final int[] read = new int[nrCpus]; // each slot used by its CPU only; 0 before its first turn

    /** The race. */
    public MultiStopStatePlainRead() {
        super(2);
    }

    @Override
    public Weave parts() {
        return Weave.in(MULTI_STOP, "setState").insert(hook(MultiStopStatePlainRead.class, "sets")).atEntry();
    }

    @Override
    public Weave bug() {
        return Weave.in(MULTI_STOP, "run").replace(call(MULTI_STOP, "state"))
                .by(hook(MultiStopStatePlainRead.class, "once"));
    }

    @Override
    protected void play() {
        current = this;
        task(0, "stop", () -> stopMachine().stopMachine(CpuStopFn.named("nothing", arg -> 0), null, null));
    }

    /** The last CPU that answers a state sets the next: a line of the report, as no CPU sees it if buggy. */
    public static void sets(Object stop, int next) {
        Exploring.note(() -> "sets the state " + NAMES.get(next));
    }

    /** The old behaviour: the loop reads the state before its first turn only. */
    public static int once(Object stop) {
        int cpu = Cpu.current().id;
        if (current.read[cpu] == 0) {
            int state = (int) STATE.getVolatile(stop);
            current.read[cpu] = state;
            Exploring.note(() -> Cpu.current() + " reads the state " + NAMES.get(state) + " for all turns");
        }
        return current.read[cpu];
    }
}
