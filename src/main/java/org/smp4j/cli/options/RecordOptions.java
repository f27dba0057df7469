package org.smp4j.cli.options;

import java.util.List;
import java.util.Set;
import org.smp4j.trace.MachineTrace;
import org.smp4j.trace.event.EventType;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that say what a machine's trace records. */
public final class RecordOptions {
    @Option(names = "--trace-events", paramLabel = "EVENT", split = ",",
            description = "which events are traced: names of events or of their systems, usual, or all (usual: all but "
            + "preemptirq and ftrace)")
    private List<String> events;

    @Option(names = "--trace-size", paramLabel = "N",
            description = "how many of the latest events are kept for each CPU, a power of two ("
            + MachineTrace.CAPACITY + ", fewer with many CPUs)")
    private Integer size;

    /** Checks before the work that the options make sense. */
    public void check(CommandSpec spec, boolean recorded) {
        if ((events != null || size != null) && !recorded) {
            throw new ParameterException(spec.commandLine(), (events != null ? "--trace-events" : "--trace-size")
                    + " needs --trace=FILE, of another format than jfr");
        }
        try {
            if (size != null) {
                MachineTrace.checkCapacity(size);
            }
            wanted();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), (size != null && !MachineTrace.isCapacity(size)
                    ? "--trace-size: " : "--trace-events: ") + e.getMessage(), e);
        }
    }

    private Set<EventType> wanted() {
        return events == null ? MachineTrace.USUAL : MachineTrace.events(events);
    }

    /** {@return what records a machine's events} */
    MachineTrace recorder(int nrCpus) {
        return new MachineTrace(nrCpus, size == null ? MachineTrace.capacity(nrCpus) : size, wanted());
    }
}
