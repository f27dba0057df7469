package org.smp4j.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.smp4j.weave.Hook.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.call.Smp;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;
import org.smp4j.scenario.Programs;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;
import org.smp4j.trace.explored.RunTrace;
import org.smp4j.trace.export.TraceFormat;
import org.smp4j.weave.Weave;

/**
 * The trace of an explored run is that of the run that its token stands for: it is made by repeating the run with
 * tracepoints, and refused if it does not make exactly the same steps.
 */
public class ExploredTraceTest {
    private static Program race(String slug) {
        return ExploredTraces.race(slug);
    }

    private static Report explore(Program program) {
        return ExploredTraces.explore(program);
    }

    private static TraceData traced(String slug) {
        TraceData data = ExploredTraces.of(slug);
        assertThat(data.clock()).isEqualTo(TraceData.Clock.STEPS);
        assertThat(data.events()).isSortedAccordingTo((a, b) -> Long.compare(a.time(), b.time()));
        assertThat(data.lost()).isZero();
        return data;
    }

    private static List<EventType> types(TraceData data) {
        return data.events().stream().map(TraceEvent::type).toList();
    }

    @Test
    void raceOfTheCallFloor() {
        TraceData data = traced("csd-unlock-after-callback");
        assertThat(types(data)).containsSubsequence(EventType.CSD_QUEUE_CPU, EventType.IPI_SEND_CPU,
                EventType.IPI_ENTRY, EventType.CSD_FUNCTION_ENTRY, EventType.CSD_FUNCTION_EXIT);
        TraceEvent queued = data.events().stream().filter(event -> event.type() == EventType.CSD_QUEUE_CPU).findFirst()
                .orElseThrow();
        assertThat(queued.text()).isEqualTo("cpu=1 callsite=0x0 func=report csd=0000000000000001");
        assertThat(queued.context().four()).isEqualTo("...1");
    }

    @Test
    void raceOfStoppersAsADiagram() throws IOException {
        TraceData data = traced("stop-two-vs-stop-cpus");
        assertThat(types(data)).contains(EventType.CPU_STOP_QUEUE_WORK, EventType.SCHED_SWITCH,
                EventType.PREEMPT_DISABLE, EventType.IRQ_DISABLE);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TraceFormat.MERMAID.write(data, out);
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("sequenceDiagram\n")
                .contains("->>", "stops for multi_cpu_stop", "failed");
        assertThatThrownBy(() -> TraceFormat.JFR.write(data, out)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Object> works(TraceData data, EventType type, int cpu) {
        return data.events().stream().filter(event -> event.type() == type
                && cpu == (type == EventType.CPU_STOP_QUEUE_WORK ? event.number("cpu") : event.cpu()))
                .map(event -> event.value("work")).toList();
    }

    /** A work is traced where it is queued: what comes first in the trace, a stopper runs first. */
    @Test
    void stoppersRunWorksInTheOrderOfTheTrace() {
        TraceData data = traced("stop-two-triangle");
        for (int cpu = 0; cpu < 3; cpu++) {
            List<Object> queued = works(data, EventType.CPU_STOP_QUEUE_WORK, cpu);
            List<Object> run = works(data, EventType.CPU_STOP_WORK_ENTRY, cpu);
            assertThat(queued).as("stopper %d", cpu).hasSize(2);
            assertThat(run).as("stopper %d", cpu).isEqualTo(queued.subList(0, 1));
        }
        assertThat(data.events()).filteredOn(event -> event.type() == EventType.CPU_STOP_QUEUE_WORK)
                .extracting(event -> event.comm() + " for " + event.number("cpu"))
                .containsSubsequence("stop-01 for 0", "stop-12 for 1", "stop-01 for 1");
    }

    @Test
    void sameRunGivesTheSameTrace() {
        Report report = explore(race("csd-unlock-after-callback"));
        assertThat(RunTrace.of(race("csd-unlock-after-callback"), report.token(), Explorer.Progress.NONE))
                .isEqualTo(RunTrace.of(race("csd-unlock-after-callback"), report.token(), Explorer.Progress.NONE));
    }

    /** A step that the run of the token does not have: what a tracepoint that is not quiet would make. */
    public static final class Loud {
        private static volatile int seen;

        private Loud() {
        }

        public static void looks() {
            seen++;
        }
    }

    @Test
    void tracepointThatMakesAStepIsRefused() {
        Report report = explore(race("csd-unlock-after-callback"));
        Program traced = race("csd-unlock-after-callback").traced(RunTrace.weave()
                .and(Weave.in(Smp.class, "smpCallSingleQueue").insert(hook(Loud.class, "looks")).atEntry()));
        assertThatThrownBy(() -> Explorer.trace(traced, report.token(), (_, _) -> { }, Explorer.Progress.NONE))
                .isInstanceOf(ExplorerException.class);
    }

    /** Has no machine. */
    public static class Plain implements Runnable {
        private int hits;

        @Override
        public void run() {
            Thread other = new Thread(() -> hits++);
            other.start();
            hits++;
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assert hits == 2;
        }
    }

    @Test
    void programWithoutAMachineHasNoTrace() {
        Program plain = new LoadedProgram(Plain.class.getName(), Programs.options(), getClass().getClassLoader());
        Report report = explore(plain);
        assertThatThrownBy(() -> RunTrace.of(plain, report.token(), Explorer.Progress.NONE))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("makes no machine");
    }
}
