package org.smp4j.scenario;

import org.smp4j.explore.rewrite.RewriteOptions;

/** How the kernel and its scenarios are loaded to be explored. */
public final class Programs {
    private Programs() {
    }

    /** {@return the usual options, with what is the hardware, within which no interrupt is taken} */
    public static RewriteOptions options() {
        return RewriteOptions.defaults().withHardware(MachineScenario::isHardware);
    }
}
