package org.smp4j.hotplug;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.Errno;
import org.smp4j.testing.Invariant;

/** The engine by itself, on a CPU that the test plays; CPU 1 is the one that moves. */
class StepEngineTest {
    private static final int LOW = CpuhpState.XEN_PREPARE;
    private static final int MIDDLE = CpuhpState.BP_PREPARE_DYN;
    private static final int HIGH = CpuhpState.BP_PREPARE_DYN + 5;
    private static final int TOP = CpuhpState.BP_PREPARE_DYN_END;

    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private final Cpus cpus = new Cpus(BootParams.cpus(2).withPin(false), printed::add, null);
    private final CpuhpSteps steps = new CpuhpSteps(cpus.warnings);
    private final StepEngine engine = new StepEngine(cpus, steps);
    private final CpuhpCpuState st = new CpuhpCpuState(1, CpuhpState.OFFLINE);
    private final Callbacks calls = new Callbacks();
    private Sitter self;

    @BeforeEach
    void sit() {
        cpus.setCpuOnline(0, true);
        self = cpus.cpu(0).sit();
    }

    @AfterEach
    void standUp() {
        self.close();
    }

    private void step(int state, String name) {
        steps.set(state, CpuhpStep.single(name, calls.up(name), calls.down(name)));
    }

    private int up(int target) {
        engine.setState(st, target);
        return engine.range(true, st, target);
    }

    private int down(int target) {
        engine.setState(st, target);
        return engine.range(false, st, target);
    }

    @Test
    @Invariant(31)
    void upAscendsAndDownDescendsAndEmptyStepsAreSkipped() {
        step(LOW, "low");
        step(MIDDLE, "middle");
        step(HIGH, "high");
        steps.set(MIDDLE + 1, CpuhpStep.single("up only", calls.up("up only"), null));
        steps.set(MIDDLE + 2, CpuhpStep.single("down only", null, calls.down("down only")));
        steps.set(MIDDLE + 3, CpuhpStep.single("nothing", null, null));
        assertThat(up(TOP)).isZero();
        assertThat(calls.taken()).containsExactly("low.up(1)@0", "middle.up(1)@0", "up only.up(1)@0", "high.up(1)@0");
        assertThat(st.state).isEqualTo(TOP);
        assertThat(down(CpuhpState.OFFLINE)).isZero();
        assertThat(calls.taken()).containsExactly("high.dn(1)@0", "down only.dn(1)@0", "middle.dn(1)@0", "low.dn(1)@0");
        assertThat(st.state).isEqualTo(CpuhpState.OFFLINE);
    }

    @Test
    void theTargetItselfIsRunOnTheWayUpAndNotOnTheWayDown() {
        step(LOW, "low");
        step(MIDDLE, "middle");
        assertThat(up(MIDDLE)).isZero();
        assertThat(calls.taken()).containsExactly("low.up(1)@0", "middle.up(1)@0");
        assertThat(down(LOW)).isZero();
        assertThat(calls.taken()).containsExactly("middle.dn(1)@0");
        assertThat(st.state).isEqualTo(LOW);
    }

    @Test
    void theStateIsAdvancedBeforeItsCallbackRuns() {
        steps.set(MIDDLE, CpuhpStep.single("m", cpu -> st.state == MIDDLE ? 0 : -1, cpu -> st.state == MIDDLE - 1
                ? 0 : -1));
        assertThat(up(TOP)).isZero();
        assertThat(down(CpuhpState.OFFLINE)).isZero();
    }

    @Test
    @Invariant(32)
    void theStepThatFailedIsNotUndone() {
        step(LOW, "low");
        step(MIDDLE, "middle");
        step(HIGH, "high");
        calls.failing("middle.up(1)", -Errno.ENOMEM);
        assertThat(up(TOP)).isEqualTo(-Errno.ENOMEM);
        engine.resetState(st, CpuhpState.OFFLINE);
        assertThat(st.bringup).isFalse();
        assertThat(cpus.dying.testCpu(1)).isTrue();
        assertThat(engine.range(false, st, CpuhpState.OFFLINE)).isZero();
        assertThat(calls.taken()).containsExactly("low.up(1)@0", "middle.up(1)@0", "low.dn(1)@0");

        calls.succeeding();
        assertThat(up(TOP)).isZero();
        calls.taken();
        calls.failing("middle.dn(1)", -Errno.EIO);
        assertThat(down(CpuhpState.OFFLINE)).isEqualTo(-Errno.EIO);
        engine.resetState(st, TOP);
        assertThat(st.bringup).isTrue();
        assertThat(cpus.dying.testCpu(1)).isFalse();
        assertThat(engine.range(true, st, TOP)).isZero();
        assertThat(calls.taken()).containsExactly("high.dn(1)@0", "middle.dn(1)@0", "high.up(1)@0");
        assertThat(st.state).isEqualTo(TOP);
    }

    @Test
    void aSecondTurnAroundOnlyChangesTheTarget() {
        step(LOW, "low");
        engine.setState(st, TOP);
        engine.next(true, st, TOP);
        engine.resetState(st, CpuhpState.OFFLINE);
        int state = st.state;
        engine.resetState(st, CpuhpState.CREATE_THREADS);
        assertThat(st.state).isEqualTo(state);
        assertThat(st.bringup).isFalse();
        assertThat(st.target).isEqualTo(CpuhpState.CREATE_THREADS);
    }

