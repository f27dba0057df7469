package org.smp4j.call;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.Backtrace;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Printk;
import org.smp4j.lib.Symbol;

/**
 * The watchdog of csd locks: reports which CPU waits for which, shows what the target does, and re-sends a lost
 * interrupt. Mirrors what {@code CONFIG_CSD_LOCK_WAIT_DEBUG} adds to {@code kernel/smp.c}; the target's Java stack
 * replaces its backtrace.
 */
final class CsdLockDebug {
    private final Smp smp;
    private final Printk printk;
    private final long timeout; // nanoseconds; 0: never
    private final long panicAfter; // nanoseconds; 0: never
    private final AtomicInteger bugCount = new AtomicInteger();
    private final AtomicInteger stuck = new AtomicInteger();

    CsdLockDebug(Smp smp) {
        this.smp = smp;
        this.printk = smp.cpus.printk;
        this.timeout = smp.cpus.params.csdLockTimeout() * 1_000_000L;
        this.panicAfter = smp.cpus.params.panicOnIpistall() * 1_000_000L;
    }

    boolean isStuck() {
        return stuck.get() != 0;
    }

    /** Mirrors {@code __csd_lock_wait}. */
    void lockWait(Cpu self, Csd csd) {
        long start = System.nanoTime();
        long lastReport = start;
        int messages = 0;
        int bugId = 0;
        for (int turn = 0; csd.isLocked(); turn++) { // an acquire: what the call has done is seen after it
            if (timeout != 0) { // at every turn: on a busy host one turn can take milliseconds
                long now = System.nanoTime();
                if (now - lastReport > interval(messages)) {
                    if (bugId == 0) {
                        bugId = bugCount.incrementAndGet();
                        stuck.incrementAndGet();
                    }
                    int count = self.preemptCount();
                    boolean irqsOff = self.irqsDisabled();
                    report(self, csd, bugId, messages++, now - start);
                    Context.check(self, "a called function's name()", count, irqsOff);
                    lastReport = now;
                }
            }
            self.sitter().relax(turn);
        }
        if (bugId != 0) {
            print("csd: CSD lock (#%d) got unstuck on CPU#%02d, CPU#%02d released the lock.".formatted(bugId, self.id,
                    csd.dst));
            stuck.decrementAndGet();
        }
    }

    private void print(String line) {
        printk.print("smp: " + line);
    }

    /** The interval between reports grows with their number, and with the number of CPUs. */
    private long interval(int messages) {
        int online = Math.max(1, smp.cpus.numOnline());
        return timeout * (messages + 1) * (messages == 0 ? 1 : (31 - Integer.numberOfLeadingZeros(online)) / 2 + 1);
    }

    private void report(Cpu self, Csd csd, int bugId, int messages, long waited) {
        int target = csd.dst;
        print("csd: %s non-responsive CSD lock (#%d) on CPU#%d, waiting %d ns for CPU#%02d %s(%s).".formatted(
                messages == 0 ? "Detected" : "Continued", bugId, self.id, waited, target, Symbol.pS(csd.func),
                Symbol.ps(csd.info)));
        if (panicAfter > 0 && waited > panicAfter) {
            smp.cpus.lifetime.panic("csd: CSD lock (#" + bugId + ") stalled for " + waited + " ns");
        }
        SmpCpuState data = smp.data(target);
        Csd current = data.current();
        if (current != null && current != csd) {
            print("\tcsd: CSD lock (#%d) handling prior %s(%s) request.".formatted(bugId, Symbol.pS(data.currentFunc()),
                    Symbol.ps(data.currentInfo())));
        } else {
            print("\tcsd: CSD lock (#%d) %s.".formatted(bugId, current == null ? "unresponsive"
                    : "handling this request"));
        }
        Cpu targetCpu = smp.cpus.cpu(target);
        if (data.takeBacktrace()) {
            Backtrace.print(targetCpu, printk);
        }
        if (current == null) {
            print("csd: Re-sending CSD lock (#%d) IPI from CPU#%02d to CPU#%02d".formatted(bugId, self.id, target));
            smp.archSendCallFunctionSingleIpi(self, targetCpu);
        }
        if (messages == 0) {
            Backtrace.print(self, printk);
        }
    }
}
