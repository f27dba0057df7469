package org.smp4j.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The process's standard output. Keeps the first error, which a {@code PrintStream} swallows, asks the command to end,
 * and drops later output.
 */
public final class StandardOutput extends OutputStream {
    private static final Path LINK = Path.of("/proc/self/fd/1");

    private final OutputStream stream;
    private final StopRequest stop;
    private final boolean pipe;

    // Written by: the first writer that fails. Read by: the end of the program. Ordering: volatile.
    private volatile IOException failure;

    /**
     * An output.
     *
     * @param stream the underlying stream
     * @param stop the request to make when a write fails
     * @param pipe whether a failure means that the reader has gone, and wants no more
     */
    public StandardOutput(OutputStream stream, StopRequest stop, boolean pipe) {
        this.stream = stream;
        this.stop = stop;
        this.pipe = pipe;
    }

    public static StandardOutput of(StopRequest stop) {
        return new StandardOutput(new FileOutputStream(FileDescriptor.out), stop, isPipe());
    }

    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(LINK).toString().matches("(pipe|socket):.*");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        if (failure == null) {
            try {
                stream.write(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                stop.make();
            }
        }
    }

    /**
     * {@return a line that says why the output is incomplete; null if it is complete, or if its reader has gone. The
     * operating system's part of the message is in the user's language}
     */
    public String complaint() {
        IOException e = failure;
        return e == null || pipe || String.valueOf(e.getMessage()).contains("Broken pipe")
                ? null : "smp4j: standard output can't be written: " + e.getMessage();
    }
}
