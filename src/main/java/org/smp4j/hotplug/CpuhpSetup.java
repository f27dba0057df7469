package org.smp4j.hotplug;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToIntFunction;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Errno;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Mutex;

/**
 * Registers callbacks for states; mirrors {@code cpuhp_setup_state} and its variants of
 * {@code include/linux/cpuhotplug.h}. Context of every method: task, may sleep, not from hotplug callbacks; the
 * {@code cpuslocked} methods with the hotplug lock held, the others without.
 */
public final class CpuhpSetup {
    /** A multi-instance state was removed before its instances. */
    public static final WarnSite INSTANCES_LEFT =
            WarnSite.always("__cpuhp_remove_state", "Error: Removing state %d which has instances left.");

    /** A teardown failed while its state or instance was being removed, or its startup undone. */
    public static final WarnSite TEARDOWN_FAILED =
            WarnSite.always("cpuhp_issue_call", "teardown of state %d failed on CPU %d: %s");

    private final Cpus cpus;
    private final CpuHotplugLock hotplugLock;
    private final CpuhpSteps steps;
    private final StepEngine engine;
    private final CpuhpThread thread;
    private final CpuhpCpuState[] states;
    private final Mutex stateMutex = new Mutex(); // cpuhp_state_mutex

    CpuhpSetup(Cpus cpus, CpuHotplugLock hotplugLock, CpuhpSteps steps, StepEngine engine, CpuhpThread thread,
            CpuhpCpuState[] states) {
        this.cpus = cpus;
        this.hotplugLock = hotplugLock;
        this.steps = steps;
        this.engine = engine;
        this.thread = thread;
        this.states = states;
    }

    /**
     * Registers a state and calls its startup for every CPU that is beyond it; mirrors {@code cpuhp_setup_state}.
     *
     * @param state a free state of {@link CpuhpState}; {@code AP_ONLINE_DYN} or {@code BP_PREPARE_DYN} for the lowest
     *         free slot of the section
     * @param name its name
     * @param startup called on the way up, or null
     * @param teardown called on the way down, or null
     * @return 0 (for a dynamic state, the slot); -EINVAL, -EBUSY if the state is taken, -ENOSPC, or the startup's
     *         error, -EIO if it threw; after an error nothing is registered
     */
    public int setupState(int state, String name, CpuhpCallback startup, CpuhpCallback teardown) {
        return locked(() -> setup(state, true, name == null ? null : CpuhpStep.single(name, startup, teardown)));
    }

    /**
     * Registers a state without calling its startup; mirrors {@code cpuhp_setup_state_nocalls}.
     *
     * @param state as in {@link #setupState}
     * @param name its name
     * @param startup on the way up, or null
     * @param teardown on the way down, or null
     * @return as in {@link #setupState}
     */
    public int setupStateNocalls(int state, String name, CpuhpCallback startup, CpuhpCallback teardown) {
        return locked(() -> setup(state, false, name == null ? null : CpuhpStep.single(name, startup, teardown)));
    }

    /**
     * As {@link #setupState}; mirrors {@code cpuhp_setup_state_cpuslocked}.
     *
     * @param state as in {@link #setupState}
     * @param name its name
     * @param startup on the way up, or null
     * @param teardown on the way down, or null
     * @return as in {@link #setupState}
     */
    public int setupStateCpuslocked(int state, String name, CpuhpCallback startup, CpuhpCallback teardown) {
        return setup(state, true, name == null ? null : CpuhpStep.single(name, startup, teardown));
    }

    /**
     * As {@link #setupStateNocalls}; mirrors {@code cpuhp_setup_state_nocalls_cpuslocked}.
     *
     * @param state as in {@link #setupState}
     * @param name its name
     * @param startup on the way up, or null
     * @param teardown on the way down, or null
     * @return as in {@link #setupState}
     */
    public int setupStateNocallsCpuslocked(int state, String name, CpuhpCallback startup, CpuhpCallback teardown) {
        return setup(state, false, name == null ? null : CpuhpStep.single(name, startup, teardown));
    }

