package org.smp4j.hotplug;

import java.util.List;

/**
 * The callbacks registered for one state; mirrors {@code struct cpuhp_step} of {@code kernel/cpu.c}.
 *
 * @param name the state's name, null if the slot is free
 * @param startup called on the way up, or null
 * @param teardown called on the way down, or null
 * @param startupMulti called on the way up, for each instance, or null
 * @param teardownMulti called on the way down, for each instance, or null
 * @param instances newest first
 * @param multiInstance whether it has instances
 * @param cantStop whether a CPU must not be left in this state
 */
record CpuhpStep(String name, CpuhpCallback startup, CpuhpCallback teardown, CpuhpMultiCallback startupMulti,
        CpuhpMultiCallback teardownMulti, List<Instance> instances, boolean multiInstance, boolean cantStop) {
    /**
     * An entry of the list, distinct even if the same node is in the list twice or in another state's list; mirrors the
     * {@code hlist_node} of an instance.
     */
    static final class Instance {
        private final Object node;

        Instance(Object node) {
            this.node = node;
        }

        Object node() {
            return node;
        }
    }

    static CpuhpStep single(String name, CpuhpCallback startup, CpuhpCallback teardown) {
        return new CpuhpStep(name, startup, teardown, null, null, List.of(), false, false);
    }

    static CpuhpStep multi(String name, CpuhpMultiCallback startup, CpuhpMultiCallback teardown) {
        return new CpuhpStep(name, null, null, startup, teardown, List.of(), true, false);
    }

    CpuhpStep cannotStop() {
        return new CpuhpStep(name, startup, teardown, startupMulti, teardownMulti, instances, multiInstance, true);
    }

    CpuhpStep with(List<Instance> newInstances) {
        return new CpuhpStep(name, startup, teardown, startupMulti, teardownMulti, List.copyOf(newInstances),
                multiInstance, cantStop);
    }

    CpuhpCallback single(boolean bringup) {
        return bringup ? startup : teardown;
    }

    CpuhpMultiCallback multi(boolean bringup) {
        return bringup ? startupMulti : teardownMulti;
    }

    /** Mirrors {@code cpuhp_step_empty}. */
    boolean isEmpty(boolean bringup) {
        return multiInstance ? multi(bringup) == null : single(bringup) == null;
    }
}
