package org.smp4j.scenario;

import java.util.List;
import org.smp4j.explore.rewrite.RewriteOptions;

/** How the kernel and its scenarios are loaded to be explored. */
public final class Programs {
    private Programs() {
    }

    /** {@return the usual options: what is the hardware, within which no interrupt is taken, and who watches} */
    public static RewriteOptions options() {
        return RewriteOptions.defaults().withHardware(MachineScenario::isHardware).withWeaves(List.of(Oracles.weave()));
    }
}
