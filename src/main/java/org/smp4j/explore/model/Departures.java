package org.smp4j.explore.model;

import java.util.Arrays;
import org.smp4j.explore.run.Interrupts;

/**
 * A schedule, as what sets it apart from the default one: at which step of which strand another than the default was chosen. The default is to go on with the
 * same strand, or with the next where it can't go on (see the engine); to take an interrupt at once, the first alternative of every choice,
 * that nothing comes from outside but what is {@link Interrupts#overdue overdue}, and that time passes only where no
 * strand can step. The last departure can be that from there on all strands have their turns.
 */
public final class Departures {
    /** So many strands at once at most. */
    public static final int MAX_STRANDS = 64;
    /** This less n, in place of a strand's number: the strand chose alternative n. */
    public static final int CHOICE = -1;
    /** This less n, in place of a strand's number: the timeout of strand n fires now. */
    public static final int EXPIRY = -880;
    /** In place of a strand's number: a while passes before the strand looks at the clock. */
    public static final int WHILE = EXPIRY - MAX_STRANDS;
    /**
     * In place of a strand's number: from here on all strands have their turns, in order. Nothing departs after that.
     */
    public static final int TURNS = WHILE - 1;
    /** This less n, in place of a strand's number: interrupt n came from outside, which need not have come; n is less than {@link #NONE}. */
    public static final int INTERRUPT = -960;
    /** In place of an interrupt's number: none came, although the default is that one does. */
    public static final int NONE = 40;
    /** This less n, in place of a strand's number: the strand takes an interrupt n of its steps later, or where its code polls before that. */
    public static final int DEFER = -1000;
    /** So many steps that the code polls before. */
    public static final int UNTIL_POLL = 1_000_000;

    public static boolean isDeferral(int pick) {
        return pick < DEFER;
    }

    public static boolean isChoice(int pick) {
        return pick < 0 && pick > EXPIRY;
    }

    public static boolean isExpiry(int pick) {
        return pick <= EXPIRY && pick > WHILE;
    }

    public static boolean isInterrupt(int pick) {
        return pick <= INTERRUPT && pick >= DEFER;
    }

    /** {@return whether it is one that a run can have} */
    public static boolean isPick(int pick) {
        return pick < 0 ? pick != CHOICE && pick >= DEFER - UNTIL_POLL : pick < MAX_STRANDS;
    }

    /** {@return whether it says which strand steps next} */
    public static boolean isSwitch(int pick) {
        return pick >= 0 || pick == TURNS;
    }

    /** {@return whether a departure that is about an interrupt can be made where these may come} */
    public static boolean mayCome(int pick, int possible) {
        int number = INTERRUPT - pick;
        return number == NONE || (possible & 1 << number) != 0;
    }

    private int[] entries = new int[96];
    private int size;

    public void clear() {
        size = 0;
    }

    public void add(int strand, int point, int pick) {
        if (3 * size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[3 * size] = strand;
        entries[3 * size + 1] = point;
        entries[3 * size + 2] = pick;
        size++;
    }

    public int size() {
        return size;
    }

    public int strand(int i) {
        return entries[3 * i];
    }

    public int point(int i) {
        return entries[3 * i + 1];
    }

    public int pick(int i) {
        return entries[3 * i + 2];
    }

    public Departures copy() {
        return prefix(size);
    }

    public Departures prefix(int length) {
        Departures copy = new Departures();
        copy.entries = Arrays.copyOf(entries, Math.max(96, 3 * length));
        copy.size = length;
        return copy;
    }

    /** {@return whether an interrupt is late in them} */
    public boolean defer() {
        for (int i = 0; i < size; i++) {
            if (isDeferral(pick(i))) {
                return true;
            }
        }
        return false;
    }

    /** {@return these without those from one to before another} */
    public Departures without(int from, int to) {
        Departures rest = new Departures();
        for (int i = 0; i < size; i++) {
            if (i < from || i >= to) {
                rest.add(strand(i), point(i), pick(i));
            }
        }
        return rest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Departures that && size == that.size && Arrays.equals(entries, 0, 3 * size, that.entries, 0, 3 * size);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(entries, 3 * size));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : " ").append(strand(i)).append('@').append(point(i)).append("->").append(pick(i));
        }
        return text.toString();
    }
}
