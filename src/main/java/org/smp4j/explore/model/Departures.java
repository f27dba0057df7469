package org.smp4j.explore.model;

import java.util.Arrays;
import org.smp4j.explore.run.Interrupts;

/**
 * A schedule as its departures from the default one: the step and strand of each, and what happens instead. By default
 * the same strand goes on, or the next one if it can't (see the engine); a pending interrupt is taken at once; every
 * choice takes the first alternative; only {@link Interrupts#overdue overdue} interrupts come from outside; a read
 * returns the newest value; and time passes only if no strand can step. The last departure may be that all strands step
 * in turn from there on.
 */
public final class Departures {
    /** The maximum number of strands at a time. */
    public static final int MAX_STRANDS = 4096;
    /** The highest number of an alternative that can be chosen. */
    public static final int MOST_CHOICES = 878;
    /** The highest number of values that are newer than one that is read or written. */
    public static final int MOST_NEWER = 4;
    /** In place of an interrupt's number: none comes. */
    public static final int NO_INTERRUPT = 40;
    /** In place of a number of steps: until the strand's code polls. */
    public static final int UNTIL_POLL = 1_000_000;

    // Of each departure: strand, point, kind, value.
    private static final int FIELDS = 4;

    /** {@return whether an interrupt can come, or be left out, where these may come; by bit} */
    public static boolean mayCome(int number, int possible) {
        return number == NO_INTERRUPT || (possible & 1 << number) != 0;
    }

    private int[] entries = new int[96];
    private int size;

    /** Removes all departures. */
    public void clear() {
        size = 0;
    }

    /** Adds a departure at a step of a strand. */
    public void add(int strand, int point, DepartureKind kind, int value) {
        if (FIELDS * size == entries.length) {
            entries = Arrays.copyOf(entries, 2 * entries.length);
        }
        entries[FIELDS * size] = strand;
        entries[FIELDS * size + 1] = point;
        entries[FIELDS * size + 2] = kind.ordinal();
        entries[FIELDS * size + 3] = value;
        size++;
    }

    /** {@return the number of departures} */
    public int size() {
        return size;
    }

    /** {@return the strand of a departure} */
    public int strand(int i) {
        return entries[FIELDS * i];
    }

    /** {@return the step of its strand at which a departure is made} */
    public int point(int i) {
        return entries[FIELDS * i + 1];
    }

    /** {@return the kind of a departure} */
    public DepartureKind kind(int i) {
        return DepartureKind.of(entries[FIELDS * i + 2]);
    }

    /** {@return the value of a departure; its kind says what that means} */
    public int value(int i) {
        return entries[FIELDS * i + 3];
    }

    /** {@return the code that a token writes for kind and value} */
    public int code(int i) {
        return kind(i).code(value(i));
    }

    /** {@return a copy} */
    public Departures copy() {
        return prefix(size);
    }

    /** {@return a copy of the first departures} */
    public Departures prefix(int length) {
        Departures copy = new Departures();
        copy.entries = Arrays.copyOf(entries, Math.max(96, FIELDS * length));
        copy.size = length;
        return copy;
    }

    /** {@return whether an interrupt is deferred in them} */
    public boolean defer() {
        for (int i = 0; i < size; i++) {
            if (kind(i) == DepartureKind.DEFERRAL) {
                return true;
            }
        }
        return false;
    }

    /** {@return these without the departures from one index to before another} */
    public Departures without(int from, int to) {
        Departures rest = new Departures();
        for (int i = 0; i < size; i++) {
            if (i < from || i >= to) {
                rest.add(strand(i), point(i), kind(i), value(i));
            }
        }
        return rest;
    }

    /** {@return these without the ones of a kind} */
    public Departures without(DepartureKind kind) {
        Departures rest = new Departures();
        for (int i = 0; i < size; i++) {
            if (kind(i) != kind) {
                rest.add(strand(i), point(i), kind(i), value(i));
            }
        }
        return rest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Departures that && size == that.size
                && Arrays.equals(entries, 0, FIELDS * size, that.entries, 0, FIELDS * size);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.copyOf(entries, FIELDS * size));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : " ").append(strand(i)).append('@').append(point(i)).append("->").append(code(i));
        }
        return text.toString();
    }
}
