package org.smp4j.trace.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.Field;

/** The descriptions of events in a trace.dat, as tracefs has them in {@code events/SYSTEM/EVENT/format}. */
final class DatFormats {
    /** The bytes of a task's name. */
    static final int COMM = 16;
    /** The bytes of a mask: of the 4,096 CPUs that a machine may have. */
    static final int MASK = 512;
    /** How many bytes stand before the fields of a type. */
    static final int COMMON = 8;

    private static final int FIRST_ID = 100;
    private static final String COMMON_FIELDS = """
            \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
            \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
            \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
            \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

            """;

    private DatFormats() {
    }

    static int id(EventType type) {
        return FIRST_ID + type.ordinal();
    }

    /** {@return how many bytes a field has in an event's fixed part} */
    static int size(Field field) {
        return switch (field.kind()) {
            case INT, MASK -> Integer.BYTES;
            case SYMBOL, POINTER -> Long.BYTES;
            case TEXT -> isComm(field) ? COMM : isState(field) ? Long.BYTES : Integer.BYTES;
        };
    }

    static boolean isComm(Field field) {
        return field.name().endsWith("comm");
    }

    static boolean isState(Field field) {
        return field.name().equals("prev_state");
    }

    /** {@return where each field begins, and at the end where the fixed part ends} */
    static int[] offsets(EventType type) {
        int[] offsets = new int[type.fields().size() + 1];
        int at = COMMON;
        for (int i = 0; i < type.fields().size(); i++) {
            int size = size(type.fields().get(i));
            int align = Math.min(size, Long.BYTES);
            at = (at + align - 1) / align * align;
            offsets[i] = at;
            at += size;
        }
        offsets[type.fields().size()] = (at + 3) / Integer.BYTES * Integer.BYTES;
        return offsets;
    }

    static String format(EventType type) {
        StringBuilder out = new StringBuilder("name: " + type.eventName() + "\nID: " + id(type) + "\nformat:\n"
                + COMMON_FIELDS);
        int[] offsets = offsets(type);
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < type.fields().size(); i++) {
            Field field = type.fields().get(i);
            out.append("\tfield:").append(declaration(type, field)).append(";\toffset:").append(offsets[i])
                    .append(";\tsize:").append(size(field)).append(";\tsigned:").append(isSigned(type, field) ? 1 : 0)
                    .append(";\n");
            arguments.add(argument(field));
        }
        String layout = type == EventType.FUNCTION ? " %ps <-- %ps" : type.layout();
        return out + "\nprint fmt: \"" + layout + "\", " + String.join(", ", arguments) + "\n";
    }

    private static boolean isSigned(EventType type, Field field) {
        return field.kind() == Field.Kind.INT && !(field.name().equals("cpu") && type.layout().contains("u"))
                || field.kind() == Field.Kind.TEXT || isState(field);
    }

    private static String declaration(EventType type, Field field) {
        String name = field.name();
        return switch (field.kind()) {
            case INT -> (isSigned(type, field) ? "int " : "unsigned int ") + name;
            case SYMBOL -> type == EventType.FUNCTION ? "unsigned long " + name : "void * " + name;
            case POINTER -> "void * " + name;
            case TEXT -> isComm(field) ? "char " + name + "[" + COMM + "]" : isState(field) ? "long " + name
                    : "__data_loc char[] " + name;
            case MASK -> "__data_loc cpumask_t " + name;
        };
    }

    private static String argument(Field field) {
        String name = field.name();
        return switch (field.kind()) {
            case INT -> "REC->" + name;
            case SYMBOL, POINTER -> "(void *)REC->" + name;
            case TEXT -> isComm(field) ? "REC->" + name : isState(field)
                    ? "__print_symbolic(REC->prev_state, { 0, \"R\" }, { 2, \"D\" }, { 16, \"X\" }, { 64, \"P\" })"
                    : "__get_str(" + name + ")";
            case MASK -> "__get_bitmask(" + name + ")";
        };
    }

    /** {@return the bit of {@code task_struct.__state} that a letter stands for} */
    static long state(String letter) {
        return switch (letter.toUpperCase(Locale.ROOT)) {
            case "R" -> 0;
            case "D" -> 2;
            case "X" -> 16;
            default -> 64;
        };
    }
}
