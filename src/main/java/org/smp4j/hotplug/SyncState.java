package org.smp4j.hotplug;

/**
 * The progress of a CPU that starts or dies, which both sides of the protocol set; mirrors
 * {@code enum cpuhp_sync_state} of {@code kernel/cpu.c}.
 */
enum SyncState {
    /*
     *   control CPU                        | target CPU
     *   -----------------------------------+-----------------------------------
     *   DEAD|KICKED|ALIVE -> KICKED, start |
     *                                      | KICKED -> ALIVE       // again, if it is kicked again
     *   ALIVE -> SHOULD_ONLINE             |
     *                                      | SHOULD_ONLINE -> ONLINE
     *   ONLINE -> SHOULD_DIE               |
     *                                      | any -> DEAD
     */
    DEAD, KICKED, SHOULD_DIE, ALIVE, SHOULD_ONLINE, ONLINE
}
