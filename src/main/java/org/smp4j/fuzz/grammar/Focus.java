package org.smp4j.fuzz.grammar;

import java.util.Locale;
import org.smp4j.explore.model.Randomness;
import org.smp4j.fuzz.program.Stage;

/** What generated programs are about: a floor, or all of them. */
public enum Focus {
    /** Calls and irq_works. */
    CALL(Floor.CALL, 75, 15),
    /** Tasks. */
    SCHED(Floor.SCHED, 5, 65),
    /** Stoppers. */
    STOP(Floor.STOP, 5, 75),
    /** CPUs that come and go. */
    HOTPLUG(Floor.HOTPLUG, 2, 4),
    /** All floors. */
    ALL(null, 60, 25);

    private final Floor floor;
    private final int bare;
    private final int tasks;

    Focus(Floor floor, int bare, int tasks) {
        this.floor = floor;
        this.bare = bare;
        this.tasks = tasks;
    }

    /**
     * {@return the focus of that name}
     *
     * @param name in small letters
     * @throws IllegalArgumentException if there is none
     */
    public static Focus of(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the floor must be call, sched, stop, hotplug or all, got " + name, e);
        }
    }

    /** {@return the focus of a program: programs about all floors have that of each floor in turn, and all} */
    Focus of(long number) {
        return this == ALL ? values()[(int) (number % values().length)] : this;
    }

    Stage stage(Randomness draws) {
        int draw = draws.below(100);
        return draw < bare ? Stage.CPUS : draw < bare + tasks ? Stage.TASKS : Stage.MACHINE;
    }

    /** {@return whether programs are mostly about productions of its floor} */
    boolean isAbout(Production production) {
        return floor == null || production.floor() == floor;
    }

    /** How often a production is drawn. */
    int weight(Production production) {
        if (floor == null || production.floor() == floor) {
            return 4 * production.weight;
        }
        return production.floor().compareTo(floor) < 0 ? production.weight : 0;
    }

    /** How many of a hundred programs have tasks that wait for each other. */
    int waits() {
        return floor == Floor.SCHED ? 60 : 30;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
