package org.smp4j.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.oracle.Probe.afterAll;
import static org.smp4j.oracle.Probe.edge;
import static org.smp4j.testing.Players.until;
import static org.smp4j.testing.Players.untilWithoutPoll;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.hotplug.CpuHotplug;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpMultiCallback;
import org.smp4j.hotplug.CpuhpSetup;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Errno;
import org.smp4j.testing.TestMachine;

/**
 * The hotplug programs of {@code oracle/README.md}, each named after its probe. They build on each other: each test
 * runs those before it too, and compares the last.
 */
class HotplugProbeTest {
    private static final int CPUS = 4;
    private static final Object NO_INFO = null;

    // Written by: the program, between two steps. Read by: callbacks. Ordering: volatile.
    private volatile ProbeLog log = new ProbeLog();

    // Written by: the program. Read by: callbacks of state 3. Ordering: volatile.
    private volatile int teardown3;

    // Written by: the program. Read by: callbacks of state 3. Ordering: volatile.
    private volatile int startup3;

    private int state2;
    private int state3;
    private int state4;
    private int multiState;
    private String name;
    private TestMachine box;
    private Machine machine;
    private Cpus cpus;
    private CpuHotplug hotplug;
    private CpuhpSetup setup;

    @BeforeEach
    void boot(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        box = TestMachine.boot(CPUS);
        machine = box.machine();
        cpus = machine.cpus();
        hotplug = machine.hotplug();
        setup = hotplug.setup();
    }

    @AfterEach
    void close() {
        box.close();
    }

    /** Runs the programs as a task on CPU 0, and compares what the last one logged. */
    private void probe(Runnable[] programs, Probe.Edge... edges) {
        box.run(0, () -> {
            for (Runnable program : programs) {
                log = new ProbeLog();
                program.run();
            }
        });
        assertThat(Probe.named(name).differences(log.entries(), edges)).isEmpty();
    }

    private static Runnable[] programs(Runnable... programs) {
        return programs;
    }

    private void ret(int value) {
        log.note("ret", value);
    }

    private CpuhpCallback shows(String callback) {
        return cpu -> {
            log.callback(callback, cpu, cpus);
            return 0;
        };
    }

    private CpuhpCallback notes(String callback) {
        return cpu -> {
            log.at(callback + "(" + cpu + ")");
            return 0;
        };
    }

    // ---- states ----

    private void setupPrepare() {
        log.note("s1ok", setup.setupState(CpuhpState.BP_PREPARE_DYN, "probe:1", shows("up1"), shows("dn1")) > 0);
    }

    private void setupOnline2() {
        state2 = setup.setupState(CpuhpState.AP_ONLINE_DYN, "probe:2", shows("up2"), shows("dn2"));
        log.note("s2ok", state2 > 0);
    }

