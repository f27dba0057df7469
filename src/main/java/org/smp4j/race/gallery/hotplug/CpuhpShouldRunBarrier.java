package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.sched.Kthread;
import org.smp4j.weave.Weave;

/** A hotplug thread acts on an old request. */
@RaceFacts(slug = "cpuhp-should-run-barrier", title = "cpu/hotplug: Adjust misplaced smp_mb() in cpuhp_thread_fun()",
        hash = "f8b7530aa0a1", certainty = Certainty.MEMORY, year = 2018, model = MemoryModel.WEAK, cpus = 2,
        breaks = "callbacks out of step", symptom = "a CPU's hotplug thread takes a step that was not asked for",
        proof = "bound2", shows = {"shouldRun = true", "sees cpuhp 1.shouldRun true",
                "by control at CpuhpThread.java", "is not visible yet", "sees cpuhp 1.cbState"},
        story = """
                The control CPU fills in a request, and then tells the hotplug thread of the target that there is
                one. The thread looks whether there is one, and reads the request. Its barrier stood before that
                look, where it orders nothing of the two: the request could be read from before the look, and the
                thread acted on the old one. Now the barrier stands between the look and the request; it pairs with
                the one between the writes on the other side. A thread that sleeps sees the request by its wake-up;
                so here it has just done one request, and looks again while the control CPU makes the next. The kernel
                here has its flag volatile, which would do without barriers; in both variants it is not.""")
public final class CpuhpShouldRunBarrier extends MachineScenario implements Race {
    private static final String THREAD = "org.smp4j.hotplug.CpuhpThread";
    private static final VarHandle CPU = Fields.field("org.smp4j.hotplug.CpuhpCpuState", "cpu");
    private static final VarHandle ASKED = Fields.field(CpuhpShouldRunBarrier.class.getName(), "asked");
    private static final VarHandle LOOKS = Fields.field(CpuhpShouldRunBarrier.class.getName(), "looks");
    private static final int TARGET = 1;

    // Written by: the scenario, before its task starts. Read by: the hooks. Ordering: the start of the task.
    private static CpuhpShouldRunBarrier current;

    private boolean isSecond; // used by the control task only
    private boolean ran; // used by the target's hotplug thread only
    // Written by: the control task. Read by: the target's hotplug thread. Ordering: opaque, as it must order nothing.
    private boolean asked;
    // Written by: the target's hotplug thread. Read by: the control task. Ordering: opaque, as it must order nothing.
    private boolean looks;

    /** The race. */
    public CpuhpShouldRunBarrier() {
        super(2);
    }

    @Override
    public Weave parts() {
        return Weave.opaque("org.smp4j.hotplug.CpuhpCpuState", "shouldRun")
                .and(Weave.in(THREAD, "threadShouldRun").insert(hook(CpuhpShouldRunBarrier.class, "looks"))
                .after(call(Cpu.class, "traceFunction"))
                .andIn(THREAD, "invoke").insert(hook(CpuhpShouldRunBarrier.class, "asks")).atEntry()
                .andIn(THREAD, "kick").insert(hook(CpuhpShouldRunBarrier.class, "asked"))
                .before(call(Kthread.class, "startOnce")));
    }

    @Override
    public Weave bug() {
        return Weave.in(THREAD, "threadFn").drop(call(VarHandle.class, "fullFence"))
                .andIn(THREAD, "threadShouldRun").insert(hook(VarHandle.class, "fullFence")).atEntry();
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        current = this;
        task(0, "control", () -> {
            machine.hotplug().setup().setupState(CpuhpState.AP_ONLINE_DYN, "first",
                    CpuhpCallback.named("first", this::first), null);
            isSecond = true;
            machine.hotplug().setup().setupState(CpuhpState.AP_ONLINE_DYN, "second",
                    CpuhpCallback.named("second", this::second), null);
        });
    }

    private int first(int cpu) {
        ran |= cpu == TARGET;
        return 0;
    }

    private int second(int cpu) {
        if (cpu == TARGET) {
            Exploring.stretch(false);
        }
        return 0;
    }

    /**
     * The thread is about to look for a request; if it has done the first, it is slow to look for the next.
     *
     * @param thread the hotplug threads
     * @param cpu the CPU
     */
    public static void looks(Object thread, int cpu) {
        if (cpu == TARGET && current.ran && !current.looks) {
            while (!(boolean) ASKED.getOpaque(current)) {
                Waiter.current().relax(0);
            }
            LOOKS.setOpaque(current, true);
        }
    }

    /**
     * The control CPU is about to make a request.
     *
     * @param thread the hotplug threads
     * @param st the control block of the target
     */
    public static void asks(Object thread, Object st) {
        if (isSecond(st)) {
            Exploring.stretch(true);
        }
    }

    private static boolean isSecond(Object st) {
        return (int) CPU.get(st) == TARGET && current.isSecond;
    }

    /**
     * The control CPU has made a request, and has not woken the thread yet.
     *
     * @param thread the hotplug threads
     * @param st the control block of the target
     */
    public static void asked(Object thread, Object st) {
        if (isSecond(st)) {
            ASKED.setOpaque(current, true);
            while (!(boolean) LOOKS.getOpaque(current)) {
                Waiter.current().relax(0);
            }
        }
    }
}
