package org.smp4j.fuzz.handover;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * The grace periods of a program and the sections that they wait for: a section that has begun before a grace period
 * has ended before that returns, and any other sees what was written before the grace period.
 */
public final class GracePeriods {
    private final List<Section> running = new ArrayList<>(); // guarded by this
    private final List<GracePeriod> all = new ArrayList<>(); // guarded by this

    /** For a run. */
    public GracePeriods() {
    }

    /** A section in which the CPU does not switch. */
    public static final class Section {
        private final Object name;
        private final HandOver effect;
        private final List<GracePeriod> notSeen = new ArrayList<>(); // the section's thread

        private Section(Object name) {
            this.name = name;
            effect = HandOver.of("", name);
        }
    }

    /** A grace period. */
    public static final class GracePeriod {
        private final HandOver before;
        private List<Section> waitsFor = List.of(); // guarded by the grace periods
        private boolean returned; // guarded by the grace periods

        private GracePeriod(Object name) {
            before = HandOver.of("", name);
        }
    }

    /**
     * {@return a section that has just begun}
     *
     * @param name its operation
     */
    public Section begins(Object name) {
        Section section = new Section(name);
        List<GracePeriod> begun = new ArrayList<>();
        Exploring.quietly(() -> {
            synchronized (this) {
                running.add(section);
                begun.addAll(all);
            }
        });
        for (GracePeriod each : begun) {
            if (!each.before.isSeen()) {
                section.notSeen.add(each);
            }
        }
        return section;
    }

    /**
     * A section is about to end.
     *
     * @param section the section
     */
    public void ends(Section section) {
        section.effect.write();
        Exploring.quietly(() -> {
            synchronized (this) {
                running.remove(section);
                for (GracePeriod each : section.notSeen) {
                    if (each.returned) {
                        broken(section);
                    }
                }
            }
        });
    }

    /**
     * {@return a grace period that is about to begin}
     *
     * @param name its operation
     */
    public GracePeriod gracePeriod(Object name) {
        GracePeriod made = new GracePeriod(name);
        Exploring.quietly(() -> {
            synchronized (this) {
                all.add(made);
                made.waitsFor = List.copyOf(running);
            }
        });
        made.before.write();
        return made;
    }

    /**
     * A grace period has ended.
     *
     * @param gracePeriod the grace period
     * @param name its operation
     */
    public void returned(GracePeriod gracePeriod, Object name) {
        List<Section> ended = new ArrayList<>();
        Exploring.quietly(() -> {
            synchronized (this) {
                ended.addAll(gracePeriod.waitsFor);
                gracePeriod.returned = true;
                for (Section each : gracePeriod.waitsFor) {
                    if (running.contains(each)) {
                        broken(each);
                    }
                }
            }
        });
        ended.forEach(each -> each.effect.mustBeSeen("", name));
    }

    private static void broken(Section section) {
        ProgramRule.broken("grace period too short", "a grace period has ended while " + section.name
                + ", which it has to wait for, has preemption off");
    }
}