    private void setupOnline3Nocalls() {
        state3 = setup.setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "probe:3", cpu -> {
            notes("up3").call(cpu);
            return startup3;
        }, cpu -> {
            notes("dn3").call(cpu);
            return teardown3;
        });
        log.note("s3-s2", state3 - state2);
    }

    private void setupOnline4() {
        state4 = setup.setupState(CpuhpState.AP_ONLINE_DYN, "probe:4", notes("up4"), notes("dn4"));
        log.note("s4-s2", state4 - state2);
    }

    private void allStates() {
        setupPrepare();
        setupOnline2();
        setupOnline3Nocalls();
        setupOnline4();
    }

    @Test
    void setup_prepare() {
        probe(programs(this::setupPrepare));
    }

    @Test
    void setup_online2() {
        probe(programs(this::setupPrepare, this::setupOnline2), afterAll("s2ok=1"));
    }

    @Test
    void setup_online3_nocalls() {
        probe(programs(this::setupPrepare, this::setupOnline2, this::setupOnline3Nocalls));
    }

    @Test
    void setup_online4() {
        probe(programs(this::allStates, () -> {
            setup.removeStateNocalls(state4);
        }, this::setupOnline4), afterAll("s4-s2=2"));
    }

    // ---- down and up ----

    private void down() {
        ret(hotplug.removeCpu(3));
    }

    private void up() {
        ret(hotplug.addCpu(3));
    }

    private void downThatFails() {
        teardown3 = -Errno.EAGAIN;
        down();
        teardown3 = 0;
        log.note("online=" + cpus.online);
    }

    private void upThatFails() {
        startup3 = -Errno.EIO;
        up();
        startup3 = 0;
        log.note("online=" + cpus.online);
    }

    @Test
    void cpu_down_3() {
        probe(programs(this::allStates, this::down), edge("dn2(3)@3+online-active", "dn1(3)@0-online-active"),
                afterAll("ret=0"));
    }

    @Test
    void single_offline() {
        probe(programs(this::allStates, this::down,
                () -> ret(machine.smp().smpCallFunctionSingle(3, log.logsContext("offline"), NO_INFO, true))));
    }

    @Test
    void stop_one_cpu_offline() {
        probe(programs(this::allStates, this::down, () -> ret(machine.stopMachine().stopOneCpu(3, arg -> {
            log.context("one");
            return 7;
        }, NO_INFO))));
    }

    @Test
    void cpu_down_again() {
        probe(programs(this::allStates, this::down, this::down));
    }

    @Test
    void cpu_up_3() {
        probe(programs(this::allStates, this::down, this::up), edge("up1(3)@0-online-active", "up2(3)@3+online-active"),
                afterAll("ret=0"));
    }

    @Test
    void cpu_up_again() {
        probe(programs(this::allStates, this::down, this::up, this::up));
    }

    @Test
    void cpu_down_teardown3_fails() {
        probe(programs(this::allStates, this::down, this::up, this::downThatFails), afterAll("ret=-11"));
    }

    @Test
    void cpu_up_startup3_fails() {
        probe(programs(this::allStates, this::down, this::up, this::downThatFails, this::down, this::upThatFails),
                edge("up1(3)@0-online-active", "up2(3)@3+online-active"),
                edge("dn2(3)@3+online-active", "dn1(3)@0-online-active"), afterAll("ret=-5"));
    }

    @Test
    void cpu_up_ok() {
        probe(programs(this::allStates, this::down, this::up, this::downThatFails, this::down, this::upThatFails,
                this::up), edge("up1(3)@0-online-active", "up2(3)@3+online-active"), afterAll("ret=0"));
    }

    // ---- instances ----

    private void multiSetup() {
        allStates();
        setup.removeState(state4);
        setup.removeState(state3);
        CpuhpMultiCallback startup = (cpu, node) -> notes("mup" + node).call(cpu);
        CpuhpMultiCallback teardown = (cpu, node) -> notes("mdn" + node).call(cpu);
        multiState = setup.setupStateMulti(CpuhpState.AP_ONLINE_DYN, "probe:multi", startup, teardown);
    }

    private Runnable add(int node) {
        return () -> ret(setup.addInstance(multiState, node));
    }

    @Test
    void multi_add_1() {
        probe(programs(this::multiSetup, add(1)), afterAll("ret=0"));
    }

    @Test
    void multi_add_2() {
        probe(programs(this::multiSetup, add(1), add(2)), afterAll("ret=0"));
    }

    @Test
    void multi_add_3() {
        probe(programs(this::multiSetup, add(1), add(2), add(3)), afterAll("ret=0"));
    }

    @Test
    void multi_cpu_down_3() {
        probe(programs(this::multiSetup, add(1), add(2), add(3), this::down),
                edge("dn2(3)@3+online-active", "dn1(3)@0-online-active"), afterAll("ret=0"));
    }

    @Test
    void multi_cpu_up_3() {
        probe(programs(this::multiSetup, add(1), add(2), add(3), this::down, this::up),
                edge("up1(3)@0-online-active", "up2(3)@3+online-active"), afterAll("ret=0"));
    }

    // ---- sections ----

    private CpuhpCallback inContext(String callback) {
        return cpu -> {
            log.callbackInContext(callback, cpu, cpus);
            return 0;
        };
    }

    private void sectionStates(CpuhpCallback startHighTeardown) {
        setup.setupStateNocalls(CpuhpState.XEN_PREPARE, "probe:prep", inContext("prep.up"), inContext("prep.dn"));
        setup.setupStateNocalls(CpuhpState.AP_ARM_XEN_STARTING, "probe:startlo", inContext("startlo.up"),
                inContext("startlo.dn"));
        setup.setupStateNocalls(CpuhpState.AP_ARM_CACHE_B15_RAC_DYING, "probe:starthi", inContext("starthi.up"),
                startHighTeardown);
        setup.setupStateNocalls(CpuhpState.AP_ONLINE_DYN, "probe:on", inContext("on.up"), inContext("on.dn"));
    }

    private static final String ON_DN = "on.dn(3)@3+online-active+dying irqs_off=0 pc=0";
    private static final String START_HI_DN = "starthi.dn(3)@3-online-active+dying irqs_off=1 pc=1";
    private static final String START_LO_DN = "startlo.dn(3)@3-online-active+dying irqs_off=1 pc=1";
    private static final String PREP_DN = "prep.dn(3)@0-online-active+dying irqs_off=0 pc=0";

    @Test
    void sections_cpu_down_3() {
        probe(programs(() -> sectionStates(inContext("starthi.dn")), this::down), edge(START_LO_DN, PREP_DN),
                afterAll("ret=0"));
    }

    @Test
    void sections_cpu_up_3() {
        probe(programs(() -> sectionStates(inContext("starthi.dn")), this::down, this::up),
                edge("prep.up(3)@0-online-active-dying irqs_off=0 pc=0", "startlo.up(3)@3-online-active-dying "
                + "irqs_off=1 pc=1"), afterAll("ret=0"));
    }

    @Test
    void dying_flushes_irq_work() {
        IrqWork work = IrqWork.of(w -> log.irqWork(w));
        probe(programs(() -> sectionStates(cpu -> {
            inContext("starthi.dn").call(cpu);
            log.note("queue", machine.irqWorks().irqWorkQueue(work));
            log.note("selfret", machine.smp().smpCallFunctionSingle(cpu, log.logsAt("selfcall"), NO_INFO, true));
            log.note("remote0", machine.smp().smpCallFunctionSingleAsync(0, new Csd(log.logsAt("fromdying"), NO_INFO)));
            return 0;
        }), this::down), edge(ON_DN, START_HI_DN), edge("remote0=0", "fromdying@0"), edge(START_LO_DN, PREP_DN),
                afterAll("ret=0"));
    }

    // ---- senders and waiters ----

    @Test
    void preempt_off_sender_vs_cpu_down() {
        probe(programs(() -> {
            box.start(1, "preempt-off", () -> {
                Preempt.disable();
                log.at("pd_in");
                log.note("online3", cpus.online.testCpu(3));
                // A grace period comes before the stop and waits for this CPU as well: that CPU 0 waits is as far as
                // the take-down gets.
                until(() -> log.has("down_call@0") && machine.scheduler().curr(0).isIdleTask());
                log.note("later");
                log.note("online3", cpus.online.testCpu(3));
                log.note("call.ret", machine.smp().smpCallFunctionSingle(3, log.logsAt("call"), NO_INFO, false));
                Preempt.enable();
            });
            until(() -> log.has("pd_in@1") && log.has("online3=1"));
            log.at("down_call");
            down();
            log.note("online3", cpus.online.testCpu(3));
        }), edge("pd_in@1", "down_call@0"), edge("online3=1#1", "down_call@0"), edge("down_call@0", "later"),
                edge("call@3", "ret=0"), edge("call.ret=0", "ret=0"), edge("ret=0", "online3=0"));
    }

    @Test
    void sync_waiter_vs_cpu_down() {
        AtomicBoolean release = new AtomicBoolean();
        AtomicBoolean waits = new AtomicBoolean();
        probe(programs(() -> {
            box.start(3, "spinner", () -> {
                boolean flags = LocalIrq.save();
                log.at("irqs_off");
                untilWithoutPoll(release::get);
                log.at("irqs_on");
                LocalIrq.restore(flags);
            });
            until(() -> log.has("irqs_off@3"));
            box.start(1, "waiter", () -> {
                log.note("sync.ret", machine.smp().smpCallFunctionSingle(3, log.logsAt("sync"), NO_INFO, true));
                waits.set(true);
            });
            until(() -> !cpus.cpu(3).callSingleQueue().isEmpty());
            box.start(2, "releaser", () -> {
                until(() -> log.has("down_call@0") && machine.scheduler().curr(0).isIdleTask());
                log.at("release");
                release.set(true);
            });
            log.at("down_call");
            down();
            until(waits::get);
        }), edge("irqs_off@3", "down_call@0"), edge("down_call@0", "release@2"), edge("release@2", "irqs_on@3"),
                edge("sync@3", "sync.ret=0"), edge("sync@3", "ret=0"));
    }
}
