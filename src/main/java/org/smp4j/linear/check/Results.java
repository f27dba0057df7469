package org.smp4j.linear.check;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.smp4j.explore.coroutine.ThreadCoroutine;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Names;

/** What calls return and throw. */
final class Results {
    /** The result of a method that returns nothing. */
    static final Object VOID = new Object();

    /**
     * An exception as a result.
     *
     * @param type its class
     */
    record Thrown(Class<?> type) {
    }

    private Results() {
    }

    /** {@return a returned value; a copy of an array or collection of the JDK, which its owner may change later} */
    static Object returned(Object value) {
        if (value == null) {
            return null;
        }
        if (value.getClass().isArray()) {
            int length = Array.getLength(value);
            Object copy = Array.newInstance(value.getClass().componentType(), length);
            System.arraycopy(value, 0, copy, 0, length);
            return copy;
        }
        boolean isOfTheJdk = value.getClass().getName().startsWith("java.util.");
        return switch (value) {
            case Set<?> set when isOfTheJdk -> new LinkedHashSet<>(set);
            case Collection<?> elements when isOfTheJdk -> new ArrayList<>(elements);
            case Map<?, ?> map when isOfTheJdk -> new LinkedHashMap<>(map);
            default -> value;
        };
    }

    /** {@return whether what a call throws is its result; other errors end the run} */
    static boolean isResult(Throwable e) {
        return !(e instanceof ExplorerException || e instanceof AssertionError || e instanceof LinkageError
                || e instanceof VirtualMachineError || e instanceof Failure.Broken
                || e instanceof ThreadCoroutine.Abandoned);
    }

    /** {@return whether two results are the same} */
    static boolean same(Object one, Object other) {
        if (one == other) {
            return true;
        }
        if (one == null || other == null) {
            return false;
        }
        try {
            return one.getClass().isArray() ? Arrays.deepEquals(new Object[] {one}, new Object[] {other})
                    : one.equals(other);
        } catch (RuntimeException e) {
            throw new ExplorerException("results can't be compared: " + Names.simple(one.getClass())
                    + ".equals has thrown " + e, e);
        }
    }

    /** {@return a value in a report} */
    static String text(Object value) {
        return switch (value) {
            case null -> "null";
            case String string -> '"' + string + '"';
            case Character character -> "'" + character + "'";
            case Thrown thrown -> "throws " + Names.simple(thrown.type());
            case Enum<?> constant -> constant.name();
            case Object array when array.getClass().isArray() -> {
                String text = Arrays.deepToString(new Object[] {array});
                yield text.substring(1, text.length() - 1);
            }
            default -> described(value);
        };
    }

    /** {@return a call with its result} */
    static String text(String call, Object result) {
        return result == VOID ? call : result instanceof Thrown ? call + " " + text(result)
                : call + " -> " + text(result);
    }

    private static String described(Object value) {
        try {
            return String.valueOf(value.toString());
        } catch (RuntimeException e) {
            return Names.simple(value.getClass());
        }
    }
}
