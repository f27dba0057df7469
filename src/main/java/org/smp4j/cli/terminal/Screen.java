package org.smp4j.cli.terminal;

import java.io.PrintWriter;
import org.smp4j.lib.Printk;

/**
 * Prints whole lines, from any thread. On a terminal, the last line shows a command's progress: it is redrawn, and
 * wiped before other lines are printed.
 */
public final class Screen implements Printk {
    private static final String WIPE = "\r\033[K";

    private final PrintWriter out;
    private final PrintWriter err;
    private boolean drawn;

    public Screen(PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public synchronized void print(String line) {
        wipe();
        out.println(line);
        out.flush();
    }

    /** Prints a line to standard error. */
    public synchronized void remark(String line) {
        wipe();
        err.println(line);
        err.flush();
    }

    /** Draws the last line, cut to the terminal's width. */
    public synchronized void draw(String line) {
        int most = Math.max(1, Terminal.width() - 1); // a full line would wrap, and could not be wiped
        err.print(WIPE + (line.length() <= most ? line : line.substring(0, most)));
        err.flush();
        drawn = true;
    }

    /** Wipes the last line away. */
    public synchronized void wipe() {
        if (drawn) {
            err.print(WIPE);
            err.flush();
            drawn = false;
        }
    }
}
