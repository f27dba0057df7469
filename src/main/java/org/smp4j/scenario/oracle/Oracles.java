package org.smp4j.scenario.oracle;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.Predicate;
import org.smp4j.call.CallFlusher;
import org.smp4j.call.CallMany;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Sitter;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Warnings;
import org.smp4j.weave.Weave;

/**
 * The observers of every scenario of the kernel, whatever its purpose: they see calls being queued and run, and stop
 * the run at a broken rule. The tower does not know them: {@link #weave} inserts their calls when classes are loaded
 * for exploring.
 *
 * <p>Their own accesses are not explored.
 */
public final class Oracles {
    private static final VarHandle FLAGS = Fields.field(CallSingleNode.class.getName(), "flags");

    private static Oracles current; // of this run; the explorer puts static fields back between runs

    private final TrackedCalls calls = new TrackedCalls();
    final Links links = new Links();
    final Works works = new Works();
    final Stops stops = new Stops();
    final TrackedTasks tasks = new TrackedTasks();
    final Callbacks callbacks = new Callbacks();
    final Contexts contexts = new Contexts();
    private boolean offlineCalls; // whether calls may run on an offline CPU

    private Oracles() {
    }

    /** {@return the edits that let the oracles see what happens, for the classes of any scenario of the kernel} */
    public static Weave weave() {
        return watching().and(SchedOracles.weave()).and(HotplugOracles.weave());
    }

    /** {@return the part of them by which these oracles see calls} */
    static Weave watching() {
        return Weave.in(LlistHead.class, "add").insert(hook(Oracles.class, "linked")).atExit()
                .andIn(IrqWork.class, "claim").insert(hook(Oracles.class, "asked")).atExit()
                .andIn(IrqWork.class, "begin").insert(hook(Oracles.class, "begun")).atExit()
                .andIn(IrqWork.class, "end").insert(hook(Oracles.class, "workEnds")).atEntry()
                .andIn(Csd.class, "setLocked").insert(hook(Oracles.class, "locks")).atEntry()
                .andIn(Csd.class, "unlock").insert(hook(Oracles.class, "unlocks")).atEntry()
                .insert(hook(Oracles.class, "unlocked")).atExit()
                .andIn(Csd.class, "fill").insert(hook(Oracles.class, "fills")).atEntry()
                .andIn(CallFlusher.class, "csdDoFunc").insert(hook(Oracles.class, "begins")).atEntry()
                .insert(hook(Oracles.class, "ends")).atExit()
                .andIn(Context.class, "restore").insert(hook(Oracles.class, "unbalanced")).atEntry()
                .andIn(CallFlusher.class, "flush").insert(hook(Oracles.class, "flushes")).atEntry()
                .insert(hook(Oracles.class, "flushed")).atExit()
                .andIn(Smp.class, "smpCallFunctionSingle")
                .insert(hook(Oracles.class, "entersSingle")).before(call(Preempt.class, "disable"))
                .insert(hook(Oracles.class, "leavesSingle")).before(call(Cpu.class, "preemptEnable"))
                .andIn(CallMany.class, "call").insert(hook(Oracles.class, "entersMany")).atEntry()
                .insert(hook(Oracles.class, "leavesMany")).atExit().insert(hook(Oracles.class, "leavesMany")).atThrow()
                .andIn(CallMany.class, "sendCallFunctionIpiMask")
                .insert(hook(Oracles.class, "sendsMask")).atEntry()
                .insert(hook(Oracles.class, "interrupts")).before(call(Cpu.class, "sendInterrupt"))
                .insert(hook(Oracles.class, "sentMask")).atExit();
    }

    static Oracles now() {
        if (current == null) {
            current = new Oracles();
        }
        return current;
    }

    /**
     * Something was put on a list.
     *
     * @param head the list
     * @param node what
     */
    public static void linked(LlistHead head, LlistNode node) {
        Exploring.quietly(() -> {
            now().calls.linked(head, node);
            now().links.linked(head, node);
        });
    }

