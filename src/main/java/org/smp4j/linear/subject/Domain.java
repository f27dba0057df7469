package org.smp4j.linear.subject;

import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.linear.Range;
import org.smp4j.linear.Values;

/** The values that programs pass for a parameter. */
final class Domain {
    private static final int MOST = 1000;
    private static final long HIGHEST = 3; // by default

    private Domain() {
    }

    /**
     * Finds the values of a parameter.
     *
     * @param method the method's name, for messages
     * @param parameter its parameter
     * @return at least one value, of the parameter's type
     */
    static List<Object> of(String method, Parameter parameter) {
        Class<?> type = parameter.getType();
        Range range = parameter.getAnnotation(Range.class);
        Values values = parameter.getAnnotation(Values.class);
        String what = method + ", parameter " + parameter.getName();
        if (range != null && values != null) {
            throw new ExplorerException(what + ": choose @Range or @Values");
        }
        if (values != null) {
            if (values.value().length == 0 || values.value().length > MOST) {
                throw new ExplorerException(what + ": @Values must name 1 to " + MOST + " values");
            }
            return Arrays.stream(values.value()).map(text -> parsed(what, type, text)).toList();
        }
        if (range != null) {
            if (range.to() < range.from() || range.to() - range.from() > MOST || range.to() - range.from() < 0) {
                throw new ExplorerException(what + ": @Range must have 1 to " + (MOST + 1) + " values, from <= to");
            }
            if (!isWhole(type)) {
                throw new ExplorerException(what + ": @Range is for whole numbers, not for " + type.getName()
                        + "; name the values with @Values");
            }
            return LongStream.rangeClosed(range.from(), range.to())
                    .mapToObj(number -> parsed(what, type, Long.toString(number))).toList();
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants());
        }
        if (type == boolean.class || type == Boolean.class) {
            return List.of(false, true);
        }
        if (isWhole(type)) {
            return LongStream.rangeClosed(1, HIGHEST)
                    .mapToObj(number -> parsed(what, type, Long.toString(number))).toList();
        }
        throw new ExplorerException(what + " is of type " + type.getName() + ": name its values with @Values");
    }

    private static boolean isWhole(Class<?> type) {
        return List.of(int.class, long.class, short.class, byte.class, Integer.class, Long.class, Short.class,
                Byte.class, Number.class, Object.class).contains(type);
    }

    private static Object parsed(String what, Class<?> type, String text) {
        try {
            return switch (type.getName()) {
                case "int", "java.lang.Integer" -> Integer.valueOf(text);
                case "long", "java.lang.Long" -> Long.valueOf(text);
                case "short", "java.lang.Short" -> Short.valueOf(text);
                case "byte", "java.lang.Byte" -> Byte.valueOf(text);
                case "double", "java.lang.Double" -> Double.valueOf(text);
                case "float", "java.lang.Float" -> Float.valueOf(text);
                case "boolean", "java.lang.Boolean" -> Boolean.valueOf(text);
                case "char", "java.lang.Character" -> character(text);
                case "java.lang.String", "java.lang.CharSequence", "java.lang.Comparable" -> text;
                case "java.lang.Number" -> Integer.valueOf(text);
                case "java.lang.Object" -> text.matches("-?\\d{1,9}") ? Integer.valueOf(text) : text;
                default -> constant(type, text);
            };
        } catch (IllegalArgumentException e) {
            throw new ExplorerException(what + ": " + text + " is no value of " + type.getName(), e);
        }
    }

    private static Character character(String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException(text);
        }
        return text.charAt(0);
    }

    private static Object constant(Class<?> type, String text) {
        Object[] constants = type.getEnumConstants();
        if (constants == null) {
            throw new IllegalArgumentException(text);
        }
        return Arrays.stream(constants)
                .filter(each -> ((Enum<?>) each).name().equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }
}
