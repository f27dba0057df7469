package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Errno;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

class HotplugFilesTest {
    private static final int DYN = CpuhpState.AP_ONLINE_DYN;

    private final TestMachine box = TestMachine.boot(4);
    private final CpuHotplug hotplug = box.machine().hotplug();
    private final HotplugFiles files = hotplug.files();
    private final Cpus cpus = box.machine().cpus();
    private final Callbacks calls = new Callbacks();

    @AfterEach
    void close() {
        box.close();
    }

    private void run(Runnable body) {
        box.run(0, body);
    }

    private void register(int state, String name) {
        assertThat(hotplug.setup().setupStateNocalls(state, "test:" + name, calls.up(name), calls.down(name)))
                .isNotNegative();
    }

    @Test
    void statesAreListedAsOnLinuxForThoseThatBothHave() throws IOException {
        List<String> linux;
        try (InputStream recorded = getClass().getClassLoader().getResourceAsStream("oracle/hotplug-states.txt")) {
            linux = new String(recorded.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        List<String> here = files.states().lines().toList();
        assertThat(linux).as("every state of this machine, with its number").containsAll(here);
        assertThat(linux.stream().filter(here::contains).toList()).isEqualTo(here);
        assertThat(here).contains("  0: offline", " 42: smpcfd:prepare", " 86: cpu:bringup", "139: smpcfd:dying",
                "145: cpu:teardown", "150: smpboot/threads:online", "235: sched:active", "236: online");
    }

    @Test
    void aRegisteredStateIsListed() {
        run(() -> {
            register(DYN, "here");
            assertThat(files.states()).contains("\n192: test:here\n");
            hotplug.setup().removeStateNocalls(DYN);
            assertThat(files.states()).doesNotContain("test:here");
        });
    }

    @Test
    void stateAndTargetFollowTheCpu() {
        run(() -> {
            assertThat(files.state(3)).isEqualTo(CpuhpState.ONLINE);
            assertThat(files.target(3)).isEqualTo(CpuhpState.ONLINE);
            hotplug.setup().setupStateNocalls(DYN, "test", null, cpu -> {
                assertThat(files.state(cpu)).as("advanced before the callback").isEqualTo(DYN - 1);
                assertThat(files.target(cpu)).isEqualTo(CpuhpState.TEARDOWN_CPU);
                return 0;
            });
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(files.state(3)).isEqualTo(CpuhpState.OFFLINE);
            assertThat(files.target(3)).isEqualTo(CpuhpState.OFFLINE);
        });
    }

    // ---- target ----

    @Test
    void aCpuStopsAtAnyNamedStateOnTheWayUpAndDown() {
        run(() -> {
            register(CpuhpState.XEN_PREPARE, "prep");
            register(CpuhpState.AP_PERF_ONLINE, "low");
            register(DYN, "high");
            assertThat(files.setTarget(3, DYN)).isZero();
            assertThat(files.state(3)).isEqualTo(DYN);
            assertThat(calls.taken()).isEmpty();
            assertThat(cpus.active.testCpu(3)).isFalse();
            assertThat(cpus.online.testCpu(3)).isTrue();

            assertThat(files.setTarget(3, CpuhpState.AP_SMPBOOT_THREADS)).isZero();
            assertThat(calls.taken()).containsExactly("high.dn(3)@3", "low.dn(3)@3");

            assertThat(files.setTarget(3, CpuhpState.XEN_PREPARE)).isZero();
            assertThat(calls.taken()).isEmpty();
            assertThat(cpus.online.testCpu(3)).isFalse();
            assertThat(files.state(3)).isEqualTo(CpuhpState.XEN_PREPARE);

            assertThat(files.setTarget(3, CpuhpState.OFFLINE)).isZero();
            assertThat(calls.taken()).containsExactly("prep.dn(3)@0");

            assertThat(files.setTarget(3, CpuhpState.AP_PERF_ONLINE)).isZero();
            assertThat(calls.taken()).containsExactly("prep.up(3)@0", "low.up(3)@3");
            assertThat(cpus.online.testCpu(3)).isTrue();
            assertThat(cpus.active.testCpu(3)).isFalse();

            assertThat(files.setTarget(3, CpuhpState.ONLINE)).isZero();
            assertThat(calls.taken()).containsExactly("high.up(3)@3");
            assertThat(cpus.active.testCpu(3)).isTrue();
            assertThat(files.setTarget(3, CpuhpState.ONLINE)).isZero();
        });
    }

    @Test
    void aCpuThatIsOnlineButNotActiveIsCalledAndStoppedButGetsNoTask() {
        run(() -> {
            assertThat(files.setTarget(3, CpuhpState.AP_SMPBOOT_THREADS)).isZero();
            assertThat(box.machine().smp().smpCallFunctionSingle(3, info -> { }, null, true)).isZero();
            assertThat(box.machine().stopMachine().stopOneCpu(3, arg -> 7, null)).isEqualTo(7);
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(hotplug.addCpu(3)).isZero();
        });
    }

    @Test
    void aCpuThatWaitsAliveIsLetInLaterOrKickedAgain() {
        run(() -> {
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(files.setTarget(3, CpuhpState.BP_KICK_AP)).isZero();
            assertThat(files.setTarget(3, CpuhpState.ONLINE)).isZero();
            assertThat(cpus.active.testCpu(3)).isTrue();
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(files.setTarget(3, CpuhpState.BP_KICK_AP)).isZero();
            assertThat(files.setTarget(3, CpuhpState.OFFLINE)).isZero();
            assertThat(files.setTarget(3, CpuhpState.ONLINE)).isZero();
            assertThat(cpus.active.testCpu(3)).isTrue();
        });
    }

    @Test
    void statesWithoutNameOrInWhichACpuCannotStayAreRefused() {
        run(() -> {
            for (int target : new int[] {-1, 3, CpuhpState.CREATE_THREADS, CpuhpState.BRINGUP_CPU,
                    CpuhpState.AP_IDLE_DEAD, CpuhpState.AP_OFFLINE,
                    CpuhpState.AP_SMPCFD_DYING, CpuhpState.TEARDOWN_CPU, CpuhpState.ONLINE + 1}) {
                assertThat(files.setTarget(3, target)).as("target %d", target).isEqualTo(-Errno.EINVAL);
            }
            assertThat(files.state(3)).isEqualTo(CpuhpState.ONLINE);
        });
    }

    // ---- fail ----

    @Test
    @Invariant(34)
    void aFailureIsInjectedOnceOnTheWayDown() {
        run(() -> {
            register(DYN, "low");
            register(DYN, "high");
            assertThat(files.setFail(3, DYN)).isZero();
            assertThat(files.fail(3)).isEqualTo(DYN);
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EAGAIN);
            assertThat(calls.taken()).as("the callback itself is not called")
                    .containsExactly("high.dn(3)@3", "high.up(3)@3");
            assertThat(files.fail(3)).isEqualTo(CpuhpState.INVALID);
            assertThat(files.state(3)).isEqualTo(CpuhpState.ONLINE);
            assertThat(hotplug.removeCpu(3)).isZero();
        });
    }

    @Test
    @Invariant(34)
    void aFailureIsInjectedOnceOnTheWayUpInEachSection() {
        run(() -> {
            register(DYN, "on");
            for (int state : new int[] {CpuhpState.SMPCFD_PREPARE, CpuhpState.BP_KICK_AP, CpuhpState.BRINGUP_CPU,
                    CpuhpState.AP_SMPBOOT_THREADS, DYN, CpuhpState.AP_ACTIVE}) {
                assertThat(hotplug.removeCpu(3)).isGreaterThanOrEqualTo(0);
                assertThat(files.setFail(3, state)).as("state %d", state).isZero();
                assertThat(hotplug.addCpu(3)).as("state %d", state).isEqualTo(-Errno.EAGAIN);
                assertThat(files.state(3)).as("state %d", state).isEqualTo(CpuhpState.OFFLINE);
                assertThat(files.fail(3)).isEqualTo(CpuhpState.INVALID);
                assertThat(hotplug.addCpu(3)).as("state %d", state).isZero();
            }
        });
    }

    @Test
    @Invariant(34)
    void aFailureOfTheTakeDownItselfKeepsTheCpu() {
        run(() -> {
            assertThat(files.setFail(3, CpuhpState.TEARDOWN_CPU)).isZero();
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EAGAIN);
            assertThat(files.state(3)).isEqualTo(CpuhpState.ONLINE);
            assertThat(cpus.active.testCpu(3)).isTrue();
        });
    }

    @Test
    @Invariant(34)
    void statesThatCannotFailAreRefused() {
        run(() -> {
            for (int state : new int[] {-2, CpuhpState.ONLINE + 1, CpuhpState.AP_SMPCFD_DYING, CpuhpState.AP_IDLE_DEAD,
                    CpuhpState.SMPCFD_PREPARE,
                    CpuhpState.BRINGUP_CPU, CpuhpState.OFFLINE, DYN, CpuhpState.AP_ONLINE_IDLE}) {
                assertThat(files.setFail(3, state)).as("state %d", state).isEqualTo(-Errno.EINVAL);
            }
            assertThat(files.setFail(3, CpuhpState.AP_ACTIVE)).isZero();
            assertThat(files.setFail(3, CpuhpState.INVALID)).isZero();
            assertThat(files.fail(3)).isEqualTo(CpuhpState.INVALID);
            assertThat(hotplug.removeCpu(3)).isZero();
        });
    }
}