    /**
     * Registers a state with instances; calls nothing until it has some. Mirrors {@code cpuhp_setup_state_multi}.
     *
     * @param state as in {@link #setupState}
     * @param name its name
     * @param startup on the way up, for each instance, or null
     * @param teardown on the way down, for each instance, or null
     * @return as in {@link #setupState}
     */
    public int setupStateMulti(int state, String name, CpuhpMultiCallback startup, CpuhpMultiCallback teardown) {
        return locked(() -> setup(state, false, name == null ? null : CpuhpStep.multi(name, startup, teardown)));
    }

    private interface Action {
        int run();
    }

    private int locked(Action action) {
        hotplugLock.cpusReadLock();
        try {
            return action.run();
        } finally {
            hotplugLock.cpusReadUnlock();
        }
    }

    private int underMutex(Action action) {
        stateMutex.lock();
        try {
            return action.run();
        } finally {
            stateMutex.unlock();
        }
    }

    /** Looks under the mutex whether the state has instances, since it may be removed until then. */
    private int ofMulti(int state, ToIntFunction<CpuhpStep> action) {
        return isInvalid(state) ? -Errno.EINVAL : underMutex(() -> {
            CpuhpStep step = steps.get(state);
            return step.multiInstance() ? action.applyAsInt(step) : -Errno.EINVAL;
        });
    }

    private static boolean isInvalid(int state) {
        return state <= CpuhpState.OFFLINE || state >= CpuhpState.ONLINE;
    }

    private int setup(int state, boolean invoke, CpuhpStep step) {
        hotplugLock.assertCpusHeld();
        if (isInvalid(state) || step == null) {
            return -Errno.EINVAL;
        }
        boolean dynamic = state == CpuhpState.AP_ONLINE_DYN || state == CpuhpState.BP_PREPARE_DYN;
        return underMutex(() -> {
            int slot = steps.store(state, step);
            int ret = Math.min(slot, 0);
            if (ret == 0 && invoke && !step.isEmpty(true)) {
                ret = callAll(slot, true, null, !step.isEmpty(false));
                if (ret != 0) {
                    steps.free(slot);
                }
            }
            return ret == 0 && dynamic ? slot : ret;
        });
    }

    /**
     * Calls the startup for every CPU that is beyond the state; on failure, the teardown for the CPUs already done.
     */
    private int callAll(int state, boolean bringup, Object node, boolean undo) {
        for (int cpu = cpus.present.first(); cpu < cpus.nrCpuIds; cpu = cpus.present.next(cpu)) {
            int ret = states[cpu].state >= state ? issueCall(cpu, state, bringup, node) : 0;
            if (ret != 0) {
                for (int done = cpus.present.first(); undo && done < cpu; done = cpus.present.next(done)) {
                    if (states[done].state >= state) {
                        issueCall(done, state, !bringup, node);
                    }
                }
                return ret;
            }
        }
        return 0;
    }

    /**
     * Mirrors {@code cpuhp_issue_call}: PREPARE callbacks run here, the others on the CPU's hotplug thread. Differs: a
     * teardown must not fail; if it does, that is a warning here and the teardown counts as done, whereas the kernel
     * stops with a {@code BUG}.
     */
    private int issueCall(int cpu, int state, boolean bringup, Object node) {
        if (steps.get(state).isEmpty(bringup)) {
            return 0;
        }
        int ret = CpuhpState.isApState(state) ? thread.invoke(states[cpu], state, bringup, node)
                : engine.invoke(states[cpu], state, bringup, node, false);
        if (ret != 0 && !bringup) {
            cpus.warnings.warn(TEARDOWN_FAILED, state, cpu, Errno.name(ret));
        }
        return ret;
    }

    /**
     * Removes a state, after its teardown was called for every CPU that is beyond it; mirrors
     * {@code cpuhp_remove_state}.
     *
     * @param state the registered state
     */
    public void removeState(int state) {
        checkRemovable(state); // before the lock
        locked(() -> remove(state, true));
    }

    /**
     * Removes a state without calling its teardown; mirrors {@code cpuhp_remove_state_nocalls}.
     *
     * @param state the registered state
     */
    public void removeStateNocalls(int state) {
        checkRemovable(state); // before the lock
        locked(() -> remove(state, false));
    }

