package org.smp4j.cli.terminal;

import java.util.Locale;

/** Shows a command's progress, a few times a second. Does nothing unless standard error is a terminal. */
public final class ProgressLine implements AutoCloseable {
    private static final long PERIOD_NANOS = 250_000_000L;
    private static final int BAR = 20;
    private static final int WIDE = 64; // columns from which there is room for a bar

    private final Screen screen;
    private final String task;
    private final boolean shown;
    private long next = System.nanoTime();

    public ProgressLine(Screen screen, String task, boolean shown) {
        this.screen = screen;
        this.task = task;
        this.shown = shown && Terminal.drawable();
    }

    /** {@return whether it is time to draw it again} */
    public synchronized boolean due() {
        return shown && System.nanoTime() - next >= 0;
    }

    /**
     * Draws the line.
     *
     * @param done how much is done
     * @param of the total; 0 if unknown
     * @param unit the unit of both, or empty
     * @param more further text
     */
    public synchronized void draw(long done, long of, String unit, String more) {
        if (shown) {
            next = System.nanoTime() + PERIOD_NANOS;
            screen.draw(line(task, done, of, unit, more, Terminal.width() >= WIDE));
        }
    }

    public static String line(String task, long done, long of, String unit, String more, boolean wide) {
        if (of <= 0) {
            return task + " " + done + unit + "  " + more;
        }
        long part = Math.min(done, of);
        int full = (int) (part * BAR / of);
        String bar = wide ? " [" + "=".repeat(full) + " ".repeat(BAR - full) + "]" : "";
        return String.format(Locale.ROOT, "%s %3d%%%s %d/%d%s  %s", task, part * 100 / of, bar, part, of, unit, more);
    }

    @Override
    public synchronized void close() {
        if (shown) {
            screen.wipe();
        }
    }
}
