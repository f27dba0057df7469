package org.smp4j.explore.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.smp4j.Machine;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.junit.SmpTest;
import org.smp4j.lib.Completion;

/** Sample tests on real threads that other tests run. */
public final class SmpSamples {
    private SmpSamples() {
    }

    /** A test of each kind. */
    public static class Tests {
        private static final AtomicInteger RAN = new AtomicInteger();

        @SmpTest(cpus = 2)
        void passes(Machine machine) {
            machine.spawn(0, "first", () -> machine.spawn(1, "second", () -> {
                assertThat(machine.smp().smpCallFunctionSingle(0,
                        SmpCallFunc.named("count", _ -> RAN.incrementAndGet()), null, true)).isZero();
                RAN.incrementAndGet();
            }));
        }

        @AfterAll
        static void everythingHasRun() {
            assertThat(RAN.get()).isIn(0, 2);
        }

        @SmpTest(cpus = 2)
        void fails(Machine machine) {
            machine.run(1, () -> assertThat(Cpu.smpProcessorId()).as("here").isZero());
        }

        @SmpTest(cpus = 2)
        void taskFails(Machine machine) {
            machine.spawn(1, "task", () -> {
                throw new IllegalStateException("in a task");
            });
        }

        @SmpTest(cpus = 2, timeout = 1)
        void hangs(Machine machine) {
            Completion never = new Completion();
            machine.spawn(1, "waits-for-ever", never::waitForCompletion);
        }

        /** Ends the task of {@link #spins}. */
        public static final AtomicInteger LET_GO = new AtomicInteger();

        @SmpTest(cpus = 2, timeout = 1)
        void spins(Machine machine) {
            machine.spawn(1, "spins-without-a-poll", () -> {
                while (LET_GO.get() == 0) {
                    Thread.onSpinWait();
                }
            });
        }

        @SmpTest
        void takesNoMachine() {
        }

        @SmpTest(params = "nonsense=1")
        void cannotBoot(Machine machine) {
        }
    }

    /** Tests that JUnit would skip. */
    public static class Unseen {
        @SmpTest
        boolean returnsSomething(Machine machine) {
            return true;
        }
    }
}
