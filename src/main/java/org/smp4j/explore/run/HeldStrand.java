package org.smp4j.explore.run;

import java.util.Arrays;
import org.smp4j.explore.model.Access;

/**
 * Watches one strand that is preempted, and finds how much sooner it could have been preempted with the same result:
 * the steps that it made just before can also be made after its preemption, if no other strand touches their locations
 * meanwhile. All accesses of rewritten code count: steps, plain accesses and quiet reads of observers; so the runs are
 * equivalent for observers, too.
 */
public final class HeldStrand {
    /**
     * Added to the count of quiet calls of a strand while the scenario is asked for interrupts: their effect is checked
     * separately, when the strand goes on.
     */
    public static final int ASKING = 1 << 16;

    private enum State {
        OFF, BEFORE, HELD, RETURNING
    }

    // The number of events in this run that pin a step to its place, beside its access.
    private int events;
    // Whether a strand is watched.
    private boolean on;
    private State state;
    private Strand strand;
    private int point;
    private int earliest;
    private int settled;
    // The locations that the strand touched before, in the last watched run.
    private Location[] touched = new Location[64];
    private int count;

    /** {@return whether a strand is watched, so that accesses must be reported here} */
    public boolean isOn() {
        return on;
    }

    /** {@return the number of events so far that pin a step to its place} */
    public int events() {
        return events;
    }

    /** Notes an event that pins a step to its place. */
    public void happened() {
        events++;
    }

    /** A run begins: no strand is watched. */
    public void begin() {
        events = 0;
        on = false;
        state = State.OFF;
        settled = Integer.MAX_VALUE;
    }

    /**
     * Begins to watch a strand: its next steps are those before which it could be preempted as well.
     *
     * @param held the strand, which is about to make the first of these steps
     * @param until the step before which it is preempted in this run
     */
    public void watch(Strand held, int until) {
        strand = held;
        point = until;
        earliest = held.point();
        settled = until;
        for (; count > 0; count--) {
            touched[count - 1].readBefore = 0;
            touched[count - 1].writtenBefore = 0;
        }
        state = State.BEFORE;
        on = true;
    }

    /** The strand is preempted. */
    public void stopped() {
        if (state == State.BEFORE) {
            state = State.HELD;
        }
    }

    /** A strand is about to go on. */
    public void goesOn(Strand stepping) {
        if (stepping == strand && state == State.HELD) {
            state = State.RETURNING;
        }
    }

    /**
     * The strand takes an interrupt when it goes on. If it had been preempted sooner, it would take it before all those
     * steps.
     */
    public void interrupted(Strand stepping) {
        events++;
        if (stepping == strand && state == State.RETURNING) {
            end(point);
        }
    }

    /**
     * An interrupt that was overdue when the strand went on has come: it would have come sooner if the strand had been
     * preempted sooner.
     */
    public void late(Strand stepping) {
        events++;
        if (stepping == strand) {
            end(point);
        }
    }

    /** A strand makes its step. */
    public void performed(Strand stepping) {
        if (stepping == strand && state == State.RETURNING) {
            end(earliest);
        } else if (stepping.location() != null) {
            accessed(stepping, stepping.location(), stepping.mode());
        }
    }

    /** A strand touches a location, in a step or without one. */
    public void accessed(Strand stepping, Location location, int mode) {
        boolean writes = (mode & (Access.WRITE | Access.CONDITIONAL)) != 0;
        if (state == State.HELD) {
            reaches(writes ? Math.max(location.writtenBefore, location.readBefore) : location.writtenBefore);
        } else if (stepping == strand && state == State.BEFORE) {
            if (writes) {
                location.writtenBefore = stepping.point();
            } else {
                location.readBefore = stepping.point();
            }
            if (count == touched.length) {
                touched = Arrays.copyOf(touched, 2 * count);
            }
            touched[count++] = location;
        }
    }

    /** A spinning strand checks all that it has read for changes, also reads long before. */
    public void spins(Strand stepping) {
        for (Location read : stepping.spinsOn()) {
            accessed(stepping, read, Access.READ);
        }
    }

    /** From here on uses of an object are checked. */
    public void released(Object object) {
        events++;
        for (int i = 0; state == State.HELD && i < count; i++) {
            if (touched[i].object() == object) {
                reaches(Math.max(touched[i].writtenBefore, touched[i].readBefore));
            }
        }
    }

    /** The step at this point must stay before the steps of other strands. */
    private void reaches(int last) {
        if (last >= earliest) {
            earliest = last + 1;
            if (earliest == point) {
                end(point);
            }
        }
    }

    private void end(int first) {
        settled = first;
        state = State.OFF;
        on = false;
    }

    /**
     * {@return the first of the watched strand's steps before which a preemption is shown to give a run equivalent to
     * this one}
     */
    public int earliest() {
        return settled;
    }
}
