package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.Players;
import org.smp4j.testing.TestMachine;

class CpuHotplugTest {
    private static final int DYN = CpuhpState.AP_ONLINE_DYN;

    private TestMachine box = TestMachine.boot(4);
    private CpuHotplug hotplug = box.machine().hotplug();
    private Cpus cpus = box.machine().cpus();
    private final Callbacks calls = new Callbacks();

    @AfterEach
    void close() {
        box.close();
    }

    private void reboot(String params) {
        box.close();
        box = TestMachine.boot(4, params);
        hotplug = box.machine().hotplug();
        cpus = box.machine().cpus();
    }

    private void run(Runnable body) {
        box.run(0, body);
    }

    private int state(int cpu) {
        return hotplug.files().state(cpu);
    }

    private void assertConsistent() {
        assertThat(cpus.active.isSubsetOf(cpus.online)).isTrue();
        assertThat(cpus.online.isSubsetOf(cpus.present)).isTrue();
        assertThat(cpus.present.isSubsetOf(cpus.possible)).isTrue();
        assertThat(cpus.numOnline()).isEqualTo(cpus.online.weight()).isPositive();
    }

    // ---- what the calls return ----

    @Test
    @Invariant(36)
    void comingAndGoingTwiceIsNoChange() {
        run(() -> {
            assertThat(hotplug.addCpu(3)).isEqualTo(1);
            assertThat(hotplug.cpuUp(3)).isZero();
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(hotplug.removeCpu(3)).isEqualTo(1);
            assertThat(hotplug.cpuDown(3)).isZero();
            assertThat(cpus.online).hasToString("0-2");
            assertThat(hotplug.addCpu(3)).isZero();
            assertThat(cpus.online).hasToString("0-3");
        });
    }

    @Test
    void aCpuThatDoesNotExistIsInvalid() {
        run(() -> {
            for (int cpu : new int[] {-1, 4, 99999}) {
                assertThat(hotplug.addCpu(cpu)).isEqualTo(-Errno.EINVAL);
                assertThat(hotplug.cpuUp(cpu)).isEqualTo(-Errno.EINVAL);
                assertThat(hotplug.removeCpu(cpu)).isEqualTo(-Errno.EINVAL);
                assertThat(hotplug.cpuDown(cpu)).isEqualTo(-Errno.EINVAL);
            }
        });
        assertThat(box.printed()).contains(
                "can't online cpu 4 because it is not configured as may-hotadd at boot time");
    }

