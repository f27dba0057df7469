package org.smp4j.hotplug;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.smp4j.lib.Errno;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;

/**
 * All steps of a machine, by state; mirrors {@code cpuhp_hp_states} of {@code kernel/cpu.c}. Changed under
 * {@code cpuhp_state_mutex}.
 */
final class CpuhpSteps {
    /** All dynamic slots of a section are taken. */
    static final WarnSite NO_MORE =
            WarnSite.always("cpuhp_reserve_state", "No more dynamic states available for CPU hotplug");

    private final AtomicReferenceArray<CpuhpStep> steps = new AtomicReferenceArray<>(CpuhpState.ONLINE + 1);
    private final BitSet core = new BitSet(); // changed while the machine is made, before any of its threads starts
    private final CpuhpStep free = CpuhpStep.single(null, null, null);
    private final Warnings warnings;

    CpuhpSteps(Warnings warnings) {
        this.warnings = warnings;
        for (int state = 0; state <= CpuhpState.ONLINE; state++) {
            steps.set(state, free);
        }
    }

    /**
     * Marks the steps registered so far as the machine's own, which no caller may remove. Context: when the machine is
     * made.
     */
    void seal() {
        for (int state = 0; state <= CpuhpState.ONLINE; state++) {
            core.set(state, get(state).name() != null);
        }
    }

    boolean isCore(int state) {
        return core.get(state);
    }

    CpuhpStep get(int state) {
        return steps.get(state);
    }

    void set(int state, CpuhpStep step) {
        steps.set(state, step);
    }

    /**
     * Stores a step; mirrors {@code cpuhp_store_callbacks}.
     *
     * @return the state (for a dynamic one, the slot found), -EBUSY or -ENOSPC
     */
    int store(int state, CpuhpStep step) {
        int slot = state;
        if (state == CpuhpState.AP_ONLINE_DYN || state == CpuhpState.BP_PREPARE_DYN) {
            int end = state == CpuhpState.AP_ONLINE_DYN ? CpuhpState.AP_ONLINE_DYN_END : CpuhpState.BP_PREPARE_DYN_END;
            while (slot <= end && steps.get(slot).name() != null) {
                slot++;
            }
            if (slot > end) {
                warnings.warn(NO_MORE);
                return -Errno.ENOSPC;
            }
        } else if (steps.get(state).name() != null) {
            return -Errno.EBUSY;
        }
        steps.set(slot, step);
        return slot;
    }

    void free(int state) {
        steps.set(state, free);
    }
}
