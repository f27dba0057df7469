package org.smp4j.fuzz.production;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.grammar.Arg;
import org.smp4j.fuzz.grammar.Facts;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Guard;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Situation;
import org.smp4j.fuzz.grammar.Step;
import org.smp4j.fuzz.grammar.Where;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Op;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.fuzz.rule.ProgramRule;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.PercpuRwsem;

/** Locks, lists and masks that operations share. */
final class Locks {
    private Locks() {
    }

    private static Guard guard(World world, String lock, int number) {
        return world.shared("guard " + lock, number, () -> new Guard(lock + " " + number));
    }

    static List<Production> all() {
        return List.of(
                Production.of("spin", Floor.CALL).calls("RawSpinLock.lock", "RawSpinLock.unlock", "RawSpinLock.new")
                        .args(Arg.choice("spinlock", 2)).locks(op -> Situation.SPIN + op.arg(0))
                        .body((op, at) -> at.in(at.where().irqsOff()).holding(Situation.SPIN + op.arg(0)))
                        .does(Locks::spin)
                        .java("int flags$id = spin$0.lock(Waiter.current());\n$body\n"
                                + "spin$0.unlock(Waiter.current(), flags$id);"),
                Production.of("rawspin", Floor.CALL).calls("RawSpinLock.acquire", "RawSpinLock.release")
                        .in(Where.IRQS_OFF, Where.HARDIRQ)
                        .args(Arg.choice("spinlock", 2)).locks(op -> Situation.SPIN + op.arg(0))
                        .body((op, at) -> at.holding(Situation.SPIN + op.arg(0))).does(Locks::rawSpin).often(5)
                        .with("irqs")
                        .java("spin$0.acquire(Waiter.current());\n$body\nspin$0.release();"),
                Production.of("llist", Floor.CALL)
                        .calls("LlistHead.new", "LlistHead.add", "LlistHead.delAll", "LlistHead.isEmpty",
                                "LlistNode.reverseOrder", "LlistNode.next", "LlistNode.new")
                        .args(Arg.way("what", 3)).does(Locks::list).often(6)
                        .java(op -> op.arg(0) == 0 ? "list.delAll();" : "list.add(new LlistNode());"),
                Production.of("llfirst", Floor.CALL)
                        .calls("LlistHead.addBatch", "LlistHead.delFirst", "LlistHead.peekFirst", "LlistNode.setNext")
                        .args(Arg.way("what", 3)).locks(_ -> Situation.SPIN + 2).does(Locks::first).often(5)
                        .java(op -> switch (op.arg(0)) {
                            case 0 -> "int flags$id = spin2.lock(Waiter.current());\nfirstList.delFirst();\n"
                                    + "spin2.unlock(Waiter.current(), flags$id);";
                            case 1 -> "firstList.add(new LlistNode());";
                            default -> "addTwo(firstList);";
                        }),
                Production.of("llthis", Floor.CALL).calls("LlistHead.delFirstThis").does(Locks::removeOwn).often(4)
                        .java("LlistNode node$id = new LlistNode();\n"
                        + "thisList.add(node$id);\nthisList.delFirstThis(node$id);"),
                Production.of("mask", Floor.CALL)
                        .calls("CpuMask.setCpu", "CpuMask.clearCpu", "CpuMask.testAndSetCpu", "CpuMask.testAndClearCpu",
                                "CpuMask.testCpu")
                        .args(Arg.flag()).does(Locks::mask).gives(0).often(8)
                        .java("changeOwnBit(mask, $id % 16 * 4 + Cpu.rawSmpProcessorId() % 4, $b0);"),
                Production.of("mutex", Floor.SCHED).calls("Mutex.lock", "Mutex.unlock", "Mutex.new", "Mutex.isLocked")
                        .in(Where.TASK).args(Arg.choice("mutex", 2)).locks(op -> Situation.MUTEX + op.arg(0))
                        .body((op, at) -> at.holding(Situation.MUTEX + op.arg(0))).does(Locks::mutex).often(15)
                        .java("mutex$0.lock();\n$body\nmutex$0.unlock();").misuse(LockMisuses.mutex()),
                Production.of("mutextry", Floor.SCHED).calls("Mutex.tryLock").in(Where.TASK)
                        .args(Arg.choice("mutex", 2)).locks(op -> Situation.MUTEX + op.arg(0))
                        .body((op, at) -> at.holding(Situation.MUTEX + op.arg(0))).surely((_, _) -> false)
                        .does(Locks::mutexTry).gives(0, 1).often(5)
                        .java("if (mutex$0.tryLock()) {\n$body\nmutex$0.unlock();\n}"),
                Production.of("read", Floor.SCHED).calls("PercpuRwsem.downRead", "PercpuRwsem.upRead",
                        "PercpuRwsem.new").in(Where.TASK)
                        .locks(_ -> Situation.RWSEM).body((_, at) -> at.holding(Situation.RWSEM)).does(Locks::read)
                        .with("write")
                        .java("rwsem.downRead();\n$body\nrwsem.upRead();").misuse(Illegal.sleeps()),
                Production.of("readtry", Floor.SCHED).calls("PercpuRwsem.downReadTrylock").in(Where.TASK)
                        .locks(_ -> Situation.RWSEM)
                        .body((_, at) -> at.holding(Situation.RWSEM)).surely((_, _) -> false).does(Locks::readTry)
                        .gives(0, 1).often(4).with("write")
                        .java("if (rwsem.downReadTrylock()) {\n$body\nrwsem.upRead();\n}"),
                Production.of("write", Floor.SCHED).calls("PercpuRwsem.downWrite", "PercpuRwsem.upWrite",
                        "PercpuRwsem.isWriteLocked").in(Where.TASK)
                        .locks(_ -> Situation.RWSEM).body((_, at) -> at.holding(Situation.RWSEM)).does(Locks::write)
                        .with("read").java("rwsem.downWrite();\n$body\nrwsem.upWrite();").misuse(Illegal.sleeps()),
                Production.of("cpusread", Floor.SCHED)
                        .calls("CpuHotplugLock.cpusReadLock", "CpuHotplugLock.cpusReadUnlock",
                                "CpuHotplugLock.cpusHeld", "CpuHotplugLock.assertCpusHeld")
                        .in(Where.TASK).locks(_ -> Situation.CPUS)
                        .body((_, at) -> at.readingCpus()).does(Locks::cpusRead).with("cpuswrite", "stoplocked")
                        .java("hotplugLock.cpusReadLock();\n$body\nhotplugLock.cpusReadUnlock();")
                        .misuse(LockMisuses.cpusRead()),
                Production.of("cpusreadtry", Floor.SCHED).calls("CpuHotplugLock.cpusReadTrylock").in(Where.TASK)
                        .locks(_ -> Situation.CPUS).body((_, at) -> at.readingCpus())
                        .surely((_, _) -> false).does(Locks::cpusReadTry).gives(0, 1).often(4)
                        .java("if (hotplugLock.cpusReadTrylock()) {\n$body\nhotplugLock.cpusReadUnlock();\n}"),
                Production.of("cpuswrite", Floor.SCHED)
                        .calls("CpuHotplugLock.cpusWriteLock", "CpuHotplugLock.cpusWriteUnlock",
                                "CpuHotplugLock.assertCpusNotHeld")
                        .in(Where.TASK).locks(_ -> Situation.CPUS)
                        .body((_, at) -> at.holding(Situation.CPUS)).does(Locks::cpusWrite)
                        .java("hotplugLock.cpusWriteLock();\n$body\nhotplugLock.cpusWriteUnlock();")
                        .misuse(LockMisuses.cpusWrite()));
    }

