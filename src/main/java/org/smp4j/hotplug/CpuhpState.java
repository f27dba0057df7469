package org.smp4j.hotplug;

/**
 * The states through which a CPU comes up, in ascending order, and goes down; mirrors {@code enum cpuhp_state} of
 * {@code include/linux/cpuhotplug.h}.
 *
 * <p>Only the order is guaranteed; the numbers are those of Linux 6.12. States of subsystems that do not exist here are
 * free for users, and a few of them have names below.
 */
public final class CpuhpState {
    /*
     * section   states                      callbacks run on                      context
     * PREPARE   OFFLINE < s <= BRINGUP_CPU  control CPU                           may sleep; teardown must not fail
     * STARTING  IDLE_DEAD .. AP_ONLINE      target CPU: its idle task on the way  IRQs off; must not fail
     *                                       up, its stopper on the way down
     * -         TEARDOWN_CPU                control CPU
     * ONLINE    AP_ONLINE_IDLE .. ONLINE    target CPU's hotplug thread           may sleep, may fail
     */

    /** No state. */
    public static final int INVALID = -1;
    public static final int OFFLINE = 0;
    public static final int CREATE_THREADS = 1;
    public static final int PERF_PREPARE = 2;
    public static final int RANDOM_PREPARE = 37;
    public static final int WORKQUEUE_PREP = 38;
    public static final int HRTIMERS_PREPARE = 40;
    public static final int SMPCFD_PREPARE = 42;
    public static final int RELAY_PREPARE = 43;
    public static final int RCUTREE_PREP = 45;
    /** Free. */
    public static final int XEN_PREPARE = 47;
    /** Free. */
    public static final int XEN_EVTCHN_PREPARE = 48;
    public static final int TIMERS_PREPARE = 61;
    /** For {@code cpuhp_setup_state}: the lowest free slot of the PREPARE section. */
    public static final int BP_PREPARE_DYN = 64;
    public static final int BP_PREPARE_DYN_END = 84;
    public static final int BP_KICK_AP = 85;
    public static final int BRINGUP_CPU = 86;
    public static final int AP_IDLE_DEAD = 87;
    public static final int AP_OFFLINE = 88;
    public static final int AP_SCHED_STARTING = 90;
    public static final int AP_RCUTREE_DYING = 91;
    /** Free. */
    public static final int AP_IRQ_GIC_STARTING = 93;
    /** Free. */
    public static final int AP_ARM_XEN_STARTING = 138;
    public static final int AP_SMPCFD_DYING = 139;
    public static final int AP_HRTIMERS_DYING = 140;
    public static final int AP_TICK_DYING = 141;
    /** Free; the last one before {@link #AP_ONLINE}. */
    public static final int AP_ARM_CACHE_B15_RAC_DYING = 143;
    public static final int AP_ONLINE = 144;
    public static final int TEARDOWN_CPU = 145;
    public static final int AP_ONLINE_IDLE = 146;
    public static final int AP_SCHED_WAIT_EMPTY = 149;
    public static final int AP_SMPBOOT_THREADS = 150;
    public static final int AP_IRQ_AFFINITY_ONLINE = 151;
    /** Free. */
    public static final int AP_PERF_ONLINE = 155;
    public static final int AP_WATCHDOG_ONLINE = 187;
    public static final int AP_WORKQUEUE_ONLINE = 188;
    /** Free. */
    public static final int AP_RANDOM_ONLINE = 189;
    public static final int AP_RCUTREE_ONLINE = 190;
    /** Free. */
    public static final int AP_BASE_CACHEINFO_ONLINE = 191;
    /** For {@code cpuhp_setup_state}: the lowest free slot of the ONLINE section. */
    public static final int AP_ONLINE_DYN = 192;
    public static final int AP_ONLINE_DYN_END = 232;
    public static final int AP_ACTIVE = 235;
    public static final int ONLINE = 236;

    private CpuhpState() {
    }

    /**
     * Tells whether a state's callbacks run on the target CPU; mirrors {@code cpuhp_is_ap_state}.
     *
     * @param state the state
     * @return whether they do
     */
    static boolean isApState(int state) {
        return state > BRINGUP_CPU && state != TEARDOWN_CPU;
    }

    /**
     * Tells whether a state's callbacks run with IRQs off and must not fail; mirrors {@code cpuhp_is_atomic_state}.
     *
     * @param state the state
     * @return whether they do
     */
    static boolean isAtomicState(int state) {
        return AP_IDLE_DEAD <= state && state < AP_ONLINE;
    }
}
