package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Task;
import org.smp4j.testing.Invariant;
import org.smp4j.testing.TestMachine;

class CpuhpSetupTest {
    private static final int DYN = CpuhpState.AP_ONLINE_DYN;

    private final TestMachine box = TestMachine.boot(3);
    private final CpuHotplug hotplug = box.machine().hotplug();
    private final CpuhpSetup setup = hotplug.setup();
    private final Callbacks calls = new Callbacks();

    @AfterEach
    void close() {
        box.close();
    }

    private void run(Runnable body) {
        box.run(0, body);
    }

    @Test
    void setupOfAStaticStateReturnsZeroAndCallsEachCpuOnItsHotplugThread() {
        run(() -> {
            String[] comms = new String[3];
            assertThat(setup.setupState(CpuhpState.AP_PERF_ONLINE, "test:static", cpu -> {
                comms[cpu] = Task.current().comm() + "@" + Cpu.rawSmpProcessorId();
                return 0;
            }, null)).isZero();
            assertThat(comms).containsExactly("cpuhp/0@0", "cpuhp/1@1", "cpuhp/2@2");
        });
    }

    @Test
    void setupOfAPrepareStateCallsOnTheCaller() {
        run(() -> {
            assertThat(setup.setupState(CpuhpState.XEN_PREPARE, "test:prepare", calls.up("a"), null)).isZero();
            assertThat(calls.taken()).containsExactly("a.up(0)@0", "a.up(1)@0", "a.up(2)@0");
        });
    }

    @Test
    void dynamicStatesTakeTheLowestFreeSlot() {
        run(() -> {
            int first = setup.setupState(DYN, "test:1", null, null);
            int second = setup.setupState(DYN, "test:2", null, null);
            assertThat(first).isEqualTo(DYN);
            assertThat(second).isEqualTo(DYN + 1);
            setup.removeState(first);
            assertThat(setup.setupState(DYN, "test:3", null, null)).isEqualTo(first);
            assertThat(setup.setupState(CpuhpState.BP_PREPARE_DYN, "test:4", null, null))
                    .isEqualTo(CpuhpState.BP_PREPARE_DYN);
        });
    }

    @Test
    void statesOutsideAreInvalidAndSoIsNoName() {
        run(() -> {
            assertThat(setup.setupState(CpuhpState.OFFLINE, "test", null, null)).isEqualTo(-Errno.EINVAL);
            assertThat(setup.setupState(CpuhpState.INVALID, "test", null, null)).isEqualTo(-Errno.EINVAL);
            assertThat(setup.setupState(CpuhpState.ONLINE, "test", null, null)).isEqualTo(-Errno.EINVAL);
            assertThat(setup.setupState(CpuhpState.ONLINE + 1, "test", null, null)).isEqualTo(-Errno.EINVAL);
            assertThat(setup.setupState(DYN, null, calls.up("a"), null)).isEqualTo(-Errno.EINVAL);
            assertThat(setup.setupStateMulti(DYN, null, null, null)).isEqualTo(-Errno.EINVAL);
            assertThat(calls.taken()).isEmpty();
        });
    }

    @Test
    void aNamedSlotIsBusy() {
        run(() -> {
            assertThat(setup.setupState(CpuhpState.SMPCFD_PREPARE, "test", calls.up("a"), null))
                    .isEqualTo(-Errno.EBUSY);
            assertThat(setup.setupState(CpuhpState.XEN_PREPARE, "test", null, null)).isZero();
            assertThat(setup.setupStateNocalls(CpuhpState.XEN_PREPARE, "test", null, null)).isEqualTo(-Errno.EBUSY);
            assertThat(calls.taken()).isEmpty();
        });
    }

