package org.smp4j.explore.model;

import java.util.Arrays;
import java.util.List;

/**
 * The JVM that explores has too little memory or stack. What was explored meanwhile does not count, and nothing is
 * known of the program.
 */
public class HostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** How messages of the JVM begin that depend on its options and on what else it holds. */
    private static final List<String> SHORT = List.of("Java heap space", "GC overhead limit exceeded", "Metaspace",
            "Compressed class space", "unable to create native thread", "unable to create a native thread",
            "Cannot reserve", "Direct buffer memory", "Out of swap space");
    private static final String EXPLORER = "org.smp4j.explore.";
    private static final int MOST_CAUSES = 10;

    /**
     * Makes one.
     *
     * @param message one line
     * @param cause the cause, or null
     */
    public HostException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * {@return the exception for an error that the exploring code met, or for one that {@link #isShort} tells}
     *
     * @param error the error
     */
    public static HostException of(Throwable error) {
        String what = error.getMessage() == null ? error.getClass().getSimpleName()
                : error.getClass().getSimpleName() + ": " + error.getMessage();
        String how = !(error instanceof OutOfMemoryError)
                ? "this is a fault of smp4j or of its host; a larger stack, as by -Xss8m, may help"
                : !has(error.getMessage(), "Java heap", "GC overhead") ? "the host gives the JVM too little of it"
                : "give the JVM a larger heap than its " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MB, by -Xmx in " + "SMP4J_JAVA_OPTS or in the options of the JVM that runs the tests";
        return new HostException("nothing is known of the program: the JVM that explores it met " + what + "; " + how,
                error);
    }

    /**
     * {@return whether an error says that the JVM is short of memory, or the explorer of stack} An array that is too
     * long for any heap, and an error that a program makes itself, do not say that: they come in every JVM. Nor does a
     * recursion of the program.
     *
     * @param error the error
     */
    public static boolean isShort(Throwable error) {
        if (error instanceof OutOfMemoryError) {
            return SHORT.stream().anyMatch(start -> has(error.getMessage(), start));
        }
        return error instanceof StackOverflowError && isOwn(error.getStackTrace());
    }

    /** Whether most of the innermost frames are the explorer's. */
    private static boolean isOwn(StackTraceElement... frames) {
        return 2 * Arrays.stream(frames).filter(frame -> !Names.LOADER.equals(frame.getClassLoaderName())
                && frame.getClassName().startsWith(EXPLORER)).count() > frames.length;
    }

    /**
     * {@return the cause of an exception, or itself, of which {@link #isShort} holds; null if there is none}
     *
     * @param thrown the exception, or null
     */
    public static Throwable shortage(Throwable thrown) {
        int depth = 0;
        for (Throwable e = thrown; e != null && depth < MOST_CAUSES; e = e.getCause(), depth++) {
            if (isShort(e)) {
                return e;
            }
        }
        return null;
    }

    private static boolean has(String message, String... starts) {
        for (String start : starts) {
            if (message != null && message.startsWith(start)) {
                return true;
            }
        }
        return false;
    }
}
