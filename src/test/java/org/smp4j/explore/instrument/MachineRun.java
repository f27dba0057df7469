package org.smp4j.explore.instrument;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.smp4j.Machine;
import org.smp4j.lib.BootParams;

/** A short life of a machine. */
public final class MachineRun implements Supplier<String> {
    private int went;

    @Override
    public String get() {
        AtomicInteger calls = new AtomicInteger();
        StringBuilder out = new StringBuilder();
        try (Machine machine = Machine.boot(BootParams.cpus(3).with("idle=halt pin=none"))) {
            machine.run(0, () -> {
                machine.smp().onEachCpu(_ -> calls.incrementAndGet(), null, true);
                out.append(machine.hotplug().cpuDown(1)).append(' ');
                machine.smp().onEachCpu(_ -> calls.incrementAndGet(), null, true);
                out.append(machine.smp().smpCallFunctionSingle(2, _ -> went++, null, true)).append(' ');
                out.append(machine.hotplug().cpuUp(1));
            });
            return out + " " + calls + " " + went + " " + machine.warnings().count();
        }
    }
}