    @Test
    void aCpuThatIsNotPresentIsInvalid() {
        run(() -> {
            assertThat(hotplug.removeCpu(3)).isZero();
            cpus.setCpuPresent(3, false);
            assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.EINVAL);
            assertThat(hotplug.cpuDown(3)).isEqualTo(-Errno.EINVAL);
            cpus.setCpuPresent(3, true);
            assertThat(hotplug.addCpu(3)).isZero();
        });
    }

    @Test
    @Invariant({28, 36})
    void theLastCpuStaysAndAnyOfThemMayBeTheLast() {
        run(() -> {
            assertThat(hotplug.removeCpu(0)).isZero();
            assertThat(Task.current().cpu()).isNotZero();
            assertThat(hotplug.removeCpu(2)).isZero();
            assertThat(hotplug.removeCpu(1)).isZero();
            assertThat(cpus.online).hasToString("3");
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EBUSY);
            assertThat(hotplug.cpuDown(1)).as("of a CPU that is down already").isEqualTo(-Errno.EBUSY);
            assertConsistent();
            for (int cpu = 0; cpu < 3; cpu++) {
                assertThat(hotplug.addCpu(cpu)).isZero();
                assertConsistent();
            }
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(cpus.online).hasToString("0-2");
        });
    }

    @Test
    @Invariant(36)
    void whileHotplugIsDisabledBothWaysAreBusy() {
        run(() -> {
            assertThat(hotplug.removeCpu(3)).isZero();
            hotplug.cpuHotplugDisable();
            hotplug.cpuHotplugDisable();
            assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.EBUSY);
            assertThat(hotplug.removeCpu(2)).isEqualTo(-Errno.EBUSY);
            hotplug.cpuHotplugEnable();
            assertThat(hotplug.addCpu(3)).as("disabled twice").isEqualTo(-Errno.EBUSY);
            hotplug.cpuHotplugEnable();
            assertThat(hotplug.addCpu(3)).isZero();
        });
    }

    @Test
    void anEnableTooManyIsReportedAndDoesNotCount() {
        box.expectWarning(CpuHotplug.UNBALANCED);
        run(() -> {
            hotplug.cpuHotplugEnable();
            hotplug.cpuHotplugDisable();
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EBUSY);
            hotplug.cpuHotplugEnable();
        });
        assertThat(box.printed()).anyMatch(line -> line.endsWith("Unbalanced cpu hotplug enable"));
    }

    @Test
    void offliningIsDisabledForGood() {
        run(() -> {
            assertThat(hotplug.removeCpu(3)).isZero();
            hotplug.cpuHotplugDisableOfflining();
            assertThat(hotplug.removeCpu(2)).isEqualTo(-Errno.EOPNOTSUPP);
            assertThat(hotplug.addCpu(3)).isZero();
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EOPNOTSUPP);
        });
    }

    @Test
    void disableWaitsForWhatIsUnderWay() {
        AtomicBoolean entered = new AtomicBoolean();
        AtomicBoolean release = new AtomicBoolean();
        AtomicBoolean disabled = new AtomicBoolean();
        run(() -> {
            hotplug.setup().setupStateNocalls(DYN, "test", null, cpu -> {
                entered.set(true);
                Players.until(release::get);
                return 0;
            });
            Task remover = box.start(1, "remover", () -> assertThat(hotplug.removeCpu(3)).isZero());
            Players.until(entered::get);
            Task disabler = box.start(2, "disabler", () -> {
                hotplug.cpuHotplugDisable();
                disabled.set(true);
                assertThat(cpus.online.testCpu(3)).isFalse();
            });
            Players.until(() -> disabler.state() == org.smp4j.sched.TaskState.BLOCKED);
            assertThat(disabled).isFalse();
            release.set(true);
            remover.join();
            disabler.join();
            assertThat(disabled).isTrue();
        });
    }

    @Test
    void aTaskThatMustNotSleepIsRefusedAndNoLockStaysTaken() {
        box.expectWarning(Scheduler.WHILE_ATOMIC);
        run(() -> {
            Preempt.disable();
            assertThatThrownBy(() -> hotplug.removeCpu(3)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> hotplug.addCpu(3)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> hotplug.cpuDown(3)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> hotplug.cpuUp(3)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> hotplug.freezeSecondaryCpus(0)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(hotplug::thawSecondaryCpus).isInstanceOf(IllegalStateException.class);
            Preempt.enable();
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(hotplug.addCpu(3)).isZero();
        });
    }

    @Test
    void cpusThatBootLeftOutComeUpLater() {
        reboot("maxcpus=2");
        run(() -> {
            assertThat(cpus.online).hasToString("0-1");
            assertThat(state(3)).isEqualTo(CpuhpState.OFFLINE);
            assertThat(hotplug.cpuDying(3)).isFalse();
            assertThat(hotplug.addCpu(3)).isZero();
            assertThat(hotplug.addCpu(2)).isZero();
            assertThat(cpus.online).hasToString("0-3");
            assertThat(cpus.active).hasToString("0-3");
            box.start(3, "there", () -> { }).join();
            assertConsistent();
        });
    }

    // ---- suspend ----

    @Test
    void freezeTakesAllButThePrimaryDownFromTheHighestAndThawBringsThemBack() {
        run(() -> {
            List<String> order = new ArrayList<>();
            hotplug.setup().setupStateNocalls(CpuhpState.XEN_PREPARE, "test", cpu -> {
                order.add("up " + cpu + " " + hotplug.cpuhpTasksFrozen());
                return 0;
            }, cpu -> {
                order.add("down " + cpu + " " + hotplug.cpuhpTasksFrozen());
                return 0;
            });
            assertThat(hotplug.removeCpu(2)).isZero();
            assertThat(hotplug.freezeSecondaryCpus(1)).isZero();
            assertThat(cpus.online).hasToString("1");
            assertThat(hotplug.addCpu(3)).as("hotplug stays disabled").isEqualTo(-Errno.EBUSY);
            hotplug.thawSecondaryCpus();
            assertThat(cpus.online).hasToString("0-1,3");
            assertThat(order).containsExactly("down 2 false", "down 3 true", "down 0 true", "up 0 true", "up 3 true");
            assertThat(hotplug.addCpu(2)).isZero();
        });
        assertThat(box.printed()).contains("CPU0 is up", "CPU3 is up").doesNotContain("CPU2 is up");
    }

    @Test
    void aFreezeThatFailsLeavesHotplugDisabledTooAndThawBringsBackWhatWasTaken() {
        run(() -> {
            hotplug.setup().setupStateNocalls(DYN, "test", calls.up("a"), calls.down("a"));
            calls.failing("a.dn(1)", -Errno.EBUSY);
            assertThat(hotplug.freezeSecondaryCpus(0)).isEqualTo(-Errno.EBUSY);
            assertThat(cpus.online).hasToString("0-1");
            assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.EBUSY);
            calls.succeeding();
            calls.failing("a.up(3)", -Errno.EIO);
            hotplug.thawSecondaryCpus();
            assertThat(cpus.online).hasToString("0-2");
            calls.succeeding();
            assertThat(hotplug.addCpu(3)).isZero();
        });
        assertThat(box.printed()).contains("CPU2 is up", "Error taking CPU3 up: -5");
    }

    @Test
    void freezeKeepsAnOnlineCpuIfThePrimaryIsNot() {
        run(() -> {
            assertThat(hotplug.removeCpu(0)).isZero();
            assertThat(hotplug.freezeSecondaryCpus(0)).isZero();
            assertThat(cpus.online).hasToString("1");
            hotplug.thawSecondaryCpus();
            assertThat(cpus.online).hasToString("1-3");
        });
    }

    // ---- failures ----

    @Test
    @Invariant({30, 31, 32})
    void aFailedDownRunsTheHigherStatesUpAgainAndReturnsTheError() {
        run(() -> {
            threeStates();
            calls.failing("b.dn(3)", -Errno.ENOMEM);
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.ENOMEM);
            assertThat(calls.taken()).containsExactly("c.dn(3)@3", "b.dn(3)@3", "c.up(3)@3");
            assertThat(state(3)).isEqualTo(CpuhpState.ONLINE);
            assertThat(hotplug.files().target(3)).isEqualTo(CpuhpState.ONLINE);
            assertThat(hotplug.cpuDying(3)).isFalse();
            assertThat(cpus.active.testCpu(3)).isTrue();
            calls.succeeding();
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(calls.taken()).containsExactly("c.dn(3)@3", "b.dn(3)@3", "a.dn(3)@3", "prep.dn(3)@0");
        });
    }

    @Test
    @Invariant({30, 31, 32})
    void aFailedUpRunsTheLowerStatesDownAgainAndReturnsTheError() {
        run(() -> {
            threeStates();
            assertThat(hotplug.removeCpu(3)).isZero();
            calls.taken();
            calls.failing("b.up(3)", -Errno.ENOMEM);
            assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.ENOMEM);
            assertThat(calls.taken()).containsExactly("prep.up(3)@0", "a.up(3)@3", "b.up(3)@3", "a.dn(3)@3",
                    "prep.dn(3)@0");
            assertThat(state(3)).isEqualTo(CpuhpState.OFFLINE);
            assertThat(hotplug.files().target(3)).isEqualTo(CpuhpState.OFFLINE);
            assertThat(hotplug.cpuDying(3)).isTrue();
            assertThat(cpus.online).hasToString("0-2");
            assertThat(cpus.active).hasToString("0-2");
            calls.succeeding();
            assertThat(hotplug.addCpu(3)).isZero();
            assertThat(calls.taken()).containsExactly("prep.up(3)@0", "a.up(3)@3", "b.up(3)@3", "c.up(3)@3");
            assertThat(hotplug.cpuDying(3)).isFalse();
        });
    }

    @Test
    @Invariant({31, 32})
    void aFailedPrepareStateRunsTheLowerOnesDownAndTheCpuIsNeverStarted() {
        run(() -> {
            threeStates();
            hotplug.setup().setupStateNocalls(CpuhpState.XEN_EVTCHN_PREPARE, "test:later", calls.up("later"),
                    calls.down("later"));
            assertThat(hotplug.removeCpu(3)).isZero();
            calls.taken();
            calls.failing("later.up(3)", -Errno.ENOMEM);
            assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.ENOMEM);
            assertThat(calls.taken()).containsExactly("prep.up(3)@0", "later.up(3)@0", "prep.dn(3)@0");
            assertThat(state(3)).isEqualTo(CpuhpState.OFFLINE);
            calls.succeeding();
            assertThat(hotplug.addCpu(3)).isZero();
        });
    }

    private void threeStates() {
        hotplug.setup().setupStateNocalls(CpuhpState.XEN_PREPARE, "test:prep", calls.up("prep"), calls.down("prep"));
        for (String name : List.of("a", "b", "c")) {
            hotplug.setup().setupStateNocalls(DYN, "test:" + name, calls.up(name), calls.down(name));
        }
    }

    @Test
    void theWayBackThatFailsTooLeavesTheCpuWhereItIs() {
        box.expectWarning(CpuhpThread.DOUBLE_FAULT);
        run(() -> {
            threeStates();
            calls.failing("a.dn(3)", -Errno.ENOMEM);
            calls.failing("b.up(3)", -Errno.EIO);
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.ENOMEM);
            assertThat(calls.taken()).containsExactly("c.dn(3)@3", "b.dn(3)@3", "a.dn(3)@3", "b.up(3)@3");
            assertThat(cpus.online.testCpu(3)).isTrue();
            assertThat(cpus.active.testCpu(3)).isFalse();
            calls.succeeding();
            assertThat(hotplug.cpuUp(3)).isZero();
            assertThat(calls.taken()).containsExactly("c.up(3)@3");
            assertThat(cpus.active.testCpu(3)).isTrue();
        });
    }

    @Test
    void theArchitectureMayKeepACpu() {
        AtomicInteger asked = new AtomicInteger();
        run(() -> {
            threeStates();
            hotplug.archCpuDisable(cpu -> {
                asked.incrementAndGet();
                return cpu == 3 ? -Errno.EPERM : 0;
            });
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EPERM);
            assertThat(calls.taken()).containsExactly("c.dn(3)@3", "b.dn(3)@3", "a.dn(3)@3", "a.up(3)@3", "b.up(3)@3",
                    "c.up(3)@3");
            assertThat(cpus.online).hasToString("0-3");
            assertThat(cpus.active).hasToString("0-3");
            assertThat(hotplug.cpuDying(3)).isFalse();
            assertThat(state(3)).isEqualTo(CpuhpState.ONLINE);
            box.start(3, "there", () -> { }).join();
            assertThat(box.machine().stopMachine().stopOneCpu(3, arg -> 7, null)).isEqualTo(7);
            assertThat(hotplug.removeCpu(2)).isZero();
            assertThat(asked).hasValue(2);
        });
    }

    @Test
    void anArchitectureThatThrowsKeepsTheCpu() {
        box.expectWarning(Warnings.THROWN);
        run(() -> {
            hotplug.archCpuDisable(cpu -> {
                throw new IllegalStateException("thrown on purpose");
            });
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EIO);
            assertThat(cpus.active).hasToString("0-3");
        });
    }

    @Test
    @Invariant(35)
    void startingStatesThatFailAreLoggedAndTheMotionGoesOn() {
        run(() -> {
            for (int state : new int[] {CpuhpState.AP_ARM_XEN_STARTING, CpuhpState.AP_ARM_CACHE_B15_RAC_DYING}) {
                hotplug.setup().setupStateNocalls(state, "test:" + state, calls.up("s" + state),
                        calls.down("s" + state));
            }
            calls.failing("s138.up(3)", -Errno.EIO);
            calls.failing("s143.dn(3)", -Errno.ENOMEM);
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(calls.taken()).containsExactly("s143.dn(3)@3", "s138.dn(3)@3");
            assertThat(hotplug.addCpu(3)).isZero();
            assertThat(calls.taken()).containsExactly("s138.up(3)@3", "s143.up(3)@3");
            assertThat(cpus.active).hasToString("0-3");
        });
        assertThat(box.printed()).contains("CPU 3 DOWN state test:143 (143) failed (-12)",
                "CPU 3 UP state test:138 (138) failed (-5)");
    }

    @Test
    void aDeadCallbackThatFailsIsReportedAndTheCpuComesBackAsFarAsItCan() {
        box.expectWarning(CpuHotplug.DEAD_ERROR);
        run(() -> {
            threeStates();
            calls.failing("prep.dn(3)", -Errno.EIO);
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EIO);
            assertThat(cpus.online.testCpu(3)).isTrue();
            assertThat(cpus.active.testCpu(3)).isFalse();
            calls.succeeding();
            calls.taken();
            assertThat(hotplug.cpuUp(3)).isZero();
            assertThat(calls.taken()).containsExactly("a.up(3)@3", "b.up(3)@3", "c.up(3)@3");
            assertThat(cpus.active.testCpu(3)).isTrue();
        });
        assertThat(box.printed()).anyMatch(line -> line.endsWith("DEAD callback error for CPU3"));
    }

    @Test
    void callbacksThatThrowHaveFailed() {
        box.expectWarning(Warnings.THROWN);
        run(() -> {
            hotplug.setup().setupStateNocalls(DYN, "test", calls.up("a"), cpu -> {
                throw new NoClassDefFoundError("thrown on purpose");
            });
            hotplug.setup().setupStateNocalls(DYN, "test:higher", calls.up("b"), null);
            assertThat(hotplug.removeCpu(3)).isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("b.up(3)@3");
            assertThat(state(3)).isEqualTo(CpuhpState.ONLINE);
            hotplug.setup().removeStateNocalls(DYN);
            assertThat(hotplug.removeCpu(3)).isZero();
        });
    }

    @Test
    @Invariant(30)
    void dyingTellsTheDirectionOfTheMotionInEachCallback() {
        run(() -> {
            List<String> seen = new ArrayList<>();
            CpuhpCallback up = cpu -> {
                seen.add("up " + hotplug.cpuDying(3));
                return 0;
            };
            CpuhpCallback down = cpu -> {
                seen.add("down " + hotplug.cpuDying(3));
                return 0;
            };
            for (int state : new int[] {CpuhpState.XEN_PREPARE, CpuhpState.AP_ARM_XEN_STARTING, DYN}) {
                hotplug.setup().setupStateNocalls(state, "test:" + state, up, down);
            }
            assertThat(hotplug.removeCpu(3)).isZero();
            assertThat(hotplug.cpuDying(3)).isTrue();
            assertThat(seen).containsExactly("down true", "down true", "down true");
            seen.clear();
            hotplug.setup().setupStateNocalls(DYN, "test:fails", cpu -> -Errno.EIO, null);
            assertThat(hotplug.addCpu(3)).isEqualTo(-Errno.EIO);
            assertThat(seen).containsExactly("up false", "up false", "up false", "down true", "down true", "down true");
        });
    }
}