    @Test
    void dynamicSlotsRunOutInBothSections() {
        box.expectWarning(CpuhpSteps.NO_MORE);
        run(() -> {
            for (int slot = DYN; slot <= CpuhpState.AP_ONLINE_DYN_END; slot++) {
                assertThat(setup.setupState(DYN, "test:" + slot, null, null)).isEqualTo(slot);
            }
            assertThat(setup.setupState(DYN, "test:one more", calls.up("a"), null)).isEqualTo(-Errno.ENOSPC);
            for (int slot = CpuhpState.BP_PREPARE_DYN; slot <= CpuhpState.BP_PREPARE_DYN_END; slot++) {
                assertThat(setup.setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "test:" + slot, null, null))
                        .isEqualTo(slot);
            }
            assertThat(setup.setupStateMulti(CpuhpState.BP_PREPARE_DYN, "test:one more", null, null))
                    .isEqualTo(-Errno.ENOSPC);
            assertThat(box.machine().warnings().count(CpuhpSteps.NO_MORE)).isEqualTo(2);
            assertThat(calls.taken()).isEmpty();
        });
        assertThat(box.printed()).anyMatch(line -> line.endsWith("No more dynamic states available for CPU hotplug"));
    }

    @Test
    void aStartupThatFailsIsUndoneOnTheCpusBeforeItAndTheSlotIsFree() {
        run(() -> {
            calls.failing("a.up(2)", -Errno.ENOMEM);
            assertThat(setup.setupState(DYN, "test", calls.up("a"), calls.down("a"))).isEqualTo(-Errno.ENOMEM);
            assertThat(calls.taken()).containsExactly("a.up(0)@0", "a.up(1)@1", "a.up(2)@2", "a.dn(0)@0", "a.dn(1)@1");
            assertThat(setup.setupState(DYN, "test", calls.up("b"), null)).isEqualTo(DYN);
        });
    }

    @Test
    void aStartupThatFailsIsNotUndoneWithoutTeardown() {
        run(() -> {
            calls.failing("a.up(1)", -Errno.EIO);
            assertThat(setup.setupState(CpuhpState.XEN_PREPARE, "test", calls.up("a"), null)).isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("a.up(0)@0", "a.up(1)@0");
            assertThat(setup.setupState(CpuhpState.XEN_PREPARE, "test", null, null)).isZero();
        });
    }

    @Test
    void aStartupThatThrowsHasFailed() {
        box.expectWarning(Warnings.THROWN);
        run(() -> {
            assertThat(setup.setupState(DYN, "test", cpu -> {
                throw new StackOverflowError("thrown on purpose");
            }, null)).isEqualTo(-Errno.EIO);
            assertThat(setup.setupState(DYN, "test", calls.up("a"), null)).as("the hotplug threads live on")
                    .isEqualTo(DYN);
            assertThat(calls.taken()).hasSize(3);
        });
    }

    @Test
    void nocallsCallsNothing() {
        run(() -> {
            int slot = setup.setupStateNocalls(DYN, "test", calls.up("a"), calls.down("a"));
            setup.removeStateNocalls(slot);
            assertThat(calls.taken()).isEmpty();
        });
    }

    @Test
    void aStateOnlyConcernsCpusThatAreBeyondIt() {
        run(() -> {
            assertThat(hotplug.removeCpu(2)).isZero();
            int slot = setup.setupState(DYN, "test:ap", calls.up("a"), calls.down("a"));
            assertThat(setup.setupState(CpuhpState.XEN_PREPARE, "test:bp", calls.up("b"), calls.down("b"))).isZero();
            assertThat(calls.taken()).containsExactly("a.up(0)@0", "a.up(1)@1", "b.up(0)@0", "b.up(1)@0");
            assertThat(hotplug.addCpu(2)).isZero();
            assertThat(calls.taken()).containsExactly("b.up(2)@0", "a.up(2)@2");
            setup.removeState(slot);
            setup.removeState(CpuhpState.XEN_PREPARE);
            assertThat(calls.taken()).containsExactly("a.dn(0)@0", "a.dn(1)@1", "a.dn(2)@2", "b.dn(0)@0", "b.dn(1)@0",
                    "b.dn(2)@0");
        });
    }

    @Test
    void startingStatesAreCalledWithIrqsOffOnTheHotplugThread() {
        run(() -> {
            List<String> seen = new ArrayList<>();
            assertThat(setup.setupState(CpuhpState.AP_ARM_XEN_STARTING, "test", cpu -> {
                seen.add(Task.current().comm() + (Cpu.current().irqsDisabled() ? " irqs off" : " irqs on"));
                return 0;
            }, null)).isZero();
            assertThat(seen).containsExactly("cpuhp/0 irqs off", "cpuhp/1 irqs off", "cpuhp/2 irqs off");
        });
    }

    @Test
    void aStartingStateThatFailsAtSetupWarnsAndReturnsItsError() {
        box.expectWarning(CpuhpThread.ATOMIC_FAILED);
        run(() -> {
            calls.failing("a.up(1)", -Errno.EIO);
            assertThat(setup.setupState(CpuhpState.AP_ARM_XEN_STARTING, "test", calls.up("a"), calls.down("a")))
                    .isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("a.up(0)@0", "a.up(1)@1", "a.dn(0)@0");
        });
    }

    @Test
    void cpuslockedFormsAssertTheLock() {
        box.expectWarning(CpuHotplugLock.NOT_HELD);
        run(() -> {
            box.machine().cpuHotplugLock().cpusReadLock();
            int slot = setup.setupStateCpuslocked(DYN, "test:1", calls.up("a"), calls.down("a"));
            int nocalls = setup.setupStateNocallsCpuslocked(DYN, "test:2", calls.up("b"), calls.down("b"));
            setup.removeStateNocallsCpuslocked(nocalls);
            setup.removeStateCpuslocked(slot);
            box.machine().cpuHotplugLock().cpusReadUnlock();
            assertThat(calls.taken()).hasSize(6).allMatch(call -> call.startsWith("a."));
            assertThat(box.machine().warnings().count()).isZero();
            setup.setupStateCpuslocked(DYN, "test:3", null, null);
        });
    }

    @Test
    void whatTheMachineNeedsIsNotRemoved() {
        run(() -> {
            assertThatThrownBy(() -> setup.removeState(CpuhpState.OFFLINE))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> setup.removeState(CpuhpState.ONLINE)).isInstanceOf(IllegalArgumentException.class);
            assertThat(setup.setupState(DYN, "test", null, null)).as("the locks are free").isPositive();
        });
    }

    // ---- instances ----

    @Test
    void instancesAreCalledNewestFirstBothWays() {
        run(() -> {
            int state = setup.setupStateMulti(DYN, "test", calls.multiUp("a"), calls.multiDown("a"));
            assertThat(setup.addInstance(state, "x")).isZero();
            assertThat(calls.taken()).containsExactly("a.up(0,x)@0", "a.up(1,x)@1", "a.up(2,x)@2");
            assertThat(setup.addInstanceNocalls(state, "y")).isZero();
            assertThat(calls.taken()).isEmpty();
            assertThat(hotplug.removeCpu(2)).isZero();
            assertThat(calls.taken()).containsExactly("a.dn(2,y)@2", "a.dn(2,x)@2");
            assertThat(hotplug.addCpu(2)).isZero();
            assertThat(calls.taken()).containsExactly("a.up(2,y)@2", "a.up(2,x)@2");
            assertThat(setup.removeInstance(state, "x")).isZero();
            assertThat(calls.taken()).containsExactly("a.dn(0,x)@0", "a.dn(1,x)@1", "a.dn(2,x)@2");
            assertThat(setup.removeInstanceNocalls(state, "y")).isZero();
            setup.removeMultiState(state);
            assertThat(calls.taken()).isEmpty();
        });
    }

    @Test
    void onlyAStateWithInstancesHasSome() {
        run(() -> {
            int single = setup.setupState(DYN, "test", calls.up("a"), calls.down("a"));
            calls.taken();
            assertThat(setup.addInstance(single, "x")).isEqualTo(-Errno.EINVAL);
            assertThat(setup.addInstanceNocalls(single, "x")).isEqualTo(-Errno.EINVAL);
            assertThat(setup.removeInstance(single, "x")).isEqualTo(-Errno.EINVAL);
            assertThat(setup.removeInstanceNocalls(single, "x")).isEqualTo(-Errno.EINVAL);
            int multi = setup.setupStateMulti(DYN, "test:multi", calls.multiUp("b"), calls.multiDown("b"));
            assertThat(setup.removeInstance(multi, "x")).isEqualTo(-Errno.EINVAL);
            assertThat(calls.taken()).isEmpty();
        });
    }

    @Test
    @Invariant(33)
    void anInstanceWhoseStartupFailsIsUndoneAndNotAdded() {
        run(() -> {
            int state = setup.setupStateMulti(DYN, "test", calls.multiUp("a"), calls.multiDown("a"));
            calls.failing("a.up(1,x)", -Errno.EIO);
            assertThat(setup.addInstance(state, "x")).isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("a.up(0,x)@0", "a.up(1,x)@1", "a.dn(0,x)@0");
            assertThat(hotplug.removeCpu(1)).isZero();
            assertThat(hotplug.addCpu(1)).isZero();
            assertThat(calls.taken()).as("it is not there").isEmpty();
        });
    }

    @Test
    @Invariant(33)
    void whenAnInstanceFailsOnTheWayDownThoseBeforeItAreStartedAgain() {
        run(() -> {
            int state = threeInstances();
            calls.failing("a.dn(2,y)", -Errno.EIO);
            assertThat(hotplug.removeCpu(2)).isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("a.dn(2,z)@2", "a.dn(2,y)@2", "a.up(2,z)@2");
            assertThat(hotplug.files().state(2)).isEqualTo(CpuhpState.ONLINE);
            assertThat(state).isPositive();
        });
    }

    @Test
    @Invariant(33)
    void whenAnInstanceFailsOnTheWayUpThoseBeforeItAreStopped() {
        run(() -> {
            threeInstances();
            assertThat(hotplug.removeCpu(2)).isZero();
            calls.taken();
            calls.failing("a.up(2,x)", -Errno.EIO);
            assertThat(hotplug.addCpu(2)).isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("a.up(2,z)@2", "a.up(2,y)@2", "a.up(2,x)@2", "a.dn(2,z)@2",
                    "a.dn(2,y)@2");
            assertThat(hotplug.files().state(2)).isEqualTo(CpuhpState.OFFLINE);
        });
    }

    @Test
    @Invariant(33)
    void whenAnInstanceOfAPrepareStateFailsThoseBeforeItAreStopped() {
        run(() -> {
            assertThat(setup.setupStateMulti(CpuhpState.XEN_PREPARE, "test", calls.multiUp("a"), calls.multiDown("a")))
                    .isZero();
            for (String instance : List.of("x", "y", "z")) {
                assertThat(setup.addInstanceNocalls(CpuhpState.XEN_PREPARE, instance)).isZero();
            }
            assertThat(hotplug.removeCpu(2)).isZero();
            calls.taken();
            calls.failing("a.up(2,x)", -Errno.ENOMEM);
            assertThat(hotplug.addCpu(2)).isEqualTo(-Errno.ENOMEM);
            assertThat(calls.taken()).containsExactly("a.up(2,z)@0", "a.up(2,y)@0", "a.up(2,x)@0", "a.dn(2,z)@0",
                    "a.dn(2,y)@0");
        });
    }

    @Test
    @Invariant(33)
    void equalInstancesAndOneInSeveralStatesAreTakenForThemselves() {
        run(() -> {
            Object shared = new String("x");
            int lower = setup.setupStateMulti(DYN, "test:lower", calls.multiUp("a"), calls.multiDown("a"));
            int upper = setup.setupStateMulti(DYN, "test:upper", calls.multiUp("b"), null);
            setup.addInstanceNocalls(lower, new String("x"));
            setup.addInstanceNocalls(lower, shared);
            setup.addInstanceNocalls(upper, shared);
            assertThat(hotplug.removeCpu(2)).isZero();
            calls.taken();
            calls.failing("b.up(2,x)", -Errno.EIO);
            assertThat(hotplug.addCpu(2)).isEqualTo(-Errno.EIO);
            assertThat(calls.taken()).containsExactly("a.up(2,x)@2", "a.up(2,x)@2", "b.up(2,x)@2", "a.dn(2,x)@2",
                    "a.dn(2,x)@2");
        });
    }

    private int threeInstances() {
        int state = setup.setupStateMulti(DYN, "test", calls.multiUp("a"), calls.multiDown("a"));
        for (String instance : List.of("x", "y", "z")) {
            assertThat(setup.addInstanceNocalls(state, instance)).isZero();
        }
        return state;
    }

    @Test
    void aStateWithInstancesLeftIsRemovedWithAWarning() {
        box.expectWarning(CpuhpSetup.INSTANCES_LEFT);
        run(() -> {
            int state = threeInstances();
            setup.removeMultiState(state);
            assertThat(calls.taken()).isEmpty();
            assertThat(setup.setupState(DYN, "test", null, null)).isEqualTo(state);
        });
    }
}
