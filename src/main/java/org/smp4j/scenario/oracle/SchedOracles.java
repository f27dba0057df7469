package org.smp4j.scenario.oracle;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** The part of the {@link Oracles} that sees what stoppers and tasks do. */
public final class SchedOracles {
    private static final String STOPPER = "org.smp4j.stop.CpuStopper";
    private static final String STOP_DONE = "org.smp4j.stop.CpuStopDone";
    private static final String RUN_QUEUE = "org.smp4j.sched.RunQueue";
    private static final String WAKE_UP = "org.smp4j.sched.WakeUp";
    private static final VarHandle STOPPER_CPU = Fields.field(STOPPER, "cpu");
    private static final VarHandle FIRST_WORK = Fields.field(STOPPER, "first");
    private static final VarHandle NEXT_WORK = Fields.field(CpuStopWork.class.getName(), "next");
    private static final VarHandle WAKE_ENTRY = Fields.field(Task.class.getName(), "wakeEntry");

    private SchedOracles() {
    }

    static Weave weave() {
        return Weave.in(StopMachine.class, "queueStopCpusWork").insert(hook(SchedOracles.class, "entersStop")).atEntry()
                .insert(hook(SchedOracles.class, "leavesStop")).atExit()
                .andIn(StopMachine.class, "queueWork").insert(hook(SchedOracles.class, "queuesWork")).atEntry()
                .andIn(StopMachine.class, "queueTwoWorks").insert(hook(SchedOracles.class, "queuesTwoWorks")).atEntry()
                .andIn(STOPPER, "append").insert(hook(SchedOracles.class, "appended")).atExit()
                .andIn(STOPPER, "poll").insert(hook(SchedOracles.class, "takesWork"))
                .before(call(RawSpinLock.class, "unlock"))
                .andIn(STOPPER, "run").insert(hook(SchedOracles.class, "beginsWork")).before(call(STOPPER, "call"))
                .insert(hook(SchedOracles.class, "endsWork")).before(call(Cpu.class, "preemptCountSub"))
                .insert(hook(SchedOracles.class, "endsWorks")).atExit()
                .andIn(CpuStopWork.class, "set").insert(hook(SchedOracles.class, "fillsWork")).atEntry()
                .andIn(CpuStopWork.class, "claim").insert(hook(SchedOracles.class, "claimsWork")).atEntry()
                .andIn(StopMachine.class, "stopOneCpu").insert(hook(SchedOracles.class, "leavesWorks")).atExit()
                .andIn(StopMachine.class, "stopTwoCpus").insert(hook(SchedOracles.class, "leavesWorks")).atExit()
                .andIn(StopMachine.class, "stopCpusLocked").insert(hook(SchedOracles.class, "leavesWorks")).atExit()
                .andIn(StopMachine.class, "stopMachineFromInactiveCpu").insert(hook(SchedOracles.class, "leavesWorks"))
                .atExit()
                .andIn(STOP_DONE, "signal").insert(hook(SchedOracles.class, "signals")).atEntry()
                .insert(hook(SchedOracles.class, "signalsLast")).before(call(Completion.class, "complete"))
                .insert(hook(SchedOracles.class, "signalled")).atExit()
                .andIn(Completion.class, "complete").withDescriptor("(I)V")
                .insert(hook(SchedOracles.class, "completes")).atEntry()
                .andIn(Task.class, "doExit").insert(hook(SchedOracles.class, "endsTask")).atEntry()
                .andIn(Scheduler.class, "exit").insert(hook(SchedOracles.class, "endedTask")).atExit()
                .andIn(Task.class, "setState").insert(hook(SchedOracles.class, "changesTask")).atEntry()
                .andIn(Task.class, "setSpecialState").insert(hook(SchedOracles.class, "changesTask")).atEntry()
                .andIn(Task.class, "wake").insert(hook(SchedOracles.class, "wakes")).atEntry()
                .andIn(Task.class, "prepareToBlock").insert(hook(SchedOracles.class, "goesOn")).atExit()
                .andIn(WAKE_UP, "wakeUpNewTask").insert(hook(SchedOracles.class, "wakesNew")).atEntry()
                .andIn(WAKE_UP, "place").insert(hook(SchedOracles.class, "unlinksTask")).atEntry()
                .andIn(WAKE_UP, "activate").insert(hook(SchedOracles.class, "unlinksQueued")).atEntry()
                .andIn(Scheduler.class, "scheduleTail").insert(hook(SchedOracles.class, "begins")).atExit()
                .andIn(RUN_QUEUE, "enqueue").insert(hook(SchedOracles.class, "queuesTask")).atEntry()
                .andIn(RUN_QUEUE, "enqueuePreempted").insert(hook(SchedOracles.class, "queuesTask")).atEntry();
    }

    /**
     * Works for several stoppers are about to be queued.
     *
     * @param stops the machine's
     * @param mask the CPUs
     */
    public static void entersStop(StopMachine stops, CpuMask mask) {
        Exploring.quietly(() -> Oracles.now().stops.entersMany(mask));
    }

    /** Works for several stoppers have been queued. */
    public static void leavesStop() {
        Exploring.quietly(() -> Oracles.now().stops.leavesMany());
    }

    /**
     * A work for a stopper is about to be queued.
     *
     * @param stops the machine's
     * @param cpu the stopper's CPU
     * @param work the work
     */
    public static void queuesWork(StopMachine stops, int cpu, CpuStopWork work) {
        Exploring.quietly(() -> Oracles.now().stops.queues(cpu, work));
    }