    private static RawSpinLock spinlock(World world, Step step) {
        return world.shared("spinlock", step.arg(0), RawSpinLock::new);
    }

    private static int spin(World world, Step step) {
        RawSpinLock lock = spinlock(world, step);
        Guard guard = guard(world, "a spinlock", step.arg(0));
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        guard.enter();
        world.body(step);
        guard.leave();
        lock.unlock(self, flags);
        return 0;
    }

    private static int rawSpin(World world, Step step) {
        RawSpinLock lock = spinlock(world, step);
        Guard guard = guard(world, "a spinlock", step.arg(0));
        lock.acquire(Waiter.current());
        guard.enter();
        world.body(step);
        guard.leave();
        lock.release();
        return 0;
    }

    private static int mutex(World world, Step step) {
        Mutex mutex = world.shared("mutex", step.arg(0), Mutex::new);
        Guard guard = guard(world, "a mutex", step.arg(0));
        mutex.lock();
        guard.enter();
        world.body(step);
        guard.leave();
        mutex.unlock();
        return 0;
    }

    private static int mutexTry(World world, Step step) {
        Mutex mutex = world.shared("mutex", step.arg(0), Mutex::new);
        if (!mutex.tryLock()) {
            return 0;
        }
        Guard guard = guard(world, "a mutex", step.arg(0));
        guard.enter();
        world.body(step);
        guard.leave();
        mutex.unlock();
        return 1;
    }

    private static PercpuRwsem semaphore(World world) {
        return world.shared("rwsem", 0, () -> new PercpuRwsem(world.kernel().scheduler()));
    }

    private static int read(World world, Step step) {
        semaphore(world).downRead();
        readLocked(world, step);
        semaphore(world).upRead();
        return 0;
    }

    private static int readTry(World world, Step step) {
        if (!semaphore(world).downReadTrylock()) {
            return 0;
        }
        readLocked(world, step);
        semaphore(world).upRead();
        return 1;
    }

    private static void readLocked(World world, Step step) {
        Guard guard = guard(world, "a semaphore", 0);
        guard.enterShared();
        world.body(step);
        guard.leaveShared();
    }

    private static int write(World world, Step step) {
        semaphore(world).downWrite();
        Guard guard = guard(world, "a semaphore", 0);
        guard.enter();
        world.body(step);
        guard.leave();
        semaphore(world).upWrite();
        return 0;
    }

