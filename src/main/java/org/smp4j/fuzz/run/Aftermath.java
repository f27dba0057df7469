package org.smp4j.fuzz.run;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Kernel;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.CpuMask;
import org.smp4j.stop.CpuStopFn;

/** After a program with illegal uses the kernel has to serve calls, stops and hotplug; the last task to end tries. */
final class Aftermath {
    private static final int VALUE = 42;
    private static final int MOST_SLEEPS = 1000; // of a millisecond; then a function that never runs is reported

    private final World world;
    private final boolean wanted;
    private final AtomicInteger left;

    Aftermath(World world) {
        this.world = world;
        wanted = world.isIllegal();
        left = new AtomicInteger((int) world.program().players().stream()
                .filter(player -> player.kind() == Player.Kind.TASK).count());
    }

    /** Performs the operations of a task. */
    void play(int player) {
        world.play(player);
        world.mustBeBalanced(player);
        if (wanted && left.decrementAndGet() == 0) {
            Exploring.stretch(false); // one schedule of it suffices
            serves();
            world.mustBeBalanced(player);
        }
    }

    private void serves() {
        Stage stage = world.program().stage();
        Kernel kernel = world.kernel();
        if (stage != Stage.MACHINE) {
            calls();
        } else {
            kernel.hotplugLock().cpusReadLock();
            calls();
            kernel.hotplugLock().cpusReadUnlock();
        }
        if (stage != Stage.CPUS) {
            stops();
        }
        boolean moves = world.facts().marks().stream().allMatch(World.THROWS::equals);
        if (stage == Stage.MACHINE && moves) {
            awaitFunctions();
            int last = kernel.cpus().nrCpuIds - 1;
            for (int cpu = 0; cpu <= last; cpu++) { // the program may have taken them down
                kernel.machine().hotplug().addCpu(cpu);
            }
            expect("remove_cpu", kernel.machine().hotplug().removeCpu(last), 0);
            expect("add_cpu", kernel.machine().hotplug().addCpu(last), 0);
            calls();
        }
    }

    /**
     * Waits for spawned tasks, queued works and timers for which the program does not wait: they may rely on CPUs that
     * the program leaves online. Devices add none, since they do not interrupt outside the explored stretch.
     */
    private void awaitFunctions() {
        for (int i = 0; i < MOST_SLEEPS && !world.isComplete(); i++) {
            world.kernel().scheduler().timers().msleep(1);
        }
    }

    private void calls() {
        Kernel kernel = world.kernel();
        AtomicInteger ran = new AtomicInteger();
        int online = kernel.cpus().numOnline();
        kernel.smp().onEachCpu(SmpCallFunc.named("serves", _ -> ran.incrementAndGet()), null, true);
        expect("on_each_cpu", ran.get(), online);
        for (int cpu = 0; cpu < kernel.cpus().nrCpuIds; cpu++) {
            if (kernel.cpus().cpu(cpu).isOnline()) {
                IrqWork work = IrqWork.of(_ -> ran.incrementAndGet());
                kernel.irqWorks().irqWorkQueueOn(work, cpu);
                kernel.irqWorks().irqWorkSync(work);
            }
        }
        expect("irq_work", ran.get(), 2 * online);
    }

    private void stops() {
        Kernel kernel = world.kernel();
        int here = Cpu.rawSmpProcessorId();
        expect("stop_one_cpu", kernel.stopMachine().stopOneCpu(here, CpuStopFn.named("serves", _ -> VALUE), null),
                VALUE);
        AtomicInteger ran = new AtomicInteger();
        CpuMask all = kernel.cpus().possible.copy();
        int result = kernel.stopMachine().stopMachine(CpuStopFn.named("serves", _ -> {
            ran.incrementAndGet();
            return VALUE;
        }), null, all);
        expect("stop_machine", result, VALUE);
        if (world.program().stage() == Stage.TASKS) {
            expect("stop_machine", ran.get(), kernel.cpus().nrCpuIds);
        }
    }

    private static void expect(String what, int result, int expected) {
        if (result != expected) {
            ProgramRule.broken("does not serve", "after illegal uses " + what + " gives " + result + ", and not "
                    + expected);
        }
    }
}
