package org.smp4j.litmus.program;

import java.util.List;
import org.smp4j.explore.memory.AccessMode;

/**
 * A litmus test.
 *
 * @param name its name
 * @param dialect the language of its threads
 * @param expected the observation that a comment in the test expects: Never, Sometimes or Always; null if none does
 * @param locations the names of its locations
 * @param initial their values at the start
 * @param threads its threads
 * @param condition its condition
 * @param shown the parts of the final state that are shown; those of the condition are among them
 */
public record LitmusTest(String name, Dialect dialect, String expected, List<String> locations, long[] initial,
        List<ThreadCode> threads, Condition condition, List<Condition.Part> shown) {
    /** The languages of tests. */
    public enum Dialect {
        /** C as the Linux kernel writes it. */
        KERNEL,
        /** C with the atomic functions of C11. */
        C11,
        /** Java with VarHandle operations. */
        JAVA
    }

    // Above every number that a test computes with.
    private static final long ADDRESSES = 1L << 40;

    /** {@return the address of a location, as a value} */
    public static long address(int location) {
        return ADDRESSES + location;
    }

    /**
     * The location that a value is the address of.
     *
     * @param value the value
     * @return the location's index, or -1 if the value is no address
     */
    public int location(long value) {
        return value >= ADDRESSES && value < ADDRESSES + locations.size() ? (int) (value - ADDRESSES) : -1;
    }

    /** {@return a value as a final state shows it: a number, or the name of the location that it is the address of} */
    public String text(long value) {
        int location = location(value);
        return location < 0 ? Long.toString(value) : locations.get(location);
    }

    /** {@return a final state as it is shown, given the registers of each thread and the values of the locations} */
    public String state(long[][] registers, long[] values) {
        StringBuilder text = new StringBuilder();
        for (Condition.Part part : shown) {
            text.append(text.isEmpty() ? "" : " ").append(part.name()).append('=')
                    .append(text(part.value(registers, values))).append(';');
        }
        return text.toString();
    }

    /** {@return whether a thread has plain accesses, with which compilers do more than the models know} */
    public boolean hasPlainAccesses() {
        return threads.stream().flatMap(thread -> thread.code().stream()).anyMatch(
                instruction -> instruction instanceof Instruction.Load load && load.mode() == AccessMode.PLAIN
                || instruction instanceof Instruction.Store store && store.mode() == AccessMode.PLAIN);
    }
}
