package org.smp4j.explore;

import java.util.Arrays;

/**
 * A schedule, as what sets it apart from the default one: at which step of which strand another than the default was chosen. The default is to go on with the
 * same strand, or with the next where it can't go on (see {@link Execution#byDefault}); to take an interrupt at once, the first alternative of every choice,
 * that nothing comes from outside but what is {@link Interrupts#overdue overdue}, and that time passes only where no
 * strand can step. The last departure can be that from there on all strands have their turns.
 */
final class Departures {
    /** This less n, in place of a strand's number: the strand chose alternative n. */
    static final int CHOICE = -1;
    /** This less n, in place of a strand's number: the timeout of strand n fires now. */
    static final int EXPIRY = -880;
    /** In place of a strand's number: a while passes before the strand looks at the clock. */
    static final int WHILE = EXPIRY - Execution.MAX_STRANDS;
    /**
     * In place of a strand's number: from here on all strands have their turns, in order. Nothing departs after that.
     */
    static final int TURNS = WHILE - 1;
    /** This less n, in place of a strand's number: interrupt n came from outside, which need not have come; n is less than {@link #NONE}. */
    static final int INTERRUPT = -960;
    /** In place of an interrupt's number: none came, although the default is that one does. */
    static final int NONE = 40;
    /** This less n, in place of a strand's number: the strand takes an interrupt n of its steps later, or where its code polls before that. */
    static final int DEFER = -1000;
    /** So many steps that the code polls before. */
    static final int UNTIL_POLL = 1_000_000;

    static boolean isDeferral(int pick) {
        return pick < DEFER;
    }

    static boolean isChoice(int pick) {
        return pick < 0 && pick > EXPIRY;
    }

    static boolean isExpiry(int pick) {
        return pick <= EXPIRY && pick > WHILE;
    }

    static boolean isInterrupt(int pick) {
        return pick <= INTERRUPT && pick >= DEFER;
    }

    /** {@return whether it is one that a run can have} */
    static boolean isPick(int pick) {
        return pick < 0 ? pick != CHOICE && pick >= DEFER - UNTIL_POLL : pick < Execution.MAX_STRANDS;
    }

    /** {@return whether it says which strand steps next} */
    static boolean isSwitch(int pick) {
        return pick >= 0 || pick == TURNS;
    }

    /** {@return whether a departure that is about an interrupt can be made where these may come} */
    static boolean mayCome(int pick, int possible) {
        int number = INTERRUPT - pick;
        return number == NONE || (possible & 1 << number) != 0;
    }

    private int[] entries = new int[96];
    private int size;

    void clear() {
        size = 0;
    }

    void add(int strand, int point, int pick) {
        if (3 * size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[3 * size] = strand;
        entries[3 * size + 1] = point;
        entries[3 * size + 2] = pick;
        size++;
    }

    int size() {
        return size;
    }

    int strand(int i) {
        return entries[3 * i];
    }

    int point(int i) {
        return entries[3 * i + 1];
    }

    int pick(int i) {
        return entries[3 * i + 2];
    }

    Departures copy() {
        return prefix(size);
    }

    Departures prefix(int length) {
        Departures copy = new Departures();
        copy.entries = Arrays.copyOf(entries, Math.max(96, 3 * length));
        copy.size = length;
        return copy;
    }

    /** {@return whether an interrupt is late in them} */
    boolean defer() {
        for (int i = 0; i < size; i++) {
            if (isDeferral(pick(i))) {
                return true;
            }
        }
        return false;
    }

    /** {@return these without those from one to before another} */
    Departures without(int from, int to) {
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
