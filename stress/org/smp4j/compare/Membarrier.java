package org.smp4j.compare;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** The host kernel's own cross-CPU call, as far as user space can ask for one: {@code membarrier(2)}. */
final class Membarrier {
    private static final long SYS_MEMBARRIER = System.getProperty("os.arch").equals("amd64") ? 324 : 283;
    private static final int PRIVATE_EXPEDITED = 1 << 3;
    private static final int REGISTER_PRIVATE_EXPEDITED = 1 << 4;
    private static final MethodHandle SYSCALL = syscall();

    private Membarrier() {
    }

    @SuppressWarnings("restricted")
    private static MethodHandle syscall() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find("syscall")
                .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(1))).orElse(null);
    }

    /** {@return whether the host offers it; registers this process for it} */
    static boolean supported() {
        return SYSCALL != null && System.getProperty("os.name").equals("Linux")
                && call(REGISTER_PRIVATE_EXPEDITED) == 0;
    }

    static void privateExpedited() {
        if (call(PRIVATE_EXPEDITED) != 0) {
            throw new IllegalStateException("membarrier failed");
        }
    }

    private static long call(int command) {
        try {
            return (long) SYSCALL.invokeExact(SYS_MEMBARRIER, command, 0, 0);
        } catch (Throwable e) {
            throw new LinkageError("membarrier", e);
        }
    }
}
