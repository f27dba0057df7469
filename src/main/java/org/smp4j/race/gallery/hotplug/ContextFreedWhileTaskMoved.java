package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;

import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Owned;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Mutex;
import org.smp4j.weave.Weave;

/** A task that may sleep uses memory of a CPU that leaves meanwhile. */
@RaceFacts(slug = "zswap-context-freed-under-user",
        title = "mm: zswap: title not certain; freeing is synchronized with users on other CPUs",
        certainty = Certainty.MEMORY, year = 2025, cpus = 3, breaks = "use after release", proof = "bound1",
        symptom = "a compressor uses a context that hotplug has freed", shows = {"uses", "gives context 2 up"},
        story = """
                Each CPU has a context for compression. A task takes that of its CPU, locks its mutex and may sleep in
                the middle. The CPU can go down meanwhile: the task is moved to another CPU and goes on, and the
                callback for the dead CPU frees the context that the task still uses. Now the callback takes the
                mutex, and marks the context as gone before it frees it; a task that finds its context gone, once it
                has the mutex, takes that of the CPU on which it is now.""")
public final class ContextFreedWhileTaskMoved extends MachineScenario implements Race {
    private static final class Context {
        final Mutex mutex = new Mutex();
        final Owned memory;
        boolean gone; // guarded by mutex

        Context(int cpu) {
            memory = new Owned("context " + cpu);
        }
    }

    private final Context[] contexts = new Context[3];

    /** The race. */
    public ContextFreedWhileTaskMoved() {
        super(3);
        for (int cpu = 0; cpu < contexts.length; cpu++) {
            contexts[cpu] = new Context(cpu);
        }
    }

    @Override
    public Weave bug() {
        return Weave.in(ContextFreedWhileTaskMoved.class, "dead").drop(call(Mutex.class, "lock"))
                .drop(call(Mutex.class, "unlock"))
                .andIn(ContextFreedWhileTaskMoved.class, "compress").ignore("gone");
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        task(0, "cpu_down", () -> {
            machine.hotplug().setup().setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "zswap", null,
                    CpuhpCallback.named("zswap_cpu_comp_dead", cpu -> dead(contexts[cpu])));
            task(2, "compressor", () -> compress(machine));
            Exploring.stretch(true);
            machine.hotplug().removeCpu(2);
        });
    }

    private int dead(Context context) {
        context.mutex.lock();
        context.gone = true;
        context.memory.free();
        context.mutex.unlock();
        return 0;
    }

    private void compress(Machine machine) {
        for (boolean done = false; !done; ) {
            Context context = contexts[Cpu.rawSmpProcessorId()];
            context.mutex.lock();
            if (!context.gone) {
                machine.scheduler().condResched(); // it allocates, and may sleep
                context.memory.use();
                done = true;
            }
            context.mutex.unlock();
        }
    }
}