    /**
     * An irq_work was asked for, whether it was pending or not.
     *
     * @param work the work
     */
    public static void asked(IrqWork work) {
        Exploring.quietly(() -> now().works.asked(work));
    }

    /**
     * The function of an irq_work begins, and may have it queued again.
     *
     * @param work the work
     */
    public static void begun(IrqWork work) {
        Exploring.quietly(() -> {
            now().works.begun(work);
            now().links.unlinked(work);
            now().calls.userCodeBegins();
        });
    }

    /**
     * The function of an irq_work has ended.
     *
     * @param work the work
     * @param flags its flags since it began
     */
    public static void workEnds(IrqWork work, int flags) {
        Exploring.quietly(() -> now().calls.userCodeEnds());
    }

    static boolean isLazy(IrqWork work) {
        return ((int) FLAGS.get(work) & IrqWork.LAZY) != 0;
    }

    /**
     * A csd is about to be taken for a call: whatever it was, it has an owner.
     *
     * @param csd the csd
     */
    public static void locks(Csd csd) {
        Exploring.quietly(() -> Exploring.owned(csd));
    }

    /**
     * A csd is about to be filled by a function that makes calls.
     *
     * @param csd the csd
     */
    public static void fills(Csd csd) {
        Exploring.quietly(() -> now().calls.fills(csd));
    }

    /**
     * A csd is about to be unlocked.
     *
     * @param csd the csd
     */
    public static void unlocks(Csd csd) {
        Exploring.quietly(() -> now().calls.unlocks(csd));
    }

    /**
     * A csd has been unlocked.
     *
     * @param csd the csd
     */
    public static void unlocked(Csd csd) {
        Exploring.quietly(() -> now().calls.unlocked(csd));
    }

    /**
     * A CPU is about to run what is queued for it.
     *
     * @param flusher whose queue
     * @param self where
     * @param online whether it has to be online
     */
    public static void flushes(CallFlusher flusher, Cpu self, boolean online) {
        Exploring.quietly(() -> {
            if (online && !now().offlineCalls && !self.isOnline() && !self.callSingleQueue().isEmpty()) {
                Exploring.broken("ran on an offline CPU", self + " runs " + self.callSingleQueue()
                        .peekFirst() + " although it is offline", List.of());
            }
            now().calls.flushes();
        });
    }

    /** A CPU has run what was queued for it. */
    public static void flushed() {
        Exploring.quietly(() -> now().calls.flushed());
    }

    /**
     * A function is about to run for another CPU.
     *
     * @param flusher whose queue
     * @param self where
     * @param func the function
     * @param info what it gets
     * @param csd the csd that brought it, or null
     */
    public static void begins(CallFlusher flusher, Cpu self, SmpCallFunc func, Object info, Csd csd) {
        Exploring.quietly(() -> {
            now().calls.begins(self, func, info, csd);
            now().contexts.begins(self);
        });
    }

    /**
     * A function has run for another CPU.
     *
     * @param flusher whose queue
     * @param self where
     * @param func the function
     * @param info what it got
     * @param csd the csd that brought it, or null
     */
    public static void ends(CallFlusher flusher, Cpu self, SmpCallFunc func, Object info, Csd csd) {
        Exploring.quietly(() -> {
            now().contexts.ends(self, func);
            now().calls.ends(self, func, csd);
        });
    }

    /**
     * A function has left preempt count or IRQ flag changed, and is about to be reported for it.
     *
     * @param cpu where
     * @param function which
     */
    public static void unbalanced(Cpu cpu, Object function) {
        Exploring.quietly(() -> now().contexts.unbalanced(cpu, function));
    }

    /** Functions of this run leave preempt count or IRQ flag changed on purpose, which warnings have to report. */
    public static void unbalancedOnPurpose() {
        Exploring.quietly(() -> now().contexts.onPurpose());
    }

