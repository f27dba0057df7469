package org.smp4j.weave;

import java.util.ArrayList;
import java.util.List;

/**
 * Where hooks leave word that have no object to do so; loaded by the parent, and read by the test on the same thread.
 */
public final class Marks {
    private static final ThreadLocal<List<String>> MARKS = ThreadLocal.withInitial(ArrayList::new);

    private Marks() {
    }

    public static void add(String mark) {
        MARKS.get().add(mark);
    }

    /** A hook that is not loaded with what it is put into. */
    public static void fromTheParent() {
        add("parent");
    }

    static List<String> take() {
        List<String> taken = MARKS.get();
        MARKS.remove();
        return taken;
    }
}
