package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.testing.Players.until;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.testing.TestMachine;

/** Per-CPU kernel threads while CPUs come and go. */
class SmpbootHotplugTest {
    private final TestMachine box = TestMachine.boot(3, "maxcpus=2");
    private final Machine machine = box.machine();
    private final CpuHotplug hotplug = machine.hotplug();
    private final SmpbootThreads threads = machine.smpbootThreads();

    @AfterEach
    void close() {
        box.close();
    }

    /** A kind of threads that notes what is asked of it. */
    private static final class Noting implements SmpbootThreads.HotplugThread {
        final String name;
        final Queue<String> log;

        Noting(String name, Queue<String> log) {
            this.name = name;
            this.log = log;
        }

        private void note(String what, int cpu) {
            boolean here = Cpu.rawSmpProcessorId() == cpu;
            log.add(name + "." + what + "(" + cpu + ")" + (here ? "" : "@" + Cpu.rawSmpProcessorId()));
        }

        @Override
        public String comm(int cpu) {
            return name + "/" + cpu;
        }

        @Override
        public boolean threadShouldRun(int cpu) {
            assertThat(Cpu.current().preemptCount()).isEqualTo(1);
            return false;
        }

        @Override
        public void threadFn(int cpu) {
            note("fn", cpu);
        }

        @Override
        public void setup(int cpu) {
            note("setup", cpu);
        }

        @Override
        public void cleanup(int cpu, boolean online) {
            log.add(name + ".cleanup(" + cpu + "," + (online ? "online" : "offline") + ")");
        }

        @Override
        public void park(int cpu) {
            note("park", cpu);
        }

        @Override
        public void unpark(int cpu) {
            note("unpark", cpu);
        }
    }

    private final Queue<String> log = new ConcurrentLinkedQueue<>();

    private List<String> taken(int count) {
        until(() -> log.size() >= count);
        List<String> taken = new ArrayList<>(log);
        log.clear();
        return taken;
    }

    @Test
    void threadsAreSetUpOnceParkedWithTheirCpuAndUnparkedWithIt() {
        box.run(0, () -> {
            threads.register(new Noting("kind", log));
            assertThat(taken(2)).containsExactlyInAnyOrder("kind.setup(0)", "kind.setup(1)");
            assertThat(hotplug.addCpu(2)).isZero();
            assertThat(taken(1)).containsExactly("kind.setup(2)");
            for (int turn = 0; turn < 3; turn++) {
                assertThat(hotplug.removeCpu(2)).isZero();
                assertThat(taken(1)).containsExactly("kind.park(2)");
                assertThat(hotplug.addCpu(2)).isZero();
                assertThat(taken(1)).containsExactly("kind.unpark(2)");
            }
        });
    }

    @Test
    void theLastRegisteredIsParkedFirst() {
        box.run(0, () -> {
            threads.register(new Noting("a", log));
            threads.register(new Noting("b", log));
            taken(4);
            assertThat(hotplug.removeCpu(1)).isZero();
            assertThat(taken(2)).containsExactly("b.park(1)", "a.park(1)");
            assertThat(hotplug.addCpu(1)).isZero();
            assertThat(taken(2)).containsExactlyInAnyOrder("a.unpark(1)", "b.unpark(1)");
        });
    }

    @Test
    void aTakeDownThatFailsUnparksThemAgain() {
        box.run(0, () -> {
            threads.register(new Noting("kind", log));
            taken(2);
            hotplug.archCpuDisable(cpu -> -1);
            assertThat(hotplug.removeCpu(1)).isEqualTo(-1);
            assertThat(taken(2)).containsExactly("kind.park(1)", "kind.unpark(1)");
        });
    }

    @Test
    void whatIsRegisteredWhileACpuIsDownStartsWithIt() {
        box.run(0, () -> {
            assertThat(hotplug.removeCpu(1)).isZero();
            threads.register(new Noting("kind", log));
            assertThat(taken(1)).containsExactly("kind.setup(0)");
            assertThat(hotplug.addCpu(1)).isZero();
            assertThat(taken(1)).containsExactly("kind.setup(1)");
        });
    }

    @Test
    void whatIsUnregisteredEndsAlsoOnCpusThatAreDown() {
        Noting kind = new Noting("kind", log);
        box.run(0, () -> {
            threads.register(kind);
            taken(2);
            assertThat(hotplug.removeCpu(1)).isZero();
            assertThat(taken(1)).containsExactly("kind.park(1)");
            threads.unregister(kind);
            assertThat(taken(2)).containsExactlyInAnyOrder("kind.cleanup(0,online)", "kind.cleanup(1,offline)");
            assertThat(hotplug.addCpu(1)).isZero();
            assertThat(hotplug.addCpu(2)).isZero();
            assertThat(log).isEmpty();
            threads.register(kind);
            assertThat(taken(3)).containsExactlyInAnyOrder("kind.setup(0)", "kind.setup(1)", "kind.setup(2)");
        });
        assertThat(box.printed()).noneMatch(line -> line.contains("no longer affine"));
    }

    @Test
    void aSelfparkingKindIsLeftAloneByHotplug() {
        box.run(0, () -> {
            threads.register(new SmpbootThreads.HotplugThread() {
                @Override
                public String comm(int cpu) {
                    return "selfparking/" + cpu;
                }

                @Override
                public boolean threadShouldRun(int cpu) {
                    return false;
                }

                @Override
                public void threadFn(int cpu) {
                }

                @Override
                public void park(int cpu) {
                    log.add("park");
                }

                @Override
                public boolean selfparking() {
                    return true;
                }
            });
            assertThat(threads.parkThreads(1)).isZero();
            assertThat(threads.unparkThreads(1)).isZero();
            assertThat(log).isEmpty();
        });
    }
}
