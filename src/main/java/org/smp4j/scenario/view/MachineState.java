package org.smp4j.scenario.view;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.smp4j.call.CallSingleNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Symbol;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskFifo;
import org.smp4j.stop.CpuStopFn;

/** The state of a machine's CPUs in words, for a reader who steps through a run. */
final class MachineState {
    private static final int MOST_NODES = 8;

    private final Reflected reflected;
    private final Cpus cpus;
    private final List<Object> parts;
    private TreeMap<Integer, String> hotplugStates; // null until one is asked for
    private final List<Object> multiStops = new ArrayList<>(); // the barriers that were seen last

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

    /** A barrier of a multi-stop has a place among the aspects of the machine; one that is over gives its place up. */
    void multiStop(Object barrier) {
        if (!multiStops.contains(barrier)) {
            int free = 0;
            while (free < multiStops.size() && !phase(multiStops.get(free)).equals(Words.OVER)) {
                free++;
            }
            if (free == multiStops.size()) {
                multiStops.add(barrier);
            } else {
                multiStops.set(free, barrier);
            }
        }
    }

    private String phase(Object barrier) {
        return Words.multiStop((int) reflected.get(barrier, "state"));
    }

    /** {@return for each multi-stop that goes on at the same time the name of its aspect} */
    List<String> multiStopAspects() {
        return IntStream.rangeClosed(1, Math.max(1, multiStops.size()))
                .mapToObj(number -> number == 1 ? "multi-stop" : "multi-stop " + number).toList();
    }

    Map<String, Map<String, String>> now(ObjectNames names) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        if (cpus == null) {
            return all;
        }
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("online", MachineView.list(cpus.online));
        machine.put("active", MachineView.list(cpus.active));
        machine.put("present", MachineView.list(cpus.present));
        machine.put("dying", MachineView.list(cpus.dying));
        for (int i = 0; i < multiStops.size(); i++) {
            machine.put(multiStopAspects().get(i), phase(multiStops.get(i)));
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
            state.put("stopper", works(stopper)
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

    private String works(Object stopper) {
        List<String> all = new ArrayList<>();
        if (reflected.get(stopper, "fn") instanceof CpuStopFn) {
            all.add("runs " + work(stopper));
        }
        Object work = reflected.get(stopper, "first");
        for (int count = 0; work != null && count < MOST_NODES; count++) {
            all.add("queued: " + work(work));
            work = reflected.get(work, "next");
        }
        return all.isEmpty() ? "no work" : String.join(", ", all);
    }

    private String work(Object work) {
        return Symbol.ps(reflected.get(work, "fn")) + " of " + reflected.get(work, "caller");
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