    @Test
    @Invariant(35)
    void whereNothingMayFailItIsLoggedAndTheMotionGoesOn() {
        step(LOW, "low");
        step(MIDDLE, "middle");
        step(HIGH, "high");
        calls.failing("middle.up(1)", -Errno.ENOMEM);
        calls.failing("middle.dn(1)", -Errno.EIO);
        engine.setState(st, TOP);
        engine.rangeNofail(true, st, TOP);
        assertThat(calls.taken()).containsExactly("low.up(1)@0", "middle.up(1)@0", "high.up(1)@0");
        engine.setState(st, CpuhpState.OFFLINE);
        engine.rangeNofail(false, st, CpuhpState.OFFLINE);
        assertThat(calls.taken()).containsExactly("high.dn(1)@0", "middle.dn(1)@0", "low.dn(1)@0");
        assertThat(printed).containsExactly("CPU 1 UP state middle (64) failed (-12)",
                "CPU 1 DOWN state middle (64) failed (-5)");
    }

    @Test
    @Invariant(34)
    void anArmedStateFailsOnceAndItsCallbackDoesNotRun() {
        step(LOW, "low");
        step(MIDDLE, "middle");
        st.fail = MIDDLE;
        assertThat(up(TOP)).isEqualTo(-Errno.EAGAIN);
        assertThat(st.fail).isEqualTo(CpuhpState.INVALID);
        assertThat(calls.taken()).containsExactly("low.up(1)@0");
        assertThat(engine.invoke(st, MIDDLE, true, null, false)).isZero();
    }

    @Test
    void aStepWithoutCallbackIsAWarning() {
        assertThat(engine.invoke(st, MIDDLE, true, null, false)).isZero();
        assertThat(cpus.warnings.count(StepEngine.EMPTY)).isEqualTo(1);
    }

    @Test
    @Invariant(33)
    void instancesThatCannotBeUndoneAreAWarning() {
        steps.set(MIDDLE, instances("m", "x", "y", "z"));
        calls.failing("m.up(1,y)", -Errno.EIO);
        calls.failing("m.dn(1,z)", -Errno.EBUSY);
        assertThat(up(TOP)).isEqualTo(-Errno.EIO);
        assertThat(calls.taken()).containsExactly("m.up(1,z)@0", "m.up(1,y)@0", "m.dn(1,z)@0");
        assertThat(cpus.warnings.count(StepEngine.UNDO)).isEqualTo(1);
    }

    @Test
    @Invariant(33)
    void aPartialFailureIsTurnedBackAsFarAsItCame() {
        steps.set(LOW, instances("l", "x"));
        steps.set(MIDDLE, instances("m", "x", "y", "z"));
        engine.setState(st, TOP);
        int state = engine.next(true, st, TOP);
        assertThat(engine.invoke(st, state, true, null, true)).isZero();
        state = engine.next(true, st, TOP);
        calls.failing("m.up(1,x)", -Errno.EIO);
        assertThat(engine.invoke(st, state, true, null, true)).isEqualTo(-Errno.EIO);
        assertThat(st.last.node()).isEqualTo("x");
        engine.resetState(st, CpuhpState.OFFLINE);
        while ((state = engine.next(false, st, CpuhpState.OFFLINE)) != CpuhpState.INVALID) {
            assertThat(engine.invoke(st, state, false, null, true)).isZero();
        }
        assertThat(calls.taken()).containsExactly("l.up(1,x)@0", "m.up(1,z)@0", "m.up(1,y)@0", "m.up(1,x)@0",
                "m.dn(1,z)@0", "m.dn(1,y)@0", "l.dn(1,x)@0");
        assertThat(st.last).isNull();
    }

    private CpuhpStep instances(String name, String... nodes) {
        List<CpuhpStep.Instance> instances = new java.util.ArrayList<>();
        for (String node : nodes) {
            instances.addFirst(new CpuhpStep.Instance(node));
        }
        return CpuhpStep.multi(name, calls.multiUp(name), calls.multiDown(name)).with(instances);
    }

    /**
     * Whatever fails: what was started and not stopped is exactly what lies at or below the state in which the CPU
     * ends.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    @Invariant({31, 32})
    void eachStartupIsMatchedByOneTeardown(long seed) {
        Random random = new Random(seed);
        Map<Integer, Integer> started = new TreeMap<>();
        int[] failing = {CpuhpState.INVALID};
        for (int state = MIDDLE; state <= TOP; state++) {
            if (random.nextInt(3) == 0) {
                continue;
            }
            int here = state;
            steps.set(state, CpuhpStep.single("s" + state, cpu -> here == failing[0] ? -1 : change(started, here, 1),
                    cpu -> here == failing[0] ? -1 : change(started, here, -1)));
        }
        for (int turn = 0; turn < 200; turn++) {
            int from = st.state;
            int to = random.nextBoolean() ? CpuhpState.OFFLINE : MIDDLE + random.nextInt(TOP - MIDDLE + 1);
            failing[0] = random.nextInt(3) == 0 ? MIDDLE + random.nextInt(TOP - MIDDLE + 1) : CpuhpState.INVALID;
            engine.setState(st, to);
            boolean up = to > from;
            if (engine.range(up, st, to) != 0) {
                engine.resetState(st, from);
                failing[0] = CpuhpState.INVALID;
                assertThat(engine.range(!up, st, from)).isZero();
                assertThat(st.state).as("seed %d turn %d", seed, turn).isEqualTo(from);
            } else {
                assertThat(st.state).as("seed %d turn %d", seed, turn).isEqualTo(to);
            }
            for (int state = MIDDLE; state <= TOP; state++) {
                boolean there = steps.get(state).name() != null && state <= st.state;
                assertThat(started.getOrDefault(state, 0)).as("seed %d turn %d state %d", seed, turn, state)
                        .isEqualTo(there ? 1 : 0);
            }
        }
    }

    private static int change(Map<Integer, Integer> started, int state, int by) {
        started.merge(state, by, Integer::sum);
        return 0;
    }
}
