package org.smp4j.explore;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Drops the explored program's output to the standard streams: there would be thousands of copies of it, with a report
 * in the middle. Output of other threads passes.
 */
final class MutedOutput implements AutoCloseable {
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    /**
     * Mutes the output until it is closed.
     *
     * @param group the threads whose output is dropped
     */
    MutedOutput(ThreadGroup group) {
        System.setOut(filter(out, group));
        System.setErr(filter(err, group));
    }

    private static PrintStream filter(PrintStream to, ThreadGroup group) {
        return new PrintStream(new OutputStream() {
            private boolean passes() {
                return Thread.currentThread().getThreadGroup() != group;
            }

            @Override
            public void write(int b) {
                if (passes()) {
                    to.write(b);
                }
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                if (passes()) {
                    to.write(bytes, from, count);
                }
            }

            @Override
            public void flush() throws IOException {
                if (passes()) {
                    to.flush();
                }
            }
        }, true, to.charset());
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
    }
}
