package org.smp4j.fuzz.grammar;

import java.util.List;

/** More productions, for an API on top of the tower. A public class with a constructor without parameters. */
@FunctionalInterface
public interface Productions {
    /** {@return the productions} */
    List<Production> productions();
}
