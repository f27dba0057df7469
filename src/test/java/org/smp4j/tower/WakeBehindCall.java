package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.relax;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.call.TtwuNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Rcu;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;
import org.smp4j.weave.Weave;

/**
 * A CPU leaves. A waker that saw it active adds its wake entry to the CPU's call queue behind the csd of a sender that
 * has yet to raise the interrupt. The queue is not empty then, although no interrupt is pending.
 */
public final class WakeBehindCall extends MachineScenario {
    private static final String CORE_STATES = "org.smp4j.hotplug.CoreStates";

    /** Each party gets to its place first: else thousands of steps lie between them. */
    static final Weave STAGED = Weave.in(CORE_STATES, "schedCpuDeactivate").insert(hook(WakeBehindCall.class, "leaves"))
            .atEntry()
            .andIn("org.smp4j.sched.WakeUp", "ttwuQueue").insert(hook(WakeBehindCall.class, "sawItActive"))
            .before(call(Smp.class, "smpCallSingleQueue"))
            .andIn(Rcu.class, "waitFor").insert(hook(WakeBehindCall.class, "waitsForTheWaker")).atEntry()
            .andIn(Smp.class, "smpCallSingleQueue").insert(hook(WakeBehindCall.class, "hasAdded"))
            .after(call(LlistHead.class, "add"))
            .andIn(CORE_STATES, "schedCpuWaitEmpty").insert(hook(WakeBehindCall.class, "takenForEmpty")).atExit();

    /** The CPU that leaves looks whether an interrupt is pending. */
    static final Weave LOOKS_FOR_THE_INTERRUPT = Weave.in(CORE_STATES, "schedCpuWaitEmpty")
            .replace(call(LlistHead.class, "isEmpty")).by(hook(WakeBehindCall.class, "noInterruptIsPending"));

    private static final int PATIENCE = 20; // turns; a CPU that looks at the right thing waits for the sender
    private static final int WAKER = 1;
    private static final int TARGET = 2;

    private static volatile boolean leaves;
    private static volatile boolean sawItActive;
    private static volatile boolean waitsForTheWaker;
    private static volatile boolean hasAdded;
    private static volatile boolean takenForEmpty;
    private static volatile boolean woken;

    private final Completion completion = new Completion();
    private final Csd csd = new Csd(SmpCallFunc.named("nothing", _ -> { }), null);

    /** Made for each run. */
    public WakeBehindCall() {
        super(4);
    }

    @Override
    protected void run(Machine machine) {
        Task sleeper = task(TARGET, "sleeper", completion::waitForCompletion);
        task(WAKER, "waker", () -> {
            while (!leaves) {
                relax();
            }
            completion.complete();
            woken = true;
        });
        task(0, "sender", () -> {
            while (!waitsForTheWaker && !woken) {
                relax();
            }
            machine.smp().smpCallFunctionSingleAsync(TARGET, csd);
        });
        task(3, "down", () -> {
            while (sleeper.state() != TaskState.BLOCKED) {
                relax();
            }
            machine.hotplug().removeCpu(TARGET);
        });
    }

    /** The CPU is about to be inactive. */
    public static void leaves() {
        leaves = true;
        while (!sawItActive && !woken) {
            relax();
        }
    }

    /**
     * The waker is about to add its entry.
     *
     * @param wakeUp whose
     * @param self the waker
     * @param task whom
     */
    public static void sawItActive(Object wakeUp, Waiter self, Task task) {
        if (task.comm().equals("sleeper") && leaves && !sawItActive) {
            sawItActive = true;
            while (!hasAdded) {
                relax();
            }
        }
    }

    /**
     * The CPU that leaves waits for another to pass; it has waited for the sender's already.
     *
     * @param rcu grace periods
     * @param cpu the other
     * @param before its switches
     */
    public static void waitsForTheWaker(Rcu rcu, int cpu, long before) {
        waitsForTheWaker |= sawItActive && cpu == WAKER;
    }

    /**
     * The sender has yet to raise the interrupt.
     *
     * @param smp the calls
     * @param self the sender
     * @param target the CPU that leaves
     * @param node what was added
     */
    public static void hasAdded(Smp smp, Cpu self, Cpu target, CallSingleNode node) {
        if (node instanceof Csd && waitsForTheWaker && !hasAdded) {
            hasAdded = true;
            for (int turn = 0; turn < PATIENCE && !takenForEmpty; turn++) {
                relax();
            }
        }
    }

    /** The CPU has no tasks any more, it says: no wake-up may be on its way to it. */
    public static void takenForEmpty() {
        takenForEmpty = true;
        Exploring.quietly(() -> {
            LlistNode node = Cpu.current().callSingleQueue().peekFirst();
            for (; node != null; node = node.next()) {
                if (node instanceof TtwuNode) {
                    Exploring.broken("left behind", "a CPU counts as vacated while a wake-up is in its call queue",
                            List.of());
                }
            }
        });
    }

    /**
     * A look at the wrong thing.
     *
     * @param queue the CPU's call queue
     * @return whether no interrupt of it is pending
     */
    public static boolean noInterruptIsPending(LlistHead queue) {
        return (Cpu.current().pendingBits() & PendingWord.CALL) == 0;
    }
}
