package org.smp4j.scenario.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smp4j.call.CallSingleNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.LlistNode;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskFifo;

/** The state of a machine's CPUs in words, for a reader who steps through a run. */
final class MachineState {
    private static final int MOST_NODES = 8;

    private final Reflected reflected;
    private final Cpus cpus;
    private final List<Object> parts;
    private TreeMap<Integer, String> hotplugStates; // null until one is asked for
    private Object multiStop; // the latest barrier that was seen; null for none

    MachineState(Reflected reflected, Cpus cpus, List<Object> parts) {
        this.reflected = reflected;
        this.cpus = cpus;
        this.parts = parts;
    }

    /** {@return the name of a state of hotplug; of one without a name, how far it is above one that has one} */
    String hotplug(int number) {
        if (hotplugStates == null) {
            hotplugStates = new TreeMap<>(Words.hotplug());
        }
        Map.Entry<Integer, String> named = hotplugStates.floorEntry(number);
        return named == null ? Integer.toString(number)
                : named.getKey() == number ? named.getValue() : named.getValue() + "+" + (number - named.getKey());
    }

    void multiStop(Object barrier) {
        multiStop = barrier;
    }

    Map<String, Map<String, String>> now(ObjectNames names) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("online", MachineView.list(cpus.online));
        machine.put("active", MachineView.list(cpus.active));
        machine.put("present", MachineView.list(cpus.present));
        machine.put("dying", MachineView.list(cpus.dying));
        if (multiStop != null) {
            machine.put("multi-stop", Words.multiStop((int) reflected.get(multiStop, "state")));
        }
        all.put("", machine);
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            all.put("CPU " + cpu, of(cpus.cpu(cpu), names));
        }
        return all;
    }

    private Map<String, String> of(Cpu cpu, ObjectNames names) {
        Map<String, String> state = new LinkedHashMap<>();
        state.put("runs", cpu.sitter() instanceof Task task ? task.comm() : "nothing");
        state.put("preempt count", Words.preempt(cpu.preemptCount()));
        state.put("IRQs", cpu.irqsDisabled() ? "off" : "on");
        state.put("pending", Words.pending(cpu.pendingBits()));
        state.put("call queue", queue(cpu.callSingleQueue().peekFirst()));
        Object queue = element("runQueues", cpu.id);
        if (queue != null) {
            List<String> waiting = new ArrayList<>();
            waiting.addAll(tasks(reflected.get(queue, "realTime")));
            waiting.addAll(tasks(reflected.get(queue, "normal")));
            state.put("run queue", waiting.isEmpty() ? "empty" : String.join(", ", waiting));
        }
        Object stopper = element("stoppers", cpu.id);
        if (stopper != null) {
            state.put("stopper", works(reflected.get(stopper, "first"))
                    + (Boolean.TRUE.equals(reflected.get(stopper, "enabled")) ? "" : " (parked)"));
        }
        Object hotplug = element("states", cpu.id);
        if (hotplug != null) {
            state.put("hotplug", hotplug((int) reflected.get(hotplug, "state")));
        }
        return state;
    }

    private static List<String> tasks(Object fifo) {
        return fifo instanceof TaskFifo list ? list.tasks().stream().map(Task::comm).toList() : List.of();
    }

    private String queue(LlistNode first) {
        List<String> nodes = new ArrayList<>();
        for (LlistNode node = first; node != null && nodes.size() < MOST_NODES; node = node.next()) {
            nodes.add(node instanceof CallSingleNode single
                    ? name(single) + " " + Words.node((int) reflected.get(single, "flags")) : node.toString());
        }
        return nodes.isEmpty() ? "empty" : String.join(", ", nodes) + (nodes.size() == MOST_NODES ? ", ..." : "");
    }

    private String name(CallSingleNode node) {
        return reflected.get(node, "task") instanceof Task task ? "wake-up of " + task.comm()
                : node.getClass().getSimpleName().equals("Csd") ? node.toString() : node.getClass().getSimpleName();
    }

    private String works(Object first) {
        int count = 0;
        for (Object work = first; work != null && count < MOST_NODES; work = reflected.get(work, "next")) {
            count++;
        }
        return count == 0 ? "no work" : count == 1 ? "1 work" : count + " works";
    }

    /** {@return an element of an array with this name in one of the parts, or null} */
    private Object element(String array, int index) {
        for (Object part : parts) {
            if (reflected.get(part, array) instanceof Object[] elements && index < elements.length) {
                return elements[index];
            }
        }
        return null;
    }
}
