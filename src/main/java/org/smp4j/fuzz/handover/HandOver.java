package org.smp4j.fuzz.handover;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * Something that a thread writes for others. It is written and read opaquely, so that only a function of the tower can
 * order the two. Where reads return the newest value there is nothing to show, and neither is a step.
 */
public final class HandOver {
    private static final VarHandle VALUE = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "value",
            VarHandle.class, HandOver.class, int.class);

    private final String role;
    private final Object giver;

    // Written by: the giver, once. Read by: threads to which the tower hands it over. Ordering: opaque, on purpose.
    private int value;

    private HandOver(String role, Object giver) {
        this.role = role;
        this.giver = giver;
    }

    /**
     * {@return something not written yet}
     *
     * @param role what writes it, in words that come before {@code giver}
     * @param giver its operation
     */
    public static HandOver of(String role, Object giver) {
        return new HandOver(role, giver);
    }

    /**
     * {@return something that the calling thread has just written}
     *
     * @param role as in {@link #of}
     * @param giver as in {@link #of}
     */
    public static HandOver written(String role, Object giver) {
        HandOver made = of(role, giver);
        made.write();
        return made;
    }

    /** {@return whether a read may miss what was written: then there is something to check} */
    public static boolean isChecked() {
        return Exploring.readsMayBeOld();
    }

    /** Writes it. */
    public void write() {
        if (isChecked()) {
            VALUE.setOpaque(this, 1);
        }
    }

    /** Writes it after all that the calling thread has done, for a thread that {@linkplain #isKnown knows} it then. */
    public void tell() {
        if (isChecked()) {
            VALUE.setRelease(this, 1);
        }
    }

    /** {@return whether the calling thread knows what the teller had done} */
    public boolean isKnown() {
        return !isChecked() || (int) VALUE.getAcquire(this) != 0;
    }

    /** {@return whether the calling thread finds it written, which orders nothing} */
    public boolean isFound() {
        return isChecked() && (int) VALUE.getOpaque(this) != 0;
    }

    /** {@return whether the calling thread must see it: if it need not, it mostly does not} */
    public boolean isSeen() {
        return !isChecked() || Exploring.oldest(() -> (int) VALUE.getOpaque(this) != 0);
    }

    @Override
    public String toString() {
        return role + giver;
    }

    /**
     * Checks that the calling thread sees it.
     *
     * @param readerRole what reads it, in words that come before {@code reader}
     * @param reader its operation
     */
    public void mustBeSeen(String readerRole, Object reader) {
        if (!isSeen()) {
            ProgramRule.broken("not handed over", readerRole + reader + " does not see what was written by " + this);
        }
    }
}
