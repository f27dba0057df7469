package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpus;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.lib.BootParams;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** What a worker makes of a broadcast. */
public class ScfInvokerTest {
    private static ScfRun runOf(Machine machine, BootParams boot) {
        return new ScfRun(new TortureConfig(boot, Map.of(TortureParam.WEIGHT_MANY_WAIT, 1), 1, 0, 0, 0), machine,
                null);
    }

    /** Both CPUs are online. */
    public static final class Broadcast extends MachineScenario {
        /** On two CPUs. */
        public Broadcast() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "scftorture_invoker/0", new ScfInvoker(runOf(machine, params()), 0)::invokeOne);
        }
    }

    /** CPU 1 has not been brought up, and comes online at any time of the broadcast. */
    public static final class Arrival extends MachineScenario {
        private static volatile boolean begun;

        /** On two CPUs. */
        public Arrival() {
            super(2);
        }

        /** CPU 1 gets that far before the broadcast. */
        public static void awaitBroadcast() {
            while (!begun) {
                Thread.onSpinWait();
            }
        }

        @Override
        protected BootParams params() {
            return super.params().with("maxcpus=1");
        }

        @Override
        protected void run(Machine machine) {
            ScfRun run = runOf(machine, params());
            task(0, "up", () -> machine.hotplug().addCpu(1));
            ScfInvoker invoker = new ScfInvoker(run, 0);
            task(0, "scftorture_invoker/0", () -> {
                begun = true;
                invoker.invokeOne();
            });
        }
    }

    private static Report explore(Class<?> scenario, Weave weave) {
        return Explorer.explore(new LoadedProgram(scenario.getName(), Programs.options().withWeaves(weave),
                ScfInvokerTest.class.getClassLoader()),
                ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(1_000_000), Explorer.Progress.NONE);
    }

    private static void assertClean(Report report) {
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.complete()).isTrue();
    }

    @Test
    void aBroadcastThatDoesNotHappenIsSeen() {
        assertClean(explore(Broadcast.class, Weave.nothing()));
        Report report = explore(Broadcast.class, Weave.in(ScfInvoker.class, "invoke")
                .drop(call(Smp.class, "smpCallFunctionMany")));
        assertThat(report.text()).contains("scftorture_invoke_one: Memory-ordering failure, scfs_prim: 3.");
    }

    /** Whether it is called or not, nothing is wrong. */
    @Test
    void aCpuThatComesOnlineBehindTheCallIsNotBlamedOnIt() {
        assertClean(explore(Arrival.class, Weave.in("org.smp4j.hotplug.BringUp", "startSecondary")
                .insert(hook(Arrival.class, "awaitBroadcast"))
                .before(call(Cpus.class, "setCpuOnline"))));
    }
}
