package org.smp4j.sched;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.testing.TestMachine;

class SmpbootThreadsTest {
    private static final int CPUS = 4;

    private final TestMachine box = TestMachine.boot(CPUS, "maxcpus=3");
    private final Machine machine = box.machine();
    private final Queue<String> parked = new ConcurrentLinkedQueue<>();
    private final SmpbootThreads threads = machine.smpbootThreads();

    @AfterEach
    void close() {
        box.close();
    }

    /** Threads that do what they are asked to, and write down what happens to them. */
    private final class Kind implements SmpbootThreads.HotplugThread {
        final Queue<String> log = new ConcurrentLinkedQueue<>();
        final AtomicIntegerArray asked = new AtomicIntegerArray(CPUS);
        final AtomicIntegerArray done = new AtomicIntegerArray(CPUS);
        final Task[] tasks = new Task[CPUS];
        final String name;

        Kind(String name) {
            this.name = name;
        }

        void ask(int cpu) {
            asked.incrementAndGet(cpu);
            tasks[cpu].wake();
            until(() -> done.get(cpu) == asked.get(cpu));
        }

        private void note(String what, int cpu) {
            assertThat(Cpu.smpProcessorId()).isEqualTo(cpu);
            log.add(what + "/" + cpu);
        }

        @Override
        public String comm(int cpu) {
            return name + "/" + cpu;
        }

        @Override
        public void setup(int cpu) {
            tasks[cpu] = Task.current();
            note("setup", cpu);
        }

        @Override
        public boolean threadShouldRun(int cpu) {
            assertThat(Preempt.count()).isEqualTo(1);
            return done.get(cpu) < asked.get(cpu);
        }

        @Override
        public void threadFn(int cpu) {
            assertThat(Preempt.preemptible()).isTrue();
            done.incrementAndGet(cpu);
        }

        @Override
        public void park(int cpu) {
            note("park", cpu);
            parked.add(comm(cpu));
        }

        @Override
        public void unpark(int cpu) {
            note("unpark", cpu);
        }

        @Override
        public void cleanup(int cpu, boolean online) {
            log.add("cleanup/" + cpu + (online ? "" : " offline"));
        }
    }

    private void untilLogged(Kind kind, String... entries) {
        until(() -> kind.log.containsAll(List.of(entries)));
    }

    @Test
    void eachOnlineCpuHasItsThreadAndItDoesWhatIsAsked() {
        Kind kind = new Kind("worker");
        box.run(0, () -> {
            threads.register(kind);
            untilLogged(kind, "setup/0", "setup/1", "setup/2");
            for (int cpu = 0; cpu < 3; cpu++) {
                assertThat(kind.tasks[cpu].comm()).isEqualTo("worker/" + cpu);
                kind.ask(cpu);
                kind.ask(cpu);
            }
            threads.unregister(kind);
        });
        assertThat(kind.log).containsExactlyInAnyOrder("setup/0", "setup/1", "setup/2", "cleanup/0", "cleanup/1",
                "cleanup/2");
    }

    @Test
    void threadsAreParkedInTheReverseOfTheirRegistration() {
        Kind first = new Kind("first");
        Kind second = new Kind("second");
        box.run(0, () -> {
            threads.register(first);
            threads.register(second);
            untilLogged(first, "setup/2");
            untilLogged(second, "setup/2");
            box.start(2, "parker", () -> threads.parkThreads(2)).join();
            assertThat(parked).containsExactly("second/2", "first/2");
            threads.unparkThreads(2);
            untilLogged(first, "unpark/2");
            untilLogged(second, "unpark/2");
            first.ask(2);
            threads.unregister(second);
            threads.unregister(first);
        });
    }

    @Test
    void aThreadComesAndGoesWithItsCpu() {
        Kind kind = new Kind("worker");
        box.run(0, () -> {
            threads.register(kind);
            assertThat(machine.hotplug().addCpu(3)).isZero();
            untilLogged(kind, "setup/3");
            kind.ask(3);
            assertThat(machine.hotplug().removeCpu(3)).isZero();
            assertThat(kind.log).contains("park/3");
            assertThat(machine.hotplug().addCpu(3)).isZero();
            untilLogged(kind, "unpark/3");
            kind.ask(3);
            threads.unregister(kind);
        });
        assertThat(kind.log).contains("cleanup/3");
    }

    @Test
    void theThreadOfACpuThatIsDownEndsToo() {
        Kind kind = new Kind("worker");
        box.run(0, () -> {
            threads.register(kind);
            untilLogged(kind, "setup/0", "setup/1", "setup/2");
            kind.ask(2);
            assertThat(machine.hotplug().removeCpu(2)).isZero();
            threads.unregister(kind);
            assertThat(machine.hotplug().addCpu(2)).isZero();
        });
        assertThat(kind.log).contains("cleanup/0", "cleanup/1", "cleanup/2 offline");
    }
}
