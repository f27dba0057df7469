package org.smp4j.torture;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Pinning;
import org.smp4j.lib.BootParams;

/** The environment of a run, needed to interpret it, in one line. */
final class TortureHeader {
    private TortureHeader() {
    }

    /** {@return the version of this program; {@code development} if it does not run from its jar} */
    static String version() {
        String version = TortureHeader.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    static String line(TortureConfig config, Cpus cpus) {
        List<String> parts = new ArrayList<>();
        parts.add("smp4j " + version());
        parts.add("JDK " + Runtime.version());
        parts.add(collector());
        parts.add(Pinning.hostCores() == 1 ? "1 core" : Pinning.hostCores() + " cores");
        parts.add("pinned to " + cpus.pinning());
        BootParams boot = config.boot();
        parts.add(boot.nrCpus() + " CPUs"
                + (boot.onlineAtBoot() < boot.nrCpus() ? " (" + boot.onlineAtBoot() + " online)" : ""));
        parts.add("seed " + config.seed());
        if (config.faults() != null) {
            parts.add("interrupts per mille delayed " + config.ipiDelay() + " duplicated " + config.ipiDuplicate()
                    + " dropped " + config.ipiDrop());
        }
        return String.join(", ", parts);
    }

    private static String collector() {
        String name = ManagementFactory.getGarbageCollectorMXBeans().getFirst().getName();
        return switch (name.split(" ")[0]) {
            case "PS" -> "Parallel GC";
            case "Copy", "MarkSweepCompact" -> "Serial GC";
            case "G1" -> "G1 GC";
            case "ZGC" -> "ZGC";
            default -> name;
        };
    }
}
