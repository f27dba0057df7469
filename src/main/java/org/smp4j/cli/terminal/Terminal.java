package org.smp4j.cli.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The terminal. Asks the C library directly, because terminal libraries, and some consoles of the JDK, change the
 * process's signal handling.
 */
public final class Terminal {
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int USUAL_WIDTH = 80;
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
    private static final long TIOCGWINSZ = LINUX ? 0x5413 : 0x40087468; // of Linux, of BSD

    /** The launcher's property: which of the streams 1 and 2 are terminals. */
    public static final String PROPERTY = "smp4j.terminals";

    /** The C library's functions; linking them takes the JVM a tenth of a second. */
    private static final class Native {
        static final MethodHandle ISATTY =
                handle("isatty", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        static final MethodHandle IOCTL = handle("ioctl",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS), Linker.Option.firstVariadicArg(2));

        @SuppressWarnings("restricted")
        private static MethodHandle handle(String name, FunctionDescriptor type, Linker.Option... options) {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address, type, options))
                    .orElse(null);
        }
    }

    private Terminal() {
    }

    /** {@return whether standard output is a terminal that understands colours} */
    public static boolean coloured() {
        return understandsMore() && isTerminal(STDOUT);
    }

    /** {@return whether standard error is a terminal on which a line can be redrawn} */
    public static boolean drawable() {
        return understandsMore() && isTerminal(STDERR);
    }

    private static boolean isTerminal(int stream) {
        String told = System.getProperty(PROPERTY);
        if (told != null) {
            return told.contains(Integer.toString(stream));
        }
        try {
            return Native.ISATTY != null && (int) Native.ISATTY.invokeExact(stream) == 1;
        } catch (Throwable e) {
            throw new LinkageError("isatty", e);
        }
    }

    private static boolean understandsMore() {
        return System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"));
    }

    /** {@return the current width of standard error's terminal in columns} */
    public static int width() {
        int columns = widthOf(STDERR);
        return columns == 0 ? USUAL_WIDTH : columns;
    }

    /** {@return the current width of standard output's terminal in columns; 0 if it is none} */
    public static int outputWidth() {
        return isTerminal(STDOUT) ? widthOf(STDOUT) : 0;
    }

    private static int widthOf(int stream) {
        if (Native.IOCTL == null) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4); // rows, columns, and both in pixels
            int columns = (int) Native.IOCTL.invokeExact(stream, TIOCGWINSZ, size) == 0
                    ? Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1)) : 0;
            return columns;
        } catch (Throwable e) {
            throw new LinkageError("ioctl", e);
        }
    }
}
