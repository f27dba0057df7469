package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.call.IrqWork;
import org.smp4j.explore.Exploring;

/**
 * The requested irq_works of one run. The function of each begins after the request, even if it was already pending.
 */
final class Works {
    private final List<IrqWork> asked = new ArrayList<>();

    void asked(IrqWork work) {
        if (asked.stream().noneMatch(each -> each == work)) {
            asked.add(work);
        }
    }

    void begun(IrqWork work) {
        asked.removeIf(each -> each == work);
    }

    /** {@return whether some have not begun} */
    boolean any() {
        return !asked.isEmpty();
    }

    /**
     * Looks at what is left when nothing more happens.
     *
     * @param ticks whether time has passed to the next tick, for which lazy ones wait
     */
    void check(boolean ticks) {
        asked.stream().filter(each -> ticks || !Oracles.isLazy(each)).findFirst()
                .ifPresent(each -> Exploring.broken("lost irq_work",
                "an irq_work was queued and never ran", List.of()));
    }
}
