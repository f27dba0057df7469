package org.smp4j.sched;

import org.smp4j.cpu.PlatformThreads;
import org.smp4j.lib.CpuMask;

/** A task that a stress actor plays, bound to a CPU of a machine that was not booted. Closing it stands up. */
public final class PlayedTask extends Task {
    private static final long PATIENCE_MILLIS = 10_000;

    private PlayedTask(Scheduler scheduler, int cpu) {
        super(scheduler, "actor/" + cpu, Policy.NORMAL, CpuMask.of(scheduler.cpus.nrCpuIds, cpu), null);
    }

    /**
     * Lets the calling thread run as a task on a CPU.
     *
     * @param scheduler the machine's scheduler
     * @param cpu a CPU with an empty seat
     * @return the task
     */
    public static PlayedTask sit(Scheduler scheduler, int cpu) {
        PlayedTask task = new PlayedTask(scheduler, cpu);
        task.setState(TaskState.RUNNING);
        task.onRq = OnRq.CURRENT;
        task.onCpu = true;
        scheduler.runQueue(cpu).curr = task;
        task.attach(Thread.currentThread());
        task.seatOn(scheduler.cpus.cpu(cpu));
        task.awaitSeat();
        Task.migrateDisable(); // it stays, also where the CPU is not active any more
        return task;
    }

    @Override
    public void close() {
        standUp();
    }

    /** Takes what is pending, and lets the stopper run if it wants to. */
    public void serve() {
        scheduler.condResched();
    }

    /** Takes what is pending and pauses, as a task in a loop does. */
    public void serve(int turn) {
        scheduler.condResched();
        relax(turn);
    }

    /** A machine that was not booted has no clock: it stays awake until then. */
    @Override
    public void blockUntil(long deadline) {
        for (int turn = 0; deadline - System.nanoTime() > 0; turn++) {
            serve(turn);
        }
    }

    /** Is only the thread on which a CPU idles from here on, as when the last task has blocked there. */
    public void idle() {
        onRq = OnRq.NO;
        scheduler.runQueue(cpu()).pinned = 0;
    }

    /** Stands up on a CPU that is dead: with IRQs off for good. */
    public void die() {
        leaveSeatEmpty();
        FOREIGN.remove();
    }

    /** Ends what threads a sample has started: a CPU's own, where a played task has slept for long. */
    static void end(Scheduler scheduler, PlatformThreads threads) {
        scheduler.cpus.lifetime.close();
        if (!threads.threads().isEmpty()) {
            scheduler.cpus.smpSendStop();
            try {
                if (!threads.join(PATIENCE_MILLIS)) {
                    throw new IllegalStateException("did not end: " + threads.threads());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
