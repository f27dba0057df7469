package org.smp4j.junit;

import org.junit.jupiter.api.Test;
import org.smp4j.fuzz.grammar.Productions;

/**
 * For a test class that is marked with {@link Fuzz}: its one inherited test explores programs that are made by machine.
 * A class that implements {@link Productions} as well adds the operations that it has; it is public then, and has a
 * constructor without parameters.
 */
public interface FuzzTests {
    /** Explores programs; the method itself does not run. */
    @Test
    default void generatedPrograms() {
        throw new IllegalStateException(getClass().getName() + " is not marked with @Fuzz");
    }
}
