package org.smp4j.explore.run;

import java.util.Arrays;
import org.smp4j.explore.model.Access;

/**
 * One strand that is made to stop, and whether it could have been made to stop sooner with the same result: the steps that it made just before can be made just
 * after as well, if nothing that others do meanwhile touches what those steps touch. All that rewritten code does counts, steps, plain accesses, and the looks
 * of who watches the scenario; so the runs come to the same for them, too.
 */
public final class HeldStrand {
    /** Added to {@link Strand#quiet} while it is asked for interrupts: whether those make a difference is found out by themselves, when the strand goes on. */
    public static final int ASKING = 1 << 16;

    private enum State {
        OFF, BEFORE, HELD, RETURNING
    }

    // What has happened in this run that keeps a step at its place, beside its access.
    private int events;
    // Whether somebody wants to know what is touched.
    private boolean on;
    private State state;
    private Strand strand;
    private int point;
    private int earliest;
    private int settled;
    // What the strand touched before; in the last run that was watched, until there is another.
    private Location[] touched = new Location[64];
    private int count;

    /** {@return whether the strand is watched, so that accesses have to be told} */
    public boolean isOn() {
        return on;
    }

    /** {@return how much has happened so far that keeps a step at its place} */
    public int events() {
        return events;
    }

    /** Something has happened that keeps a step at its place. */
    public void happened() {
        events++;
    }

    public void begin() {
        events = 0;
        on = false;
        state = State.OFF;
        settled = Integer.MAX_VALUE;
    }

    /**
     * From here on a strand makes the steps that it could be stopped before as well.
     *
     * @param held the strand, which is about to make the first of them
     * @param until the step before which it is stopped in this run
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

    /** Now it is stopped. */
    public void stopped() {
        if (state == State.BEFORE) {
            state = State.HELD;
        }
    }

    /** Somebody is about to go on. */
    public void goesOn(Strand who) {
        if (who == strand && state == State.HELD) {
            state = State.RETURNING;
        }
    }

    /** The strand takes an interrupt where it goes on: it would take it before all those steps if it had been stopped there. */
    public void interrupted(Strand who) {
        events++;
        if (who == strand && state == State.RETURNING) {
            end(point);
        }
    }

    /** What was overdue when the strand went on has come: it would have come sooner if the strand had been stopped sooner. */
    public void late(Strand who) {
        events++;
        if (who == strand) {
            end(point);
        }
    }

    /** A strand makes its step. */
    public void performed(Strand who) {
        if (who == strand && state == State.RETURNING) {
            end(earliest);
        } else if (who.location() != null) {
            accessed(who, who.location(), who.mode());
        }
    }

    /** A strand touches something, in a step or without one. */
    public void accessed(Strand who, Location location, int mode) {
        boolean writes = (mode & (Access.WRITE | Access.CONDITIONAL)) != 0;
        if (state == State.HELD) {
            reaches(writes ? Math.max(location.writtenBefore, location.readBefore) : location.writtenBefore);
        } else if (who == strand && state == State.BEFORE) {
            if (writes) {
                location.writtenBefore = who.point();
            } else {
                location.readBefore = who.point();
            }
            if (count == touched.length) {
                touched = Arrays.copyOf(touched, 2 * count);
            }
            touched[count++] = location;
        }
    }

    /** Who spins finds out whether something has changed of what it read, also long before. */
    public void spins(Strand who) {
        for (Location read : who.spinsOn()) {
            accessed(who, read, Access.READ);
        }
    }

    /** It matters from here on who touches an object. */
    public void released(Object object) {
        events++;
        for (int i = 0; state == State.HELD && i < count; i++) {
            if (touched[i].object() == object) {
                reaches(Math.max(touched[i].writtenBefore, touched[i].readBefore));
            }
        }
    }

    /** The step at this point must stay before what the others do. */
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

    /** {@return the first of the watched strand's steps for which it is shown that stopping before it comes to the same as this run} */
    public int earliest() {
        return settled;
    }
}