    private static int cpusRead(World world, Step step) {
        world.kernel().hotplugLock().cpusReadLock();
        cpusReadLocked(world, step);
        world.kernel().hotplugLock().cpusReadUnlock();
        return 0;
    }

    private static int cpusReadTry(World world, Step step) {
        if (!world.kernel().hotplugLock().cpusReadTrylock()) {
            return 0;
        }
        cpusReadLocked(world, step);
        world.kernel().hotplugLock().cpusReadUnlock();
        return 1;
    }

    private static void cpusReadLocked(World world, Step step) {
        Guard guard = guard(world, "the hotplug lock", 0);
        guard.enterShared();
        String[] before = new String[1];
        Exploring.quietly(() -> before[0] = world.kernel().cpus().online.toString());
        world.body(step);
        Exploring.quietly(() -> {
            String after = world.kernel().cpus().online.toString();
            if (!after.equals(before[0])) {
                ProgramRule.broken("hotplug under the lock", step + ": online CPUs were " + before[0] + " and are "
                        + after);
            }
        });
        guard.leaveShared();
    }

    private static int cpusWrite(World world, Step step) {
        world.kernel().hotplugLock().cpusWriteLock();
        Guard guard = guard(world, "the hotplug lock", 0);
        guard.enter();
        world.body(step);
        guard.leave();
        world.kernel().hotplugLock().cpusWriteUnlock();
        return 0;
    }

    /** A list, and the nodes that were put on it. */
    private static final class Chain {
        final LlistHead head = new LlistHead();
        final AtomicInteger added = new AtomicInteger();
        final AtomicInteger taken = new AtomicInteger();

        int take() {
            int count = 0;
            for (LlistNode node = LlistNode.reverseOrder(head.delAll()); node != null; node = node.next()) {
                count++;
            }
            int all = count;
            Exploring.quietly(() -> taken.addAndGet(all));
            return count;
        }

        void check() {
            take();
            if (taken.get() != added.get()) {
                ProgramRule.broken("lost node", added.get() + " nodes were put on a list, and " + taken.get()
                        + " came out");
            }
        }
    }

    private static int list(World world, Step step) {
        Chain chain = world.shared("llist", 0, () -> {
            Chain made = new Chain();
            world.atEnd(made::check);
            return made;
        });
        if (step.arg(0) == 0) {
            chain.take();
        } else {
            Exploring.quietly(chain.added::incrementAndGet);
            chain.head.add(new LlistNode());
        }
        return 0;
    }

    /** Adds one node or two at once, or takes the first, under a lock of those that take. */
    private static int first(World world, Step step) {
        Chain chain = world.shared("llist first", 0, () -> {
            Chain made = new Chain();
            world.atEnd(made::check);
            return made;
        });
        if (step.arg(0) == 0) {
            RawSpinLock lock = world.shared("lock of list", 0, RawSpinLock::new);
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            boolean taken = chain.head.delFirst() != null;
            lock.unlock(self, flags);
            if (taken) {
                Exploring.quietly(chain.taken::incrementAndGet);
            }
        } else if (step.arg(0) == 1) {
            Exploring.quietly(chain.added::incrementAndGet);
            chain.head.add(new LlistNode());
        } else {
            Exploring.quietly(() -> chain.added.addAndGet(2));
            LlistNode last = new LlistNode();
            LlistNode first = new LlistNode();
            first.setNext(last);
            chain.head.addBatch(first, last);
        }
        return 0;
    }

    /** Adds a node, and removes it again if it still is the first. */
    private static int removeOwn(World world, Step step) {
        Chain chain = world.shared("llist this", 0, () -> {
            Chain made = new Chain();
            world.atEnd(made::check);
            return made;
        });
        LlistNode node = new LlistNode();
        Exploring.quietly(chain.added::incrementAndGet);
        chain.head.add(node);
        if (chain.head.delFirstThis(node)) {
            Exploring.quietly(chain.taken::incrementAndGet);
        }
        return 0;
    }

    /** Each operation has a bit of its own, and finds it as it left it, whatever others do to other bits. */
    private static int mask(World world, Step step) {
        CpuMask mask = world.shared("mask", 0, () -> new CpuMask(64));
        int[] here = new int[1];
        Exploring.quietly(() -> here[0] = Cpu.rawSmpProcessorId());
        int bit = step.id() % 16 * 4 + here[0] % 4; // of its own on each CPU, in a program that is not too long
        boolean alone = world.program().size() <= 16 && world.program().cpus() <= 4;
        int lost;
        if (step.is(0)) {
            mask.setCpu(bit);
            lost = mask.testCpu(bit) ? 0 : 1;
            mask.clearCpu(bit);
        } else {
            mask.testAndSetCpu(bit);
            lost = mask.testCpu(bit) ? 0 : 1;
            mask.testAndClearCpu(bit);
        }
        lost += mask.testCpu(bit) ? 1 : 0;
        return alone ? lost : 0;
    }
}
