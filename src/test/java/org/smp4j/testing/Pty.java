package org.smp4j.testing;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process on a terminal of its own, which controls it: what is typed there arrives as from a user, and Ctrl-C as a
 * signal to all its processes. Linux; needs nothing but the C library.
 */
public final class Pty implements AutoCloseable {
    /** Ctrl-C. */
    public static final String CTRL_C = "\003";

    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final long TIOCSWINSZ = 0x5414;
    private static final short SETSIGDEF = 0x04;
    private static final short SETSIGMASK = 0x08;
    private static final short SETSID = 0x80;
    // which the shell that runs the tests may have set to be ignored
    private static final int[] SIGNALS = {1, 2, 13, 15};
    private static final int SIGKILL = 9;
    private static final Linker.Option VARIADIC = Linker.Option.firstVariadicArg(2);
    private static final int ENOUGH = 1024; // bytes for any structure of the C library

    private final int master;
    private final int pid;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread reader;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private boolean ended; // guarded by "output"

    private Pty(int master, int pid) {
        this.master = master;
        this.pid = pid;
        reader = Thread.ofPlatform().daemon().name("pty-reader").start(this::read);
        Thread.ofPlatform().daemon().name("pty-waiter").start(this::reap);
    }

    /**
     * Starts a process.
     *
     * @param columns how wide its terminal is
     * @param environment its environment
     * @param command the path of its program, and arguments
     * @return the process on its terminal
     */
    public static Pty start(int columns, Map<String, String> environment, List<String> command) {
        try (Arena arena = Arena.ofConfined()) {
            int master = check("posix_openpt", call("posix_openpt", O_RDWR | O_NOCTTY | O_CLOEXEC));
            check("grantpt", call("grantpt", master));
            check("unlockpt", call("unlockpt", master));
            MemorySegment name = arena.allocate(ENOUGH);
            check("ptsname_r", call("ptsname_r", master, name, (long) ENOUGH));
            check("ioctl", call("ioctl", VARIADIC, master, TIOCSWINSZ,
                    arena.allocateFrom(ValueLayout.JAVA_SHORT, (short) 30, (short) columns, (short) 0, (short) 0)));

            MemorySegment actions = arena.allocate(ENOUGH, 16);
            call("posix_spawn_file_actions_init", actions);
            // a session's first terminal controls it
            call("posix_spawn_file_actions_addopen", actions, 0, name, O_RDWR, 0);
            call("posix_spawn_file_actions_adddup2", actions, 0, 1);
            call("posix_spawn_file_actions_adddup2", actions, 0, 2);
            MemorySegment attributes = arena.allocate(ENOUGH, 16);
            MemorySegment signals = arena.allocate(ENOUGH, 16);
            call("posix_spawnattr_init", attributes);
            call("posix_spawnattr_setsigmask", attributes, signals);
            for (int signal : SIGNALS) {
                call("sigaddset", signals, signal);
            }
            call("posix_spawnattr_setsigdefault", attributes, signals);
            call("posix_spawnattr_setflags", attributes, (short) (SETSID | SETSIGDEF | SETSIGMASK));
            MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
            int error = call("posix_spawn", pid, arena.allocateFrom(command.getFirst()), actions, attributes,
                    strings(arena, command),
                    strings(arena, environment.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList()));
            call("posix_spawn_file_actions_destroy", actions);
            call("posix_spawnattr_destroy", attributes);
            if (error != 0) {
                throw new IllegalStateException("posix_spawn of " + command.getFirst() + ": error " + error);
            }
            return new Pty(master, pid.get(ValueLayout.JAVA_INT, 0));
        }
    }

    private static MemorySegment strings(Arena arena, List<String> strings) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, strings.size() + 1L);
        for (int i = 0; i < strings.size(); i++) {
            array.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(strings.get(i)));
        }
        return array;
    }

    private static int check(String what, int result) {
        if (result < 0) {
            throw new IllegalStateException(what + " failed");
        }
        return result;
    }

    private static int call(String name, Object... arguments) {
        return call(name, (Linker.Option) null, arguments);
    }

    /** Calls a function of the C library; what it takes follows from the arguments. */
    @SuppressWarnings("restricted")
    private static int call(String name, Linker.Option option, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, Arrays.stream(arguments).map(Pty::layout)
                .toArray(MemoryLayout[]::new));
        MethodHandle function =
                linker.downcallHandle(linker.defaultLookup().find(name)
                .orElseThrow(() -> new IllegalStateException("no " + name + " in the C library")),
                type, option == null ? new Linker.Option[0] : new Linker.Option[] {option});
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Short _ -> ValueLayout.JAVA_SHORT;
            case Long _ -> ValueLayout.JAVA_LONG;
            default -> ValueLayout.ADDRESS;
        };
    }

    private void read() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(4096);
            // an error, once the last process has closed it
            for (int count; (count = call("read", master, buffer, buffer.byteSize())) > 0;) {
                synchronized (output) {
                    output.write(buffer.asSlice(0, count).toArray(ValueLayout.JAVA_BYTE), 0, count);
                    output.notifyAll();
                }
            }
        }
        synchronized (output) {
            ended = true;
            output.notifyAll();
        }
    }

    private void reap() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(ValueLayout.JAVA_INT);
            check("waitpid", call("waitpid", pid, status, 0));
            int word = status.get(ValueLayout.JAVA_INT, 0);
            exit.complete((word & 0x7f) != 0 ? -(word & 0x7f) : word >>> 8 & 0xff);
        }
    }

    /** {@return the number of the process} */
    public long pid() {
        return pid;
    }

    /** Types something. */
    public void type(String text) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, text.getBytes(StandardCharsets.UTF_8));
            check("write", call("write", master, bytes, bytes.byteSize()));
        }
    }

    /** {@return what is on the terminal, from the beginning} */
    public String output() {
        synchronized (output) {
            return output.toString(StandardCharsets.UTF_8);
        }
    }

    /**
     * Waits until something is on the terminal.
     *
     * @param text what
     * @param seconds how long at most
     */
    public void await(String text, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        synchronized (output) {
            while (!output().contains(text)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (ended || left <= 0) {
                    throw new AssertionError("no \"" + text + "\" within " + seconds + " s, but: " + output());
                }
                output.wait(left);
            }
        }
    }

    /**
     * Waits until the process has ended.
     *
     * @param seconds how long at most
     * @return its exit status; the negated number of the signal that has killed it
     */
    public int waitFor(int seconds) throws InterruptedException {
        try {
            int status = exit.get(seconds, TimeUnit.SECONDS);
            reader.join(TimeUnit.SECONDS.toMillis(seconds));
            return status;
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("has not ended within " + seconds + " s: " + output(), e);
        }
    }

    /** Kills the process, if it is still there. */
    @Override
    public void close() {
        if (!exit.isDone()) {
            call("kill", pid, SIGKILL);
        }
        try {
            reader.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        call("close", master);
    }
}
