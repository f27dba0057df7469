package org.smp4j.explore.model;

/**
 * The ways in which a schedule can depart from the default one. A departure has a kind and a value; tokens write both
 * as one code.
 */
public enum DepartureKind {
    /** Another strand than the default steps next; the value is its number. */
    SWITCH(0, 1, Departures.MAX_STRANDS - 1),
    /** The scenario chooses another alternative than the first; the value is its number. */
    CHOICE(-1, -1, Departures.MOST_CHOICES),
    /**
     * A timeout fires before its time; the value is the number of the strand that waits. Only the first strands have
     * their codes here.
     */
    TIMEOUT(-880, -1, Departures.MAX_STRANDS - 1),
    /** Time passes before the strand reads the clock; the value is 0. */
    TIME_PASSES(-944, -1, 0),
    /** From here on the strands step in turn, and nothing departs any more; the value is 0. */
    ROUND_ROBIN(-945, -1, 0),
    /** A read returns an older value than the newest; the value says how many are newer. */
    OLDER_VALUE(-946, -1, Departures.MOST_NEWER),
    /** A write lands before newer ones; the value is the number of the place, from the newest on. */
    EARLIER_WRITE(-951, -1, Departures.MOST_NEWER),
    /** A weak compare-and-set fails without a cause; the value is 1. */
    SPURIOUS_FAILURE(-956, -1, 1),
    /**
     * An interrupt comes from outside, other than by default; the value is its number. Or, with {@link
     * Departures#NO_INTERRUPT}, none comes although one does by default.
     */
    INTERRUPT(-960, -1, 40),
    /** A pending interrupt is taken later; the value is the number of the strand's steps before it. */
    DEFERRAL(-1000, -1, Departures.UNTIL_POLL);

    /** The lowest code is minus this. */
    public static final int CODES_BELOW_ZERO = 1000 + Departures.UNTIL_POLL;
    // Timeouts of further strands have codes above those of switches.
    private static final int NEAR_TIMEOUTS = 64;
    private static final int FAR_TIMEOUTS = 1 << 16;

    /** The highest code. */
    public static final int MOST_CODE = FAR_TIMEOUTS + Departures.MAX_STRANDS - 1;

    private static final DepartureKind[] ALL = values();

    private final int first;
    private final int step;
    private final int most;

    DepartureKind(int first, int step, int most) {
        this.first = first;
        this.step = step;
        this.most = most;
    }

    /** {@return the code of this kind with a value} */
    public int code(int value) {
        return this == TIMEOUT && value >= NEAR_TIMEOUTS ? FAR_TIMEOUTS + value : first + step * value;
    }

    /** {@return the value that a code of this kind stands for} */
    public int value(int code) {
        return this == TIMEOUT && code >= FAR_TIMEOUTS ? code - FAR_TIMEOUTS : step * (code - first);
    }

    /**
     * The kind that a code stands for.
     *
     * @param code as {@link #code} gives it
     * @return the kind
     * @throws IllegalArgumentException if it is no code
     */
    public static DepartureKind ofCode(int code) {
        for (DepartureKind kind : ALL) {
            int value = kind.value(code);
            if (value >= kind.least() && value <= kind.most && kind.code(value) == code) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no departure has the code " + code);
    }

    private int least() {
        return switch (this) {
            case CHOICE, DEFERRAL, OLDER_VALUE, EARLIER_WRITE, SPURIOUS_FAILURE -> 1; // 0 would be the default
            default -> 0;
        };
    }

    static DepartureKind of(int ordinal) {
        return ALL[ordinal];
    }
}
