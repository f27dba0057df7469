package org.smp4j.explore.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.call.Unguarded;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.junit.Explore;
import org.smp4j.scenario.Device;
import org.smp4j.sched.Scheduler;

/** Sample tests that other tests run. */
public final class ExploreSamples {
    private ExploreSamples() {
    }

    /** A sender against the departure of its target. */
    public static class Calls {
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger ran = new AtomicInteger();
        private final Csd csd = new Csd(SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null);

        private void takeDown(Machine machine) {
            machine.spawn(0, "down", () -> assertThat(machine.hotplug().removeCpu(2)).isZero());
        }

        private void note(int ret) {
            if (ret == 0) {
                accepted.incrementAndGet();
            }
        }

        @Explore
        void unguarded(Machine machine) {
            takeDown(machine);
            machine.spawn(1, "send", () -> note(Unguarded.smpCallFunctionSingleAsync(machine.smp(), 2, csd)));
        }

        @Explore(schedules = 300)
        void guarded(Machine machine) {
            takeDown(machine);
            machine.spawn(1, "send", () -> note(machine.smp().smpCallFunctionSingleAsync(2, csd)));
        }

        @AfterEach
        void everyAcceptedCallHasRun() {
            assertThat(ran).hasValue(accepted.get());
        }
    }

    /** A device interrupts a task that increments the same field. */
    public static class Devices {
        private int count;
        private int handled;

        private void declare(Machine machine) {
            Device.on(machine.cpus().cpu(1), "disk", 1, () -> {
                count++;
                handled++;
            });
        }

        @Explore(cpus = 2)
        void interruptible(Machine machine) {
            declare(machine);
            machine.spawn(1, "user", () -> count++);
        }

        @Explore(cpus = 2, schedules = 500)
        void withIrqsOff(Machine machine) {
            declare(machine);
            machine.spawn(1, "user", () -> {
                boolean flags = LocalIrq.save();
                count++;
                LocalIrq.restore(flags);
            });
        }

        @AfterEach
        void everyoneWasCounted() {
            assertThat(count).isEqualTo(1 + handled);
        }
    }

    /** A test without the kernel. */
    public static class Threads {
        private int count;
        private int ready;

        @BeforeEach
        void prepare() {
            ready++;
        }

        private void twice(Runnable body) throws InterruptedException {
            assertThat(ready).isEqualTo(1);
            Thread other = new Thread(body);
            other.start();
            body.run();
            other.join();
            assertThat(count).as("count").isEqualTo(2);
        }

        @Explore
        void racy() throws InterruptedException {
            twice(() -> count++);
        }

        @Explore
        void locked() throws InterruptedException {
            twice(() -> {
                synchronized (this) {
                    count++;
                }
            });
        }

        @Explore(preemptions = 2)
        void proven() throws InterruptedException {
            locked();
        }

        @Explore(dataRaces = true)
        void dataRace() throws InterruptedException {
            Thread other = new Thread(() -> count = 1);
            other.start();
            ready = count;
            other.join();
        }

        @Explore
        void checked() throws Exception {
            twice(() -> {
                count++;
                count++;
                count--;
            });
        }
    }

    /** Assert statements, in each kind of place in a test. */
    public static class Asserts {
        private int count;

        @Explore(cpus = 2, schedules = 10)
        void inTask(Machine machine) {
            machine.spawn(1, "task", () -> {
                assert count == 1 : "in the task";
            });
        }

        @Explore(schedules = 10)
        void inBody() {
            assert count == 1 : "in the body";
        }

        @Explore(cpus = 2, schedules = 10)
        void nowhere(Machine machine) {
            machine.spawn(1, "task", () -> Cpu.current().poll());
        }

        @AfterEach
        void afterwards() {
            assert count == 1 : "afterwards";
        }
    }

    /** Checks that the machine makes by itself. */
    public static class Warns {
        @Explore(cpus = 2)
        void sleepsWherePreemptionIsOff(Machine machine) {
            machine.spawn(0, "sleepy", () -> {
                machine.scheduler().mightSleep("before");
                Preempt.disable();
                try {
                    machine.scheduler().mightSleep("here");
                } catch (IllegalStateException e) {
                    assertThat(machine.warnings().count(Scheduler.WHILE_ATOMIC)).isEqualTo(1);
                }
                Cpu.current().preemptEnable();
            });
            machine.spawn(1, "other", () -> Cpu.current().poll());
        }

        @Explore(cpus = 2)
        void spawnedBySpawned(Machine machine) {
            machine.spawn(0, "first", () -> machine.spawn(1, "second", () -> {
                throw new IllegalStateException("from the second");
            }));
        }
    }

    /** Tests that can't work. */
    public static class Misuse {
        @Explore
        void takesSomethingElse(TestInfo info) {
        }

        @Explore(strategy = "guess")
        void unknownStrategy() {
        }

        @Explore(strategy = "random", preemptions = 1)
        void two() {
        }

        @Explore
        void nothingToExplore() {
        }

        @Test
        void ordinary() {
        }
    }

    /** Tests that JUnit would skip silently. */
    public static class Unseen {
        @Explore
        int returnsSomething() {
            return 1;
        }

        @Explore
        private void isPrivate() {
        }

        @Explore
        static void isStatic() {
        }

        @Test
        void ordinary() {
        }
    }

    /** An inner class needs an enclosing object. */
    public static class WithInner {
        @Nested
        class Inner {
            @Explore
            void test() {
            }
        }
    }

    /** A callback that can't be called. */
    public static class BeforeWithParameter {
        @BeforeEach
        void prepare(TestInfo info) {
        }

        @Explore
        void test() {
        }
    }
}
