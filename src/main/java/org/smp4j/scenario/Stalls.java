package org.smp4j.scenario;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.BootParams;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;

/**
 * The long delays of a scenario on a machine with a watchdog, in virtual time, and what has to be reported of them. A
 * CPU that takes no interrupt, or does not reschedule although it should, is reported by the watchdog, and a CPU that
 * waits for another one by the watching of csd locks; and none of them is reported unless a delay was long enough.
 * {@link MachineScenario#stalls} returns it. Single steps of the explorer do not take time, so only a delay can be the
 * cause of a report. Where reads may return older values nothing is expected: a look of the watchdog may then miss for
 * seconds what a CPU has done.
 */
public final class Stalls {
    // In seconds. Low, as a CPU with several tasks has a tick every ten milliseconds; but the looks of the watchdog are
    // a second apart, so that none comes while a strand can step.
    private static final int THRESH = 5;
    private static final int CSD_TIMEOUT = 2;
    // The watchdog looks every fifth of its threshold: it sees a stall late by one look, or takes it for longer by one.
    private static final int LOOK = THRESH / 5;
    private static final int CSD_SLACK = 1;
    private static final long SECOND = 1_000_000_000L;

    /** What is reported of a CPU. */
    private enum Report {
        HARD("watchdog: Watchdog detected hard LOCKUP on cpu (\\d+)", THRESH, LOOK),
        SOFT("watchdog: BUG: soft lockup - CPU#(\\d+) stuck .*", 2 * THRESH, LOOK),
        CSD("smp: csd: Detected non-responsive CSD lock \\(#\\d+\\) on CPU#(\\d+), .*", CSD_TIMEOUT, CSD_SLACK);

        final Pattern line;
        final int limit;
        final int slack;

        Report(String line, int limit, int slack) {
            this.line = Pattern.compile(line);
            this.limit = limit;
            this.slack = slack;
        }

        /** Whether a delay is so long that there must be a report, whenever the watchdog looks. */
        boolean isDue(int seconds) {
            return seconds > limit + 2 * slack;
        }
    }

    private static final Pattern UNSTUCK = Pattern.compile("smp: csd: CSD lock \\(#\\d+\\) got unstuck .*");

    /** A delay, or a part of one. */
    private static final class Delay {
        final Cpu cpu;
        final long end;
        final int context;
        final boolean irqsOff;
        final int pending;
        final int touches;
        final boolean online;
        final boolean stopper;
        boolean alone;

        Delay(Cpu cpu, Task curr, long end, boolean alone) {
            this.cpu = cpu;
            this.end = end;
            this.alone = alone;
            context = cpu.preemptCount();
            irqsOff = cpu.irqsDisabled();
            pending = cpu.pendingBits();
            touches = cpu.watchdogTouch.count();
            online = cpu.isOnline();
            stopper = curr.policy() == Task.Policy.STOP;
        }

        /** Whether the CPU has an interrupt to take, or serves one, and takes no other one until the delay ends. */
        boolean isHard() {
            return irqsOff && online
                    && ((pending & PendingWord.INTERRUPTS) != 0 || (context & Preempt.HARDIRQ_MASK) != 0);
        }

        /** Whether the CPU is to reschedule, and does not until the delay ends. */
        boolean isSoft() {
            return online && (irqsOff || context != 0)
                    && ((pending & PendingWord.NEED_RESCHED) != 0 || stopper);
        }
    }

    // All that follows is written by the strand that runs, and none of it is a step.
    private final List<Delay> going = new ArrayList<>();
    private final Map<Report, List<Integer>> reports = new HashMap<>();
    private Scheduler scheduler;
    private long passed; // nanoseconds in which there was a delay
    private long changed;
    private int unstuck;

    /** No delay yet. */
    public Stalls() {
        for (Report each : Report.values()) {
            reports.put(each, new ArrayList<>());
        }
    }

    /** {@return parameters of a machine that watches its CPUs, with the same limits as here} */
    static BootParams watched(BootParams params) {
        return params.with("watchdog_thresh=" + THRESH + " csdlock_debug=1").with("smp.csd_lock_timeout="
                + CSD_TIMEOUT * 1000);
    }

