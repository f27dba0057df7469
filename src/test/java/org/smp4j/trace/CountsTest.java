package org.smp4j.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.smp4j.Machine;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Printk;
import org.smp4j.torture.Torture;
import org.smp4j.torture.TortureConfig;
import org.smp4j.torture.TortureParam;
import org.smp4j.torture.TortureResult;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/** No event is lost uncounted: what is recorded and what was overwritten make up what was emitted. */
class CountsTest {
    private static final int CPUS = 4;
    private static final SmpCallFunc NOTHING = SmpCallFunc.named("nothing", info -> { });

    private static void tortured(int millis, int capacity) throws InterruptedException {
        MachineTrace trace = new MachineTrace(CPUS, capacity, MachineTrace.USUAL);
        TortureConfig config = TortureConfig.cpus(CPUS).withSeed(1).with(TortureParam.ONOFF_INTERVAL, 100)
                .withBoot(BootParams.cpus(CPUS).withCsdlockDebug(true).withPin(false));
        Torture torture = new Torture(config, line -> { }, trace);
        Thread stopper = Thread.startVirtualThread(() -> {
            java.util.concurrent.locks.LockSupport.parkNanos(millis * 1_000_000L);
            torture.stop();
        });
        TortureResult result = torture.run();
        stopper.join();
        assertThat(result.failures()).isEmpty();
        balanced(trace.data(), capacity);
    }

    /** Recorded plus overwritten equals emitted, for each CPU; a ring that has overwritten events is full. */
    private static void balanced(TraceData data, int capacity) {
        for (int cpu = 0; cpu < CPUS; cpu++) {
            int of = cpu;
            long recorded = data.events().stream().filter(event -> event.cpu() == of).count();
            long overwritten = data.overwritten().get(cpu);
            assertThat(recorded + overwritten).as("CPU %d", cpu).isEqualTo(data.emitted().get(cpu)).isPositive();
            assertThat(overwritten == 0 || recorded == capacity).as("CPU %d: %d left", cpu, recorded).isTrue();
        }
        assertThat(data.lost()).isPositive();
    }

    @Test
    void tortureForHalfASecond() throws InterruptedException {
        tortured(500, 16);
    }

    @Test
    @Tag("soak")
    void tortureForTenSeconds() throws InterruptedException {
        tortured(10_000, MachineTrace.CAPACITY);
    }

    /** The count is taken by the machine itself too: every interrupt that a CPU has counted is an event. */
    @Test
    void everyInterruptIsAnEvent() throws InterruptedException {
        MachineTrace trace = new MachineTrace(2, 1 << 16, EnumSet.of(EventType.IPI_ENTRY, EventType.IRQ_HANDLER_ENTRY));
        AtomicLongArray counted = new AtomicLongArray(2);
        Machine[] booted = new Machine[1];
        TracedMachine.run(2, trace, machine -> {
            booted[0] = machine;
            for (int i = 0; i < 50; i++) {
                machine.smp().smpCallFunctionSingle(1, NOTHING, null, true);
            }
        });
        for (int cpu = 0; cpu < 2; cpu++) {
            counted.set(cpu, booted[0].cpus().cpu(cpu).irqStats().total());
        }
        assertThat(trace.data().emitted()).containsExactly(counted.get(0), counted.get(1));
        assertThat(trace.data().lost()).isZero();
    }

    private static Cpus played(EventSink tracer) {
        Cpus cpus = new Cpus(BootParams.cpus(300).withPin(false), Printk.NONE, null, tracer);
        for (int cpu = 0; cpu < 300; cpu++) {
            cpus.setCpuOnline(cpu, true);
        }
        return cpus;
    }

    @Test
    void ringKeepsTheLatestInOrder() {
        MachineTrace trace = new MachineTrace(300, 4, EnumSet.allOf(EventType.class));
        Cpus cpus = played(trace);
        try (Sitter sitter = cpus.cpu(0).sit()) {
            assertThat(sitter.seat()).isNotNull();
            for (int i = 0; i < 9; i++) {
                trace.schedWakeIdleWithoutIpi(i);
            }
        }
        TraceData data = trace.data();
        assertThat(data.events()).extracting(event -> event.number("cpu")).containsExactly(5, 6, 7, 8);
        assertThat(data.emitted().getFirst()).isEqualTo(9);
        assertThat(data.overwritten().getFirst()).isEqualTo(5);
    }

    @Test
    void maskOfManyCpusIsAnEventPer128OfThem() {
        MachineTrace trace = new MachineTrace(300, 16, EnumSet.allOf(EventType.class));
        Cpus cpus = played(trace);
        try (Sitter sitter = cpus.cpu(0).sit()) {
            assertThat(sitter.seat()).isNotNull();
            org.smp4j.lib.CpuMask mask = org.smp4j.lib.CpuMask.of(300, 1);
            mask.setCpu(65);
            mask.setCpu(299);
            trace.ipiSendCpumask(mask, "callback");
            trace.ipiRaise(130, "reason");
        }
        List<String> text = trace.data().events().stream().map(TraceEvent::text).toList();
        assertThat(text).hasSize(3);
        assertThat(text.get(0)).isEqualTo("cpumask=2,00000000,00000002 callsite=0x0 callback=callback+0x0/0x0");
        assertThat(text.get(1)).startsWith("cpumask=800,").endsWith(" callsite=0x0 callback=callback+0x0/0x0");
        assertThat(text.get(2)).isEqualTo("target_mask=4,00000000,00000000,00000000,00000000 (reason)");
    }

    @Test
    void onlyWhatIsWantedIsRecorded() {
        MachineTrace trace = new MachineTrace(300, 16, EnumSet.of(EventType.PREEMPT_DISABLE));
        Cpus cpus = played(trace);
        try (Sitter sitter = cpus.cpu(7).sit()) {
            Cpu here = sitter.seat();
            here.preemptCountAdd(1);
            here.preemptCountAdd(1);
            here.preemptCountSub(1);
            here.preemptCountSub(1);
            here.irqRestore(here.irqSave());
        }
        assertThat(trace.data().events()).extracting(TraceEvent::type).containsExactly(EventType.PREEMPT_DISABLE);
        assertThat(trace.data().events().getFirst().context().five()).isEqualTo("...1.");
    }

    @Test
    void wrongUseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MachineTrace(2, 3, MachineTrace.USUAL))
                .withMessageContaining("power of two");
        assertThatIllegalStateException().isThrownBy(() -> played(new MachineTrace(300)).setEvents(new EventSink() {
        })).withMessageContaining("tracer");
        assertThatThrownBy(() -> new TraceEvent(0, 0, 0, "", null, EventType.IPI_ENTRY, List.of("r")).value("cpu"))
                .hasMessageContaining("no field cpu");
    }

    /** A function that is made anew for each call costs no memory: it counts as its class. */
    @Test
    void functionsWithoutNamesCountAsTheirClass() {
        MachineTrace trace = new MachineTrace(300, 16, EnumSet.allOf(EventType.class));
        Cpus cpus = played(trace);
        try (Sitter sitter = cpus.cpu(0).sit()) {
            assertThat(sitter.seat()).isNotNull();
            for (int i = 0; i < 10_000; i++) {
                int each = i;
                SmpCallFunc func = SmpCallFunc.named("f" + each, info -> { });
                trace.csdFunctionEntry(func, null);
            }
        }
        assertThat(trace.data().events().getLast().text()).startsWith("func=").doesNotContain("f9999")
                .endsWith(", csd=0000000000000000");
    }
}
