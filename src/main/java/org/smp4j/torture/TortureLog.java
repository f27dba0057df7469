package org.smp4j.torture;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.Printk;

/**
 * Passes a machine's log on and counts what the kernel's test scripts look for in it: waits for a csd lock that took
 * too long.
 */
final class TortureLog implements Printk {
    private final Printk printk;
    private final AtomicInteger csdLockReports = new AtomicInteger();

    TortureLog(Printk printk) {
        this.printk = printk;
    }

    @Override
    public void print(String line) {
        if (line.startsWith("smp: csd: Detected non-responsive CSD lock")) {
            csdLockReports.incrementAndGet();
        }
        printk.print(line);
    }

    int csdLockReports() {
        return csdLockReports.get();
    }
}
