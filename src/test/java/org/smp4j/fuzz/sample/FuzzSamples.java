package org.smp4j.fuzz.sample;

import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.smp4j.fuzz.grammar.Floor;
import org.smp4j.fuzz.grammar.Production;
import org.smp4j.fuzz.grammar.Productions;
import org.smp4j.junit.Fuzz;
import org.smp4j.junit.FuzzTests;

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

    /** Few programs. */
    public static class FewFuzz {
        @Fuzz(floor = "call", programs = 2, schedules = 2)
        void programs() {
        }
    }

    /** No such floor. */
    public static class NoFloor {
        @Fuzz(floor = "roof")
        void programs() {
        }
    }

    /** The class has the operations, and other tests. */
    @Fuzz(floor = "call", programs = 40, schedules = 40)
    public static class BrokenDiskTest implements FuzzTests, Productions {
        private boolean prepared;

        @BeforeEach
        void prepare() {
            prepared = true;
        }

        @Override
        public List<Production> productions() {
            return new BrokenDiskProductions().productions();
        }

        @Test
        void usual() {
            Assertions.assertTrue(prepared);
        }
    }

    /** A heap that is too short. */
    @Fuzz(floor = "call", programs = 5, schedules = 5)
    public static class FullTest implements FuzzTests, Productions {
        @Override
        public List<Production> productions() {
            return List.of(Production.of("fill", Floor.CALL).often(1000).does((_, _) ->
                    new long[Integer.MAX_VALUE - 8].length));
        }
    }
}
