package org.smp4j.fuzz.production;

import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.Misuse;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Op;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Mutex;

/** Illegal uses of locks. */
final class LockMisuses {
    private LockMisuses() {
    }

    private static Mutex mutex(World world, int number) {
        return world.shared("mutex", number, Mutex::new);
    }

    /** A task's own operation: in a body another task may run it, or one that acts for a task with the lock. */
    private static boolean byTask(Facts facts, Op op, Situation at) {
        return at.depth() == 0 && at.held() == Situation.NONE;
    }

    static Misuse[] mutex() {
        return new Misuse[] {
            Illegal.sleeps(),
            Misuse.of("unheld").in(Where.TASK).only(Tasks::unlocked).refused(IllegalStateException.class)
                    .does((world, step) -> {
                        mutex(world, step.arg(0)).unlock();
                        return 0;
                    }, "mutex$0.unlock();"),
            Misuse.of("twice").in(Where.TASK).only((_, op, at) -> at.held() < Situation.MUTEX + op.arg(0))
                    .refused(IllegalStateException.class).does((world, step) -> {
                        Mutex mutex = mutex(world, step.arg(0));
                        mutex.lock();
                        try {
                            mutex.lock();
                        } finally {
                            mutex.unlock();
                        }
                        return 0;
                    }, "mutex$0.lock();\ntry {\nmutex$0.lock();\n} finally {\nmutex$0.unlock();\n}")};
    }

    static Misuse[] cpusRead() {
        return new Misuse[] {
            Illegal.sleepsWithLock(),
            Misuse.of("unheld").in(Where.TASK).only(LockMisuses::byTask).refused(IllegalStateException.class)
                    .does((world, _) -> {
                        world.kernel().hotplugLock().cpusReadUnlock();
                        return 0;
                    }, "hotplugLock.cpusReadUnlock();"),
            // With a writer in between it would be a deadlock.
            Misuse.of("twice").in(Where.TASK).only((_, _, at) -> at.reading()).inside("cpusread")
                    .without(Illegal::changesCpus).warns(CpuHotplugLock.RECURSIVE).does((world, _) -> {
                        world.kernel().hotplugLock().cpusReadLock();
                        world.kernel().hotplugLock().cpusReadUnlock();
                        return 0;
                    }, "hotplugLock.cpusReadLock();\nhotplugLock.cpusReadUnlock();")};
    }

    static Misuse[] cpusWrite() {
        return new Misuse[] {
            Illegal.sleepsWithLock(),
            Misuse.of("unheld").in(Where.TASK).only(LockMisuses::byTask).refused(IllegalStateException.class)
                    .does((world, _) -> {
                        world.kernel().hotplugLock().cpusWriteUnlock();
                        return 0;
                    }, "hotplugLock.cpusWriteUnlock();"),
            Misuse.of("reading").in(Where.TASK).only((_, _, at) -> at.reading()).inside("cpusread")
                    .refused(IllegalStateException.class).warns(CpuHotplugLock.RECURSIVE).does((world, _) -> {
                        world.kernel().hotplugLock().cpusWriteLock();
                        return 0;
                    }, "hotplugLock.cpusWriteLock();")};
    }
}
