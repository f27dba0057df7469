package org.smp4j.fuzz.sample;

import org.smp4j.junit.Fuzz;

/** Tests that {@code FuzzTest} runs. */
public class FuzzSamples {
    /** A driver without a fault. */
    public static class DiskFuzz {
        @Fuzz(floor = "call", programs = 20, schedules = 20, productions = DiskProductions.class)
        void programs() {
        }
    }

    /** A driver with one. */
    public static class BrokenDiskFuzz {
        @Fuzz(floor = "call", programs = 40, schedules = 40, productions = BrokenDiskProductions.class)
        void programs() {
        }
    }

    /** No such floor. */
    public static class NoFloor {
        @Fuzz(floor = "roof")
        void programs() {
        }
    }
}
