package org.smp4j.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Symbol;
import org.smp4j.oracle.CallTrace.Context;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

/**
 * Which task does what in which order when CPU 3 goes and comes, against ftrace's recording of Linux, as
 * {@code oracle/README.md} says.
 */
class HotplugTraceTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final Listener listener = new Listener();

    @AfterEach
    void close() {
        box.close();
    }

    /** Notes functions and events with the context in which they happen. */
    private final class Listener implements EventSink {
        private record Line(String comm, int cpu, boolean irqsOff, boolean hardirq, String what) {
        }

        private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

        private void note(String what) {
            Cpu cpu = Cpu.current();
            lines.add(new Line(machine.scheduler().curr(cpu.id).comm(), cpu.id, cpu.irqsDisabled(),
                    (cpu.preemptCount() & Preempt.HARDIRQ_MASK) != 0, what));
        }

        CallTrace trace() {
            CallTrace trace = new CallTrace();
            lines.forEach(line -> trace.add(line.comm, line.cpu, line.irqsOff, line.hardirq, line.what));
            return trace;
        }

        @Override
        public void function(String name) {
            note(name);
        }

        @Override
        public void cpuhpEnter(int cpu, int target, int idx, Object fun) {
            note("cpuhp_enter: cpu: %04d target: %3d step: %3d (%s)".formatted(cpu, target, idx, Symbol.ps(fun)));
        }

        @Override
        public void cpuhpMultiEnter(int cpu, int target, int idx, Object fun) {
            note("cpuhp_multi_enter: cpu: %04d target: %3d step: %3d (%s)".formatted(cpu, target, idx, Symbol.ps(fun)));
        }

        @Override
        public void cpuhpExit(int cpu, int state, int idx, int ret) {
            note("cpuhp_exit:  cpu: %04d  state: %3d step: %3d ret: %d".formatted(cpu, state, idx, ret));
        }

        @Override
        public void csdFunctionEntry(Object func, Object csd) {
            note("csd_function_entry: func=" + Symbol.ps(func));
        }

        @Override
        public void csdFunctionExit(Object func, Object csd) {
            note("csd_function_exit: func=" + Symbol.ps(func));
        }
    }

    private CallTrace traced(Runnable motion) {
        box.run(0, () -> {
            machine.cpus().setEvents(listener);
            motion.run();
            machine.cpus().setEvents(null);
        });
        return listener.trace();
    }

    private Set<Integer> states() {
        Set<Integer> states = new TreeSet<>();
        machine.hotplug().files().states().lines()
                .forEach(line -> states.add(Integer.parseInt(line.substring(0, 3).strip())));
        return states;
    }

    private static Map<Context, List<String>> withoutCsd(Map<Context, List<String>> reduced) {
        reduced.replaceAll((context, lines) -> lines.stream().map(line -> line.replaceAll(", csd=.*", "")).toList());
        return reduced;
    }

    private void assertSameOrder(CallTrace linux, CallTrace here, Set<String> except, String... functions) {
        Set<String> common = linux.functions();
        common.retainAll(here.functions());
        common.removeAll(except);
        assertThat(common).as("functions that both have").contains(functions);
        Map<Context, List<String>> expected = withoutCsd(linux.reduced(common, states()));
        Map<Context, List<String>> actual = withoutCsd(here.reduced(common, states()));
        for (Context context : Context.values()) {
            assertThat(actual.get(context)).as("%s", context).containsExactlyElementsOf(expected.get(context));
        }
    }

    private static void assertEdge(CallTrace trace, Context before, String first, Context after, String second) {
        int from = trace.indexOf(before, first, true);
        int to = trace.indexOf(after, second, false);
        assertThat(from).as("%s in %s", first, before).isNotNegative();
        assertThat(to).as("%s in %s comes after %s in %s", second, after, first, before).isGreaterThan(from);
    }

    @Test
    @Invariant({17, 29, 31, 42})
    void downIsInTheOrderOfTheRecording() {
        CallTrace here = traced(() -> assertThat(machine.hotplug().removeCpu(3)).isZero());
        CallTrace linux = CallTrace.recorded("oracle/cpu3-down.trace");
        assertSameOrder(linux, here, Set.of(), "cpuhp_kick_ap_work", "cpuhp_should_run", "cpuhp_thread_fun",
                "cpuhp_next_state", "cpuhp_invoke_callback",
                "sched_cpu_deactivate", "sched_cpu_wait_empty", "takedown_cpu", "stop_machine_cpuslocked",
                "cpu_stop_queue_work", "multi_cpu_stop",
                "take_cpu_down", "set_cpu_online", "smpcfd_dying_cpu", "__flush_smp_call_function_queue",
                "rcutree_dying_cpu", "sched_cpu_dying",
                "stop_machine_park", "cpuhp_report_idle_dead", "cpuhp_ap_report_dead", "cpuhp_complete_idle_dead",
                "cpuhp_wait_for_sync_state", "smpcfd_dead_cpu", "rcutree_dead_cpu");
        for (CallTrace trace : List.of(linux, here)) {
            assertEdge(trace, Context.CONTROL, "cpuhp_enter: cpu: 0003 target: 145 step: 236", Context.HOTPLUG_THREAD,
                    "cpuhp_thread_fun");
            assertEdge(trace, Context.HOTPLUG_THREAD, "cpuhp_next_state", Context.CONTROL,
                    "cpuhp_exit: cpu: 0003 state: 145 step: 236");
            assertEdge(trace, Context.HOTPLUG_THREAD, "cpuhp_next_state", Context.CONTROL, "stop_machine_cpuslocked");
            for (Context stopper : List.of(Context.STOPPER_0, Context.STOPPER_1, Context.STOPPER_2, Context.STOPPER)) {
                assertEdge(trace, Context.CONTROL, "stop_machine_cpuslocked", stopper, "multi_cpu_stop");
                assertEdge(trace, stopper, "multi_cpu_stop", Context.STOPPER, "take_cpu_down");
            }
            assertEdge(trace, Context.STOPPER, "stop_machine_park", Context.IDLE, "cpuhp_report_idle_dead");
            assertEdge(trace, Context.IDLE, "cpuhp_report_idle_dead", Context.INTERRUPT, "cpuhp_complete_idle_dead");
            assertEdge(trace, Context.INTERRUPT, "cpuhp_complete_idle_dead", Context.CONTROL,
                    "cpuhp_wait_for_sync_state");
            assertEdge(trace, Context.IDLE, "cpuhp_ap_report_dead", Context.CONTROL,
                    "cpuhp_exit: cpu: 0003 state: 87 step: 145");
        }
    }

    @Test
    @Invariant({29, 31})
    void upIsInTheOrderOfTheRecording() {
        box.run(0, () -> assertThat(machine.hotplug().removeCpu(3)).isZero());
        CallTrace here = traced(() -> assertThat(machine.hotplug().addCpu(3)).isZero());
        CallTrace linux = CallTrace.recorded("oracle/cpu3-up.trace");
        // x86's cache control stops the machine from a CPU that comes up.
        assertSameOrder(linux, here, Set.of("cpu_stop_queue_work", "multi_cpu_stop"), "cpuhp_should_run",
                "cpuhp_thread_fun", "cpuhp_next_state",
                "cpuhp_invoke_callback", "smpcfd_prepare_cpu", "rcutree_prepare_cpu", "cpuhp_kick_ap_alive",
                "cpuhp_bringup_ap", "cpuhp_ap_sync_alive",
                "cpuhp_wait_for_sync_state", "notify_cpu_starting", "sched_cpu_starting", "set_cpu_online",
                "cpuhp_online_idle", "rcutree_online_cpu", "sched_cpu_activate");
        for (CallTrace trace : List.of(linux, here)) {
            assertEdge(trace, Context.CONTROL, "cpuhp_kick_ap_alive", Context.IDLE, "cpuhp_ap_sync_alive");
            assertEdge(trace, Context.CONTROL, "cpuhp_wait_for_sync_state", Context.IDLE, "notify_cpu_starting");
            assertEdge(trace, Context.IDLE, "cpuhp_online_idle", Context.HOTPLUG_THREAD, "cpuhp_thread_fun");
            assertEdge(trace, Context.HOTPLUG_THREAD, "cpuhp_next_state", Context.CONTROL,
                    "cpuhp_exit: cpu: 0003 state: 236 step: 86");
        }
    }
}