    /** Tells it of the tasks of the machine, once this has booted. */
    void on(Scheduler tasks) {
        scheduler = tasks;
    }

    /**
     * Computes for long, in virtual time. Context: on a CPU, any.
     *
     * @param seconds how long
     * @param polls whether it polls for interrupts every second, as {@link Cpu#poll} wants it
     */
    public void delay(int seconds, boolean polls) {
        delay(seconds, polls, -1);
    }

    /**
     * As {@link #delay(int, boolean)} without polling, while another CPU spins for this one to release a csd.
     *
     * @param seconds how long
     * @param waiter the other CPU
     */
    public void delayCaller(int seconds, int waiter) {
        delay(seconds, false, waiter);
    }

    private void delay(int seconds, boolean polls, int waiter) {
        Cpu[] here = {Cpu.current()};
        if (polls && Preempt.preemptible()) { // nothing is held up
            for (int i = 0; i < seconds; i++) {
                sleep(1);
                here[0].poll();
                here[0] = Cpu.current();
            }
            return;
        }
        Delay[] delay = new Delay[1];
        Exploring.quietly(() -> delay[0] = begin(here[0], seconds));
        for (int left = seconds; left > 0; left -= polls ? 1 : seconds) {
            sleep(polls ? 1 : seconds);
            if (polls) {
                here[0].poll();
            }
        }
        Exploring.quietly(() -> end(delay[0], seconds, waiter));
    }

    private static void sleep(int seconds) {
        try {
            Thread.sleep(1000L * seconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Delay begin(Cpu cpu, int seconds) {
        count();
        going.forEach(each -> each.alone = false);
        Delay delay = new Delay(cpu, scheduler.curr(cpu.id), changed + seconds * SECOND, going.isEmpty());
        going.add(delay);
        return delay;
    }

    private void count() {
        long now = System.nanoTime();
        if (!going.isEmpty()) {
            passed += now - changed;
        }
        changed = now;
    }

    private void end(Delay delay, int seconds, int waiter) {
        count();
        going.remove(delay);
        if (delay.cpu.watchdogTouch.count() == delay.touches && delay.cpu.isOnline()) {
            mustBeReported(Report.HARD, delay.isHard(), delay.cpu.id, seconds);
            mustBeReported(Report.SOFT, delay.isSoft(), delay.cpu.id, seconds);
        }
        mustBeReported(Report.CSD, delay.alone && waiter >= 0 && waiter != delay.cpu.id, waiter, seconds);
    }

    private void mustBeReported(Report report, boolean stalls, int cpu, int seconds) {
        if (stalls && report.isDue(seconds) && !reports.get(report).contains(cpu) && !Exploring.timeHasLeapt()
                && !Exploring.readsMayBeOld()) {
            Exploring.broken("stall not reported", report + " has not been reported of CPU " + cpu
                    + " within a delay of " + seconds + " s, and has a limit of " + report.limit + " s", List.of());
        }
    }

    /** Takes a line of the machine's log. */
    void printed(String line) {
        count();
        if (UNSTUCK.matcher(line).matches()) {
            unstuck++;
        }
        for (Report each : Report.values()) {
            Matcher matcher = each.line.matcher(line);
            if (matcher.matches()) {
                reports.get(each).add(Integer.parseInt(matcher.group(1)));
                if (passed < (each.limit - each.slack) * SECOND && !Exploring.readsMayBeOld()) {
                    Exploring.broken("stall reported early", line + ", and all delays together have taken "
                            + passed / SECOND + " s, with a limit of " + each.limit + " s", List.of());
                }
            }
        }
    }

    /** {@return for how many nanoseconds a delay still goes on; {@link PendingTimers#NONE} if there is none} */
    long left() {
        long now = System.nanoTime();
        return going.stream().mapToLong(each -> each.end - now).min().orElse(PendingTimers.NONE);
    }

    /** Checks, when nothing more happens, that each csd lock that was reported as stuck was reported as released. */
    void check() {
        int stuck = reports.get(Report.CSD).size();
        if (unstuck != stuck) {
            Exploring.broken("stuck csd lock", stuck + " csd locks were reported as stuck, and " + unstuck
                    + " as released", List.of());
        }
    }
}
