package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.smp4j.testing.Players.until;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

class CpuHotplugLockTest {
    private final TestMachine box = TestMachine.boot(4);
    private final Machine machine = box.machine();
    private final CpuHotplugLock lock = machine.cpuHotplugLock();

    @AfterEach
    void close() {
        box.close();
    }

    private boolean aWriterIsAnnounced() {
        boolean free = lock.cpusReadTrylock();
        if (free) {
            lock.cpusReadUnlock();
        }
        return !free;
    }

    @Test
    @Invariant(36)
    void aReaderKeepsWritersOut() {
        AtomicBoolean written = new AtomicBoolean();
        box.run(0, () -> {
            lock.cpusReadLock();
            Task writer = box.start(1, "writer", () -> {
                lock.cpusWriteLock();
                written.set(true);
                lock.cpusWriteUnlock();
            });
            until(this::aWriterIsAnnounced);
            machine.scheduler().timers().msleep(5);
            assertThat(written).isFalse();
            lock.cpusReadUnlock();
            writer.join();
            assertThat(written).isTrue();
        });
    }

    @Test
    @Invariant(36)
    void aWriterKeepsReadersOut() {
        box.run(0, () -> {
            lock.cpusWriteLock();
            box.start(1, "reader", () -> assertThat(lock.cpusReadTrylock()).isFalse()).join();
            Task reader = box.start(1, "reader", () -> {
                lock.cpusReadLock();
                lock.cpusReadUnlock();
            });
            until(() -> reader.state() == TaskState.BLOCKED && reader.isInactive());
            lock.cpusWriteUnlock();
            reader.join();
        });
    }

    @Test
    void holdingItEitherWaySatisfiesTheAssertion() {
        box.run(0, () -> {
            assertThat(lock.cpusHeld()).isFalse();
            lock.cpusReadLock();
            lock.assertCpusHeld();
            lock.cpusReadUnlock();
            lock.cpusWriteLock();
            lock.assertCpusHeld();
            lock.cpusWriteUnlock();
            assertThat(lock.cpusHeld()).isFalse();
        });
    }

    @Test
    void theAssertionWarnsOnceWithoutIt() {
        box.expectWarning(CpuHotplugLock.NOT_HELD);
        box.run(0, () -> {
            lock.assertCpusHeld();
            lock.assertCpusHeld();
            box.start(1, "holder", () -> {
                lock.cpusReadLock();
                box.start(2, "other", () -> assertThat(lock.cpusHeld()).isFalse()).join();
                lock.cpusReadUnlock();
            }).join();
        });
        assertThat(machine.warnings().count(CpuHotplugLock.NOT_HELD)).isEqualTo(1);
    }

    @Test
    void readLockingTwiceIsDetectedEvenWhereItHappensToWork() {
        box.expectWarning(CpuHotplugLock.RECURSIVE);
        box.run(0, () -> {
            lock.cpusReadLock();
            lock.cpusReadLock();
            lock.cpusReadUnlock();
            assertThat(lock.cpusHeld()).isTrue();
            lock.cpusReadUnlock();
        });
    }

    @Test
    void aTaskThatWouldDeadlockWithItselfIsNamedAndRefused() {
        box.expectWarning(CpuHotplugLock.RECURSIVE);
        box.run(0, () -> box.start(1, "reader in a writer", () -> {
            lock.cpusWriteLock();
            assertThatIllegalStateException().isThrownBy(lock::cpusReadLock)
                    .withMessageContaining("would wait for itself");
            assertThatIllegalStateException().isThrownBy(lock::cpusWriteLock);
            lock.cpusWriteUnlock();
            lock.cpusReadLock();
            lock.cpusReadUnlock();
        }).join());
        assertThat(machine.warnings().list()).singleElement().asString().contains("reader in a writer");
    }

    @Test
    void aReaderThatWantsToWriteIsNamed() {
        box.expectWarning(CpuHotplugLock.RECURSIVE);
        box.run(0, () -> box.start(1, "writer in a reader", () -> {
            lock.cpusReadLock();
            assertThatIllegalStateException().isThrownBy(lock::cpusWriteLock);
            lock.cpusReadUnlock();
            lock.cpusWriteLock();
            lock.cpusWriteUnlock();
        }).join());
        assertThat(machine.warnings().list()).singleElement().asString().contains("writer in a reader");
    }

    @Test
    void unlockingWhatIsNotHeldIsRefused() {
        box.run(0, () -> assertThatIllegalStateException().isThrownBy(lock::cpusReadUnlock));
        box.run(0, () -> assertThatIllegalStateException().isThrownBy(lock::cpusWriteUnlock));
    }
}
