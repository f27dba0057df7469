package org.smp4j.litmus.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.litmus.program.LitmusTest;

/** The locations of a test, and the registers that its first part sets. */
final class Names {
    final List<String> locations = new ArrayList<>();
    private final List<Long> values = new ArrayList<>();
    private final Map<String, Integer> byName = new LinkedHashMap<>();
    /** By thread: the registers with their values. */
    final Map<Integer, Map<String, Long>> registers = new LinkedHashMap<>();

    boolean isLocation(String name) {
        return byName.containsKey(name);
    }

    /** {@return the index of a location, which is added with the value 0 if it is new} */
    int location(String name) {
        return location(name, 0);
    }

    /** {@return the index of a location's first element} */
    int location(String name, int elements) {
        Integer known = byName.get(name);
        if (known != null) {
            return known;
        }
        int index = locations.size();
        byName.put(name, index);
        if (elements == 0) {
            locations.add(name);
            values.add(0L);
        }
        for (int i = 0; i < elements; i++) {
            locations.add(name + "[" + i + "]");
            byName.put(name + "[" + i + "]", index + i);
            values.add(0L);
        }
        return index;
    }

    long address(String name) {
        return LitmusTest.address(location(name));
    }

    void set(int location, long value) {
        values.set(location, value);
    }

    long[] values() {
        return values.stream().mapToLong(Long::longValue).toArray();
    }
}
