package org.smp4j.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Printk;

class PinningTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void theAllowedCoresAreThoseThatTheSystemNames() throws Exception {
        assertThat(Pinning.supported()).isTrue();
        int[] cores = onThread(Pinning::allowedCores);
        assertThat(cores).isNotEmpty().isSorted();
        assertThat(CpuMask.of(CpuMask.NR_CPUS, cores)).hasToString(onThread(PinningTest::allowedList));
        assertThat(Pinning.hostCores()).isPositive();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPinnedThreadMayUseItsCoreOnly() throws Exception {
        for (int core : onThread(Pinning::allowedCores)) {
            onThread(() -> {
                assertThat(Pinning.pinCurrentThread(core)).isTrue();
                assertThat(allowedList()).isEqualTo(Integer.toString(core));
                assertThat(Pinning.allowedCores()).containsExactly(core);
                return null;
            });
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aCoreThatDoesNotExistChangesNothing() throws Exception {
        onThread(() -> {
            String before = allowedList();
            assertThat(Pinning.pinCurrentThread(8191)).isFalse();
            assertThat(Pinning.pinCurrentThread(-1)).isFalse();
            assertThat(allowedList()).isEqualTo(before);
            return null;
        });
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aCpusOwnThreadSitsOnItsCore() throws Exception {
        int[] cores = onThread(Pinning::allowedCores);
        Cpus cpus = new Cpus(BootParams.cpus(cores.length + 1), Printk.NONE, null);
        assertThat(cpus.pinning()).isEqualTo(CpuMask.of(CpuMask.NR_CPUS, cores).toString());
        for (int id = 0; id <= cores.length; id++) {
            Sitter sitter = new Sitter(cpus);
            CompletableFuture<String> allowed = new CompletableFuture<>();
            SeatThread thread = new SeatThread("cpu/" + id, sitter, () -> {
                sitter.awaitSeat();
                allowed.complete(allowedList());
                sitter.leaveSeatEmpty();
            });
            sitter.attach(thread);
            thread.start();
            sitter.seatOn(cpus.cpu(id));
            assertThat(allowed.get(30, TimeUnit.SECONDS)).isEqualTo(Integer.toString(cores[id % cores.length]));
        }
    }

    @Test
    void withoutPinningNoCoreIsNamed() {
        assertThat(new Cpus(2).pinning()).isEqualTo("none");
        assertThat(new Cpus(2).coreOf(1)).isEqualTo(-1);
    }

    private static String allowedList() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                    .filter(line -> line.startsWith("Cpus_allowed_list:"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A thread of its own, because the binding stays. */
    private static <T> T onThread(Supplier<T> body) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(body.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result.get(30, TimeUnit.SECONDS);
    }
}
