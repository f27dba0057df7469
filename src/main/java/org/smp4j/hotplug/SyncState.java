package org.smp4j.hotplug;

/**
 * How far a CPU that starts or dies has come, as the two sides tell each other; mirrors {@code enum cpuhp_sync_state}
 * of {@code kernel/cpu.c}.
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
