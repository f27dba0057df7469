package org.smp4j.hotplug;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.smp4j.cpu.Cpu;

/**
 * Callbacks that note each call as {@code name.up(cpu)@K} or {@code name.dn(cpu,instance)@K}, K being the CPU on which
 * it ran, and fail when told to.
 */
final class Callbacks {
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /** The calls since the last look. */
    List<String> taken() {
        List<String> taken = new ArrayList<>();
        for (String call; (call = calls.poll()) != null; ) {
            taken.add(call);
        }
        return taken;
    }

    /** Has a call, without its {@code @K}, return something else than 0 from now on. */
    void failing(String call, int ret) {
        failures.put(call, ret);
    }

    void succeeding() {
        failures.clear();
    }

    private int call(String call) {
        calls.add(call + "@" + Cpu.rawSmpProcessorId());
        return failures.getOrDefault(call, 0);
    }

    CpuhpCallback up(String name) {
        return cpu -> call(name + ".up(" + cpu + ")");
    }

    CpuhpCallback down(String name) {
        return cpu -> call(name + ".dn(" + cpu + ")");
    }

    CpuhpMultiCallback multiUp(String name) {
        return (cpu, node) -> call(name + ".up(" + cpu + "," + node + ")");
    }

    CpuhpMultiCallback multiDown(String name) {
        return (cpu, node) -> call(name + ".dn(" + cpu + "," + node + ")");
    }
}
