package org.smp4j.scenario;

import org.smp4j.explore.rewrite.RewriteOptions;

/** How the kernel and its scenarios are loaded to be explored. */
public final class Programs {
    private static final String HARDWARE = "org.smp4j.cpu.";

    private Programs() {
    }

    /** {@return the usual options, with package {@code cpu} as the hardware, within which no interrupt is taken} */
    public static RewriteOptions options() {
        return RewriteOptions.defaults().withHardware(name -> name.startsWith(HARDWARE));
    }
}