    /**
     * Works for two stoppers are about to be queued.
     *
     * @param stops the machine's
     * @param lower a CPU
     * @param lowerWork its work
     * @param higher another CPU
     * @param higherWork its work
     */
    public static void queuesTwoWorks(StopMachine stops, int lower, CpuStopWork lowerWork, int higher,
            CpuStopWork higherWork) {
        Exploring.quietly(() -> Oracles.now().stops.queuesTwo(lower, lowerWork, higher, higherWork));
    }

    /**
     * A work has been queued for a stopper.
     *
     * @param stopper the stopper
     * @param work the work
     */
    public static void appended(Object stopper, CpuStopWork work) {
        Exploring.quietly(() -> Oracles.now().stops.appended(work));
    }

    /**
     * A stopper has looked for its next work, under its lock.
     *
     * @param stopper the stopper
     */
    public static void takesWork(Object stopper) {
        Exploring.quietly(() -> {
            List<CpuStopWork> left = new ArrayList<>();
            for (CpuStopWork each = (CpuStopWork) FIRST_WORK.get(stopper); each != null;
                    each = (CpuStopWork) NEXT_WORK.get(each)) {
                left.add(each);
            }
            Oracles.now().stops.takes((int) STOPPER_CPU.get(stopper), left);
        });
    }

    /**
     * A stopper begins with a work.
     *
     * @param stopper the stopper
     * @param here its CPU
     */
    public static void beginsWork(Object stopper, Cpu here) {
        Exploring.quietly(() -> Oracles.now().stops.begins(here));
    }

    /**
     * A stopper is done with a work.
     *
     * @param stopper the stopper
     * @param here its CPU
     */
    public static void endsWork(Object stopper, Cpu here) {
        Exploring.quietly(() -> Oracles.now().stops.ended(here));
    }

    /** A stopper has no more works. */
    public static void endsWorks() {
        Exploring.letGoNoMore();
    }

    /**
     * A work is about to be filled: whatever it was, it has an owner.
     *
     * @param work the work
     * @param fn what it is to run
     * @param arg what that gets
     * @param caller the requesting task's name
     * @param done the record of its end, or null if no caller waits
     */
    public static void fillsWork(CpuStopWork work, CpuStopFn fn, Object arg, String caller, Object done) {
        Exploring.quietly(() -> Oracles.now().stops.fills(work, done));
    }

    /**
     * The owner of a stop work is about to queue it.
     *
     * @param work the work
     */
    public static void claimsWork(CpuStopWork work) {
        Exploring.quietly(() -> Exploring.owned(work));
    }

    /** A caller that waited for its works is about to return, and gives up its stack memory. */
    public static void leavesWorks() {
        Exploring.quietly(() -> Oracles.now().stops.leaves());
    }

    /**
     * The end of a work is about to be recorded.
     *
     * @param done the record
     */
    public static void signals(Object done) {
        Exploring.quietly(() -> Oracles.now().stops.signals(done));
    }

    /**
     * All works have ended, and the waiting caller is about to be told.
     *
     * @param done the record of that
     */
    public static void signalsLast(Object done) {
        Exploring.quietly(() -> Oracles.now().stops.signalsLast(done));
    }

    /**
     * The end of a work has been recorded.
     *
     * @param done the record
     */
    public static void signalled(Object done) {
        Exploring.quietly(() -> Oracles.now().stops.signalled(done));
    }

    /**
     * A completion is about to be completed, perhaps that of works.
     *
     * @param completion the completion
     */
    public static void completes(Completion completion) {
        Exploring.quietly(() -> Oracles.now().stops.completes(completion));
    }

    /**
     * A task is about to end.
     *
     * @param task the task
     */
    public static void endsTask(Task task) {
        Exploring.quietly(() -> Oracles.now().contexts.ends(task));
    }

    /**
     * A task has left its CPU forever.
     *
     * @param scheduler the scheduler
     * @param task the task
     */
    public static void endedTask(Scheduler scheduler, Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.gone(task));
    }

    /**
     * A task's state is about to be set.
     *
     * @param task the task
     */
    public static void changesTask(Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.used(task, "changed"));
    }

    /**
     * A task is about to be woken from where it waits, or will.
     *
     * @param task the task
     */
    public static void wakes(Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.woken(task));
    }

    /**
     * A task is about to be woken for the first time.
     *
     * @param wakeUp the machine's
     * @param task the task
     */
    public static void wakesNew(Object wakeUp, Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.woken(task));
    }

    /**
     * A task is back from where it may have waited.
     *
     * @param task the task
     */
    public static void goesOn(Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.goesOn(task));
    }

    /**
     * A task has its CPU for the first time.
     *
     * @param scheduler the scheduler
     * @param task the task
     */
    public static void begins(Scheduler scheduler, Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.goesOn(task));
    }

    /**
     * A task's entry was taken off a list, and what comes after it is known: it may be linked again.
     *
     * @param wakeUp the machine's
     * @param self the waiter that has taken it
     * @param task the task
     */
    public static void unlinksTask(Object wakeUp, Waiter self, Task task) {
        Exploring.quietly(() -> Oracles.now().links.unlinked((LlistNode) WAKE_ENTRY.get(task)));
    }

    /**
     * As {@link #unlinksTask}, when the task goes on a run queue.
     *
     * @param wakeUp the machine's
     * @param queue the run queue
     * @param task the task
     */
    public static void unlinksQueued(Object wakeUp, Object queue, Task task) {
        Exploring.quietly(() -> Oracles.now().links.unlinked((LlistNode) WAKE_ENTRY.get(task)));
    }

    /**
     * A task is about to be put on a run queue.
     *
     * @param queue the queue
     * @param task the task
     */
    public static void queuesTask(Object queue, Task task) {
        Exploring.quietly(() -> Oracles.now().tasks.used(task, "queued"));
    }
}
