package org.smp4j.lib;

/** Prints functions as {@code %ps} and {@code %pS} do; mirrors {@code lib/vsprintf.c}. */
public final class Symbol {
    /** A function with a name of its own; mirrors an entry of {@code kallsyms}. */
    public interface Named {
        /** {@return the function's name, without blanks} */
        default String name() {
            return simpleName(getClass());
        }
    }

    private Symbol() {
    }

    /**
     * Prints a function's name, as {@code %ps} does.
     *
     * @param function a function, a name, or null
     * @return its name; the name of its class if {@code name()} throws or returns null; {@code 0x0} for null
     */
    public static String ps(Object function) {
        return switch (function) {
            case null -> "0x0";
            case String name -> name;
            case Named named -> nameOf(named);
            default -> simpleName(function.getClass());
        };
    }

    /**
     * Prints a function's name with offset and size, as {@code %pS} does; both are always 0 here.
     *
     * @param function a function, a name, or null
     * @return for example {@code generic_smp_call_function_single_interrupt+0x0/0x0}
     */
    public static String pS(Object function) {
        return function == null ? "0x0" : ps(function) + "+0x0/0x0";
    }

    /** Falls back to the class name: a report must not fail, since a wait may depend on it. */
    private static String nameOf(Named function) {
        try {
            String name = function.name();
            return name == null ? simpleName(function.getClass()) : name;
        } catch (Throwable e) {
            return simpleName(function.getClass());
        }
    }

    private static String simpleName(Class<?> type) {
        String name = type.getName();
        int slash = name.indexOf('/'); // hidden classes of lambdas: outer$$Lambda/0x...
        name = slash < 0 ? name : name.substring(0, slash);
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
