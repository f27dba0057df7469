package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.testing.TestMachine;

/**
 * Many tasks that block, wake each other across CPUs and are moved: none is lost, none runs twice at once, none runs
 * where it may not.
 */
class TaskStormTest {
    private static final int SOAK_SECONDS = 600;

    /** A task of the storm. In each round it releases another task, and waits until it is released itself. */
    private final class Member {
        final Completion mail = new Completion();
        final AtomicBoolean running = new AtomicBoolean();
        final AtomicInteger moves = new AtomicInteger(); // of this one, under way
        Task task;
    }

    private final AtomicInteger violations = new AtomicInteger();
    private final AtomicInteger steps = new AtomicInteger();
    private Machine machine;
    private Scheduler scheduler;
    private int nrCpus;
    private Member[] members;
    private AtomicIntegerArray occupants; // by CPU: one more than the number of the task that is in its section

    @ParameterizedTest
    @CsvSource({"1000, 4, 8", "1000, 64, 4"})
    void storm(int tasks, int cpus, int rounds) {
        storm(tasks, cpus, rounds, 100);
    }

    @ParameterizedTest
    @CsvSource({"10000, 4, 100", "10000, 64, 100"})
    @Tag("soak")
    @Timeout(2 * SOAK_SECONDS)
    void longStorm(int tasks, int cpus, int rounds) {
        storm(tasks, cpus, rounds, SOAK_SECONDS);
    }

    private void storm(int tasks, int cpus, int rounds, int deadlineSeconds) {
        long seed = System.nanoTime();
        nrCpus = cpus;
        members = new Member[tasks];
        occupants = new AtomicIntegerArray(cpus);
        for (int i = 0; i < tasks; i++) {
            members[i] = new Member();
        }
        try (TestMachine box = TestMachine.boot(cpus, "idle=poll", deadlineSeconds)) {
            machine = box.machine();
            scheduler = machine.scheduler();
            box.run(0, () -> {
                for (int i = 0; i < tasks; i++) {
                    int number = i;
                    SplittableRandom random = new SplittableRandom(seed + i);
                    Task.Policy policy = i % 10 == 0 ? Task.Policy.FIFO : Task.Policy.NORMAL;
                    members[i].task =
                            scheduler.run("storm/" + i, policy, randomMask(random), () -> live(number, rounds, random));
                }
                List<Task> movers = new ArrayList<>();
                AtomicBoolean over = new AtomicBoolean();
                for (int i = 0; i < 2; i++) {
                    SplittableRandom random = new SplittableRandom(seed - 1 - i);
                    movers.add(scheduler.run("mover/" + i, Task.Policy.NORMAL, machine.cpus().possible, () -> {
                        while (!over.get()) {
                            move(members[random.nextInt(tasks)], random);
                            scheduler.yieldCpu();
                        }
                    }));
                }
                for (Member member : members) {
                    member.task.join();
                }
                over.set(true);
                movers.forEach(Task::join);
            });
        }
        assertThat(violations).as("seed %d", seed).hasValue(0);
        assertThat(steps).as("seed %d", seed).hasValue(tasks * rounds);
    }

    private CpuMask randomMask(SplittableRandom random) {
        CpuMask mask = CpuMask.of(nrCpus, random.nextInt(nrCpus));
        for (int more = random.nextInt(3); more > 0; more--) {
            mask.setCpu(random.nextInt(nrCpus));
        }
        return mask;
    }

    private void live(int number, int rounds, SplittableRandom random) {
        Member self = members[number];
        for (int round = 0; round < rounds; round++) {
            check(number, self);
            members[(number + 1 + round) % members.length].mail.complete();
            switch (random.nextInt(16)) {
                case 0 -> scheduler.yieldCpu();
                case 1 -> scheduler.timers().scheduleTimeout(1);
                case 2 -> move(self, random);
                case 3 -> stay(number, self);
                default -> { }
            }
            check(number, self);
            self.mail.waitForCompletion();
            check(number, self);
            steps.incrementAndGet();
        }
    }

    private void stay(int number, Member self) {
        Task.migrateDisable();
        int cpu = Cpu.smpProcessorId();
        scheduler.yieldCpu();
        violation(Cpu.smpProcessorId() != cpu);
        scheduler.timers().scheduleTimeout(1);
        violation(Cpu.smpProcessorId() != cpu);
        Task.migrateEnable();
        check(number, self);
    }

    private void move(Member member, SplittableRandom random) {
        if (member.task == null) {
            return; // it has begun before its starter wrote it down
        }
        CpuMask mask = randomMask(random);
        member.moves.incrementAndGet();
        violation(scheduler.setCpusAllowedPtr(member.task, mask) != 0);
        member.moves.decrementAndGet();
    }

    /** One's own thread, alone on a CPU where one may be. */
    private void check(int number, Member self) {
        Preempt.disable();
        int cpu = Cpu.rawSmpProcessorId();
        violation(!self.running.compareAndSet(false, true));
        violation(!occupants.compareAndSet(cpu, 0, number + 1));
        violation(!Task.current().affinity().testCpu(cpu) && self.moves.get() == 0);
        Cpu.current().poll();
        violation(Cpu.rawSmpProcessorId() != cpu || Task.current() != ((Task) Cpu.current().sitter()));
        violation(!occupants.compareAndSet(cpu, number + 1, 0));
        violation(!self.running.compareAndSet(true, false));
        Preempt.enable();
    }

    private void violation(boolean happened) {
        if (happened) {
            violations.incrementAndGet();
        }
    }
}