    /**
     * Functions of this run enable IRQs on purpose: an interrupt may come while a CPU takes calls, and use a csd that
     * the CPU has just let go of.
     */
    public static void nestedOnPurpose() {
        Exploring.quietly(() -> now().calls.nestedOnPurpose());
    }

    /**
     * A call to one CPU begins.
     *
     * @param smp the machine's calls
     * @param cpu the CPU
     * @param func the function
     * @param info what it gets
     * @param wait whether the caller waits
     */
    public static void entersSingle(Smp smp, int cpu, SmpCallFunc func, Object info, boolean wait) {
        Exploring.quietly(() -> now().calls.enters(wait));
    }

    /** A call to one CPU returns: the next on this CPU may use the same csd. */
    public static void leavesSingle() {
        Exploring.quietly(() -> now().calls.leavesSingle());
    }

    /**
     * A call to many CPUs begins.
     *
     * @param many the machine's
     * @param mask the CPUs
     * @param func the function
     * @param info what it gets
     * @param flags whether the caller waits
     */
    public static void entersMany(CallMany many, CpuMask mask, SmpCallFunc func, Object info, int flags) {
        Exploring.quietly(() -> now().calls.enters((flags & 1) != 0));
    }

    /**
     * A call to many CPUs returns, or throws what its condition has thrown.
     *
     * @param many the machine's
     * @param mask the CPUs
     * @param func the function
     * @param info what it gets
     * @param flags whether the caller waits
     */
    public static void leavesMany(CallMany many, CpuMask mask, SmpCallFunc func, Object info, int flags) {
        Exploring.quietly(() -> now().calls.leaves());
    }

    /** A mask of CPUs is about to be interrupted. */
    public static void sendsMask() {
        Exploring.quietly(() -> now().calls.sendsMask());
    }

    /** One of several CPUs is about to be interrupted. */
    public static void interrupts() {
        Exploring.quietly(() -> now().calls.interrupts());
    }

    /** Several CPUs have been interrupted. */
    public static void sentMask() {
        Exploring.quietly(() -> now().calls.sentMask());
    }

    /** The scenario brings about calls that run on an offline CPU: these break no rule in this run. */
    public static void expectOfflineCalls() {
        Exploring.quietly(() -> now().offlineCalls = true);
    }

    /** {@return whether an irq_work has been asked for and has not begun} */
    public static boolean workIsPending() {
        return now().works.any();
    }

    /** {@return what a thread waits for, as half a sentence, or null} */
    public static String waits(Thread thread) {
        String calls = now().calls.waits(thread);
        Sitter sitter = thread instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Sitter its ? its : null;
        return calls != null || sitter == null || sitter.seat() == null ? calls : now().stops.waits(sitter.seat());
    }

    /**
     * The owner of a csd or another object has been told that it is free, and gives it up: from here on no thread may
     * touch it.
     *
     * @param object the object
     */
    public static void freed(Object object) {
        Exploring.quietly(() -> {
            Exploring.note(() -> "gives " + object + " up");
            Exploring.freed(object);
        });
    }

    /**
     * Checks the final state, when nothing more happens: every call, irq_work and stop work has run, every woken task
     * has continued, and there was no warning.
     *
     * @param warnings the machine's warnings
     * @param ticks whether time has passed to the next tick, for which lazy irq_works wait
     * @param expected the warnings that the scenario is to bring about
     */
    public static void check(Warnings warnings, boolean ticks, Predicate<Warnings.Warning> expected) {
        Exploring.quietly(() -> {
            now().calls.check();
            now().works.check(ticks);
            now().stops.check();
            now().tasks.check();
            List<Warnings.Warning> list = warnings.list().stream().filter(expected.negate()).toList();
            if (!list.isEmpty()) {
                Exploring.broken("warning: " + list.getFirst().site().name(), "the machine warned: "
                        + list.getFirst(), List.of());
            }
        });
    }
}