    /**
     * As {@link #removeState}; mirrors {@code cpuhp_remove_state_cpuslocked}.
     *
     * @param state the registered state
     */
    public void removeStateCpuslocked(int state) {
        checkRemovable(state);
        remove(state, true);
    }

    /**
     * As {@link #removeStateNocalls}; mirrors {@code cpuhp_remove_state_nocalls_cpuslocked}.
     *
     * @param state the registered state
     */
    public void removeStateNocallsCpuslocked(int state) {
        checkRemovable(state);
        remove(state, false);
    }

    /**
     * Removes a state whose instances have been removed; mirrors {@code cpuhp_remove_multi_state}.
     *
     * @param state the registered state
     */
    public void removeMultiState(int state) {
        removeStateNocalls(state);
    }

    private void checkRemovable(int state) {
        if (isInvalid(state)) {
            throw new IllegalArgumentException("state " + state
                    + " can't be removed: it must be between OFFLINE and ONLINE");
        }
        if (steps.isCore(state)) {
            throw new IllegalArgumentException("state " + state + " can't be removed: it is the machine's own, "
                    + steps.get(state).name());
        }
    }

    private int remove(int state, boolean invoke) {
        hotplugLock.assertCpusHeld();
        return underMutex(() -> {
            CpuhpStep step = steps.get(state);
            if (step.multiInstance()) {
                if (!step.instances().isEmpty()) {
                    cpus.warnings.warn(INSTANCES_LEFT, state);
                }
            } else if (invoke && !step.isEmpty(false)) {
                callAll(state, false, null, false);
            }
            steps.free(state);
            return 0;
        });
    }

    /**
     * Adds an instance, after its startup was called for every CPU that is beyond the state; mirrors
     * {@code cpuhp_state_add_instance}.
     *
     * @param state a state with instances
     * @param node the instance
     * @return 0; -EINVAL if the state has no instances; or the startup's error, -EIO if it threw; then it is not added
     */
    public int addInstance(int state, Object node) {
        return locked(() -> add(state, node, true));
    }

    /**
     * Adds an instance without calling its startup; mirrors {@code cpuhp_state_add_instance_nocalls}.
     *
     * @param state a state with instances
     * @param node the instance
     * @return 0 or -EINVAL
     */
    public int addInstanceNocalls(int state, Object node) {
        return locked(() -> add(state, node, false));
    }

    private int add(int state, Object node, boolean invoke) {
        Objects.requireNonNull(node, "node");
        return ofMulti(state, step -> {
            int ret = invoke && !step.isEmpty(true) ? callAll(state, true, node, !step.isEmpty(false)) : 0;
            if (ret == 0) {
                List<CpuhpStep.Instance> instances = new ArrayList<>(step.instances());
                instances.addFirst(new CpuhpStep.Instance(node));
                steps.set(state, step.with(instances));
            }
            return ret;
        });
    }

    /**
     * Removes an instance, after its teardown was called for every CPU that is beyond the state; mirrors
     * {@code cpuhp_state_remove_instance}.
     *
     * @param state a state with instances
     * @param node the instance
     * @return 0; -EINVAL if the state has no instances, or not this one
     */
    public int removeInstance(int state, Object node) {
        return locked(() -> removeInstance(state, node, true));
    }

    /**
     * Removes an instance without calling its teardown; mirrors {@code cpuhp_state_remove_instance_nocalls}.
     *
     * @param state a state with instances
     * @param node the instance
     * @return 0; -EINVAL if the state has no instances, or not this one
     */
    public int removeInstanceNocalls(int state, Object node) {
        return locked(() -> removeInstance(state, node, false));
    }

    private int removeInstance(int state, Object node, boolean invoke) {
        Objects.requireNonNull(node, "node");
        return ofMulti(state, step -> {
            List<CpuhpStep.Instance> instances = new ArrayList<>(step.instances());
            int index = 0;
            while (index < instances.size() && !instances.get(index).node().equals(node)) {
                index++;
            }
            boolean there = index < instances.size();
            if (there && invoke && !step.isEmpty(false)) {
                callAll(state, false, node, false);
            }
            if (there) {
                instances.remove(index);
                steps.set(state, step.with(instances));
            }
            return there ? 0 : -Errno.EINVAL;
        });
    }
}
