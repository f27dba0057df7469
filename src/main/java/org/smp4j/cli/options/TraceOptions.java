package org.smp4j.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import org.smp4j.cli.output.OutputFiles;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.Screen;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Program;
import org.smp4j.lib.EventSink;
import org.smp4j.trace.MachineTrace;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.explored.RunTrace;
import org.smp4j.trace.export.JfrTrace;
import org.smp4j.trace.export.TraceFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options that write a trace. */
public final class TraceOptions {
    @Option(names = "--trace", paramLabel = "FILE",
            description = "write a trace, in the format of the file's ending: .trace ftrace's text, .perfetto the form "
            + "of it that Perfetto reads, .json Chrome's, .dat trace-cmd's, .jfr a flight recording, .mmd a diagram")
    private Path file;

    @Option(names = "--trace-format", paramLabel = "FORMAT",
            description = "the format, whatever the ending: ftrace, perfetto, chrome, dat, jfr, mermaid")
    private TraceFormat format;

    private JfrTrace flight;
    private MachineTrace recorder;

    /** Checks before the work that the trace can be written. */
    public void check(CommandSpec spec, boolean explored) {
        if (file == null && format != null) {
            throw new ParameterException(spec.commandLine(), "--trace-format needs --trace=FILE");
        }
        if (file == null) {
            return;
        }
        try {
            if (format == null) {
                format = TraceFormat.of(file);
            }
            OutputFiles.check(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--trace: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--trace: can't write " + OutputFiles.what(e), e);
        }
        if (explored && format == TraceFormat.JFR) {
            throw new ParameterException(spec.commandLine(), "--trace: a flight recording takes events only when they "
                    + "happen, on a machine that runs: only torture writes one");
        }
    }

    /** Refuses a trace where there can be none. */
    public void mustBeOff(CommandSpec spec, String why) {
        if (file != null) {
            throw new ParameterException(spec.commandLine(), "--trace: " + why);
        }
    }

    /** {@return whether a machine's events are to be recorded, other than by a flight recording} */
    public boolean isRecorded() {
        return file != null && format != TraceFormat.JFR;
    }

    /** {@return what records the events of a machine, if need be as the options say; null if no trace is wanted} */
    public EventSink tracer(int nrCpus, RecordOptions record) {
        if (file == null) {
            return null;
        }
        try {
            if (format == TraceFormat.JFR) {
                flight = new JfrTrace(nrCpus);
                return flight;
            }
        } catch (IOException e) {
            throw new ExplorerException("--trace: " + OutputFiles.what(e), e);
        }
        recorder = record.recorder(nrCpus);
        return recorder;
    }

    /** Writes what a machine did, after it was closed. Returns whether that succeeded. */
    public boolean write(CommandSpec spec) {
        if (flight != null) {
            return write(spec, "", () -> flight.write(file));
        }
        if (recorder == null) {
            return true;
        }
        TraceData data = recorder.data();
        return write(spec, ": " + data.events().size() + " events, " + data.lost() + " overwritten",
                () -> format.write(data, file));
    }

    /** Writes the run of a failure: it is made once more. Returns whether that succeeded. */
    public boolean write(CommandSpec spec, Program program, String token, Explorer.Progress progress) {
        if (file == null) {
            return true;
        }
        if (token == null) {
            Session.of(spec).screen().remark("no trace was written: nothing failed");
            return true;
        }
        TraceData data;
        try {
            data = RunTrace.of(program, token, progress);
        } catch (ExplorerException e) { // the report has been shown, and the failure counts
            Session.of(spec).screen().remark("no trace was written: " + e.getMessage());
            return false;
        }
        return write(spec, ": " + data.events().size() + " events", () -> format.write(data, file));
    }

    /** Writes to a file. */
    @FunctionalInterface
    private interface Writing {
        void run() throws IOException;
    }

    private boolean write(CommandSpec spec, String what, Writing writing) {
        Screen screen = Session.of(spec).screen();
        try {
            writing.run();
            screen.remark("trace written to " + file + what);
            return true;
        } catch (IOException e) {
            screen.remark("the trace could not be written: " + OutputFiles.what(e));
            return false;
        }
    }
}
