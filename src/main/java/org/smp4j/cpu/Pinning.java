package org.smp4j.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.stream.IntStream;

/**
 * Binds threads to host cores, by {@code sched_setaffinity(2)}; on systems other than Linux, threads run unpinned. No
 * kernel counterpart: a real CPU is a core.
 */
public final class Pinning {
    /** How many cores this process may use. */
    static final int HOST_CORES = Runtime.getRuntime().availableProcessors();

    private static final int MASK_BYTES = 1024; // 8,192 cores; the call wants whole words

    private Pinning() {
    }

    /** The native calls, in a class of their own: a caller that only needs the core count creates no method handles. */
    private static final class KernelCalls {
        static final MethodHandle SET = handle("sched_setaffinity");
        static final MethodHandle GET = handle("sched_getaffinity");

        private KernelCalls() {
        }

        @SuppressWarnings("restricted")
        private static MethodHandle handle(String name) {
            if (!System.getProperty("os.name").equals("Linux")) {
                return null;
            }
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup().find(name).map(address -> linker.downcallHandle(address,
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS))).orElse(null);
        }
    }

    /** {@return whether this platform can pin} */
    public static boolean supported() {
        return KernelCalls.SET != null && KernelCalls.GET != null;
    }

    /** {@return how many cores this process may use} */
    public static int hostCores() {
        return HOST_CORES;
    }

    /** {@return the cores that the calling thread may use; empty if unknown} */
    public static int[] allowedCores() {
        if (!supported()) {
            return new int[0];
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            if ((int) KernelCalls.GET.invokeExact(0, (long) MASK_BYTES, mask) < 0) {
                return new int[0];
            }
            return IntStream.range(0, MASK_BYTES * 8)
                    .filter(core -> (mask.get(ValueLayout.JAVA_BYTE, core >>> 3) >>> (core & 7) & 1) != 0).toArray();
        } catch (Throwable e) {
            throw new LinkageError("sched_getaffinity", e);
        }
    }

    /**
     * Binds the calling thread to cores.
     *
     * @param cores the cores; nothing happens without any, or with a negative one
     * @return whether the thread is bound now
     */
    public static boolean pinCurrentThread(int... cores) {
        if (cores.length == 0 || cores[0] < 0 || !supported()) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mask = arena.allocate(MASK_BYTES, 8);
            for (int core : cores) {
                mask.set(ValueLayout.JAVA_BYTE, core >>> 3,
                        (byte) (mask.get(ValueLayout.JAVA_BYTE, core >>> 3) | 1 << (core & 7)));
            }
            return (int) KernelCalls.SET.invokeExact(0, (long) MASK_BYTES, mask) == 0;
        } catch (Throwable e) {
            throw new LinkageError("sched_setaffinity", e);
        }
    }
}
