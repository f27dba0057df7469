package org.smp4j.trace.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.smp4j.trace.event.TraceData;

/** The formats of a trace, each with the ending of its files. */
public enum TraceFormat {
    /** Text as the kernel's file {@code trace}. */
    FTRACE(".trace"),
    /** The text that Perfetto reads: four columns of flags, slices and counters. */
    PERFETTO(".perfetto"),
    /** The JSON of Chrome's trace viewer, with arrows, which Perfetto reads too. */
    CHROME(".json"),
    /** The binary file of trace-cmd, version 6, for {@code trace-cmd report} and KernelShark. */
    DAT(".dat"),
    /** A recording of JDK Flight Recorder; made while the machine runs, see {@link JfrTrace}. */
    JFR(".jfr"),
    /** A sequence diagram of Mermaid. */
    MERMAID(".mmd");

    private final String ending;

    TraceFormat(String ending) {
        this.ending = ending;
    }

    /** {@return the ending of its files} */
    public String ending() {
        return ending;
    }

    /**
     * The format of a file.
     *
     * @param file the file
     * @return the format with its ending
     * @throws IllegalArgumentException with one line, if there is none
     */
    public static TraceFormat of(Path file) {
        String name = String.valueOf(file.getFileName());
        return Arrays.stream(values()).filter(format -> name.endsWith(format.ending)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("the ending of " + name + " names no format; known are "
                + Arrays.stream(values()).map(TraceFormat::ending).collect(Collectors.joining(", "))
                + "; or name the format"));
    }

    /**
     * Writes a trace.
     *
     * @param data the trace
     * @param file where to
     * @throws IOException if it can't be written
     * @throws IllegalArgumentException if the format is {@link #JFR}, which can't be made afterwards
     */
    public void write(TraceData data, Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            write(data, out);
        }
    }

    /**
     * Writes a trace.
     *
     * @param data the trace
     * @param out where to; stays open
     * @throws IOException if it can't be written
     * @throws IllegalArgumentException if the format is {@link #JFR}, which can't be made afterwards
     */
    public void write(TraceData data, OutputStream out) throws IOException {
        switch (this) {
            case FTRACE -> lines(FtraceText.kernel(data), out);
            case PERFETTO -> lines(FtraceText.perfetto(data), out);
            case CHROME -> lines(new ChromeJson(data).lines(), out);
            case DAT -> out.write(new TraceDat(data).bytes());
            case MERMAID -> lines(new MermaidDiagram(data).lines(), out);
            case JFR -> throw new IllegalArgumentException("JDK Flight Recorder takes events only when they happen, on "
                    + "a machine that runs; choose another format for an explored run");
        }
    }

    private static void lines(List<String> lines, OutputStream out) throws IOException {
        for (String line : lines) {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
