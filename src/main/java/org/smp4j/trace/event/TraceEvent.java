package org.smp4j.trace.event;

import java.util.BitSet;
import java.util.List;

/**
 * One event.
 *
 * @param cpu the CPU on which it happened
 * @param time when: nanoseconds since the trace began, or the number of the step in an explored run
 * @param pid the task's number; 0 for an idle task
 * @param comm the task's name
 * @param context the context in which it happened
 * @param type its type
 * @param values the values of the type's fields
 */
public record TraceEvent(int cpu, long time, int pid, String comm, EventContext context, EventType type,
        List<Object> values) {
    /** Copies the values, of which some may be null. */
    public TraceEvent {
        values = java.util.Collections.unmodifiableList(new java.util.ArrayList<>(values));
    }

    /**
     * The value of a field.
     *
     * @param field the field's name
     * @return its value
     */
    public Object value(String field) {
        for (int i = 0; i < type.fields().size(); i++) {
            if (type.fields().get(i).name().equals(field)) {
                return values.get(i);
            }
        }
        throw new IllegalArgumentException(type.eventName() + " has no field " + field);
    }

    /**
     * The value of a field with a number.
     *
     * @param field the field's name
     * @return its value
     */
    public int number(String field) {
        return (int) value(field);
    }

    /** {@return the fields as the kernel prints them, after the event's name} */
    public String text() {
        StringBuilder out = new StringBuilder();
        String layout = type.layout();
        int next = 0;
        for (int i = 0; i < layout.length(); i++) {
            if (layout.charAt(i) != '%') {
                out.append(layout.charAt(i));
                continue;
            }
            int end = i + 1;
            while (Character.isDigit(layout.charAt(end))) {
                end++;
            }
            String width = layout.substring(i + 1, end);
            Object value = values.get(next++);
            switch (layout.charAt(end)) {
                case 'u', 'd' -> out.append(("%" + width + "d").formatted(value));
                case 's' -> out.append(value instanceof BitSet mask ? hex(mask) : value);
                default -> {
                    end += "sS".indexOf(end + 1 < layout.length() ? layout.charAt(end + 1) : ' ') >= 0 ? 1 : 0;
                    out.append(pointer(value, layout.charAt(end)));
                }
            }
            i = end;
        }
        return out.toString();
    }

    private static String pointer(Object value, char kind) {
        return switch (kind) {
            case 's' -> value == null ? "0x0" : value.toString();
            case 'S' -> value == null ? "0x0" : value + "+0x0/0x0";
            default -> "%016x".formatted((long) value);
        };
    }

    /** A mask as {@code %*pb} prints it: 32-bit groups, the highest first. */
    private static String hex(BitSet mask) {
        StringBuilder out = new StringBuilder();
        for (int group = Math.max(0, mask.length() - 1) / Integer.SIZE; group >= 0; group--) {
            int bits = 0;
            for (int bit = 0; bit < Integer.SIZE; bit++) {
                bits |= mask.get(group * Integer.SIZE + bit) ? 1 << bit : 0;
            }
            out.append(out.isEmpty() ? Integer.toHexString(bits) : ",%08x".formatted(bits));
        }
        return out.toString();
    }
}
