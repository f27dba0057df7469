package org.smp4j.cli;

import java.io.PrintWriter;
import org.smp4j.lib.Printk;

/** Prints log lines, whole ones, from any thread; and wipes the progress bar away before. */
final class Screen implements Printk {
    private static final String WIPE = "\r\033[K";

    private final PrintWriter out;
    private boolean bar;

    Screen(PrintWriter out) {
        this.out = out;
    }

    @Override
    public synchronized void print(String line) {
        out.println(bar ? WIPE + line : line);
    }

    /** Says that there is a progress bar on the screen, or no more. */
    synchronized void bar(boolean shown) {
        if (bar && !shown) {
            out.print(WIPE);
            out.flush();
        }
        bar = shown;
    }
}
