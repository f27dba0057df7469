package org.smp4j.race;

import java.lang.reflect.Modifier;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.run.Program;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/**
 * One race of the gallery.
 *
 * @param facts what is known of it
 * @param type the race
 */
public record GalleryEntry(RaceFacts facts, Class<? extends Race> type) {
    static GalleryEntry of(Class<?> type) {
        RaceFacts facts = type.getAnnotation(RaceFacts.class);
        if (facts == null) {
            throw new IllegalStateException(type.getName() + " is a race without @RaceFacts");
        }
        return new GalleryEntry(facts, type.asSubclass(Race.class));
    }

    /** {@return the race, made anew} */
    public Race race() {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName()
                    + " is a race without a public constructor without parameters", e);
        }
    }

    static boolean isRace(Class<?> type) {
        return Race.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers())
                && Modifier.isPublic(type.getModifiers());
    }

    /** {@return its short name} */
    public String slug() {
        return facts.slug();
    }

    /** {@return the floor of the kernel to which it belongs: the last part of its package's name} */
    public String floor() {
        String name = type.getPackageName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** {@return the hash of the fix with a sign for how sure it is, or what stands in its place} */
    public String hash() {
        if (facts.hash().isEmpty() && facts.certainty() == Certainty.MEMORY) {
            return "-";
        }
        return facts.hash() + switch (facts.certainty()) {
            case VERIFIED -> "";
            case TITLE_ONLY -> ".";
            case MEMORY -> "?";
            case OWN -> "(our own)";
        };
    }

    /** {@return when and by which commit it was fixed, without a full stop} */
    public String fix() {
        String known = switch (facts.certainty()) {
            case VERIFIED -> "the hash is verified";
            case TITLE_ONLY -> "the hash is known with its title only";
            case MEMORY -> "the hash is from memory";
            case OWN -> "not a race of the kernel";
        };
        if (facts.hash().isEmpty() && facts.certainty() == Certainty.MEMORY) {
            return facts.year() + ": \"" + facts.title() + "\"; no hash is known";
        }
        String by = facts.certainty() == Certainty.OWN ? "smp4j itself" : hash();
        return "fixed in " + facts.year() + " by " + by + " (\"" + facts.title() + "\"; " + known + ")";
    }

    /**
     * Prepares a variant for exploring, with the oracles.
     *
     * @param variant which
     * @return the program
     */
    public Program program(Variant variant) {
        Race race = race();
        Weave weave = variant == Variant.BUGGY ? race.parts().and(race.bug()) : race.parts();
        RewriteOptions options = Programs.options().withWeaves(weave);
        return new LoadedProgram(slug() + "/" + variant, type.getName(), options, type.getClassLoader());
    }

    /**
     * {@return the memory model under which it is explored: that of {@link RaceFacts#model} where the explorer has it}
     */
    public org.smp4j.explore.memory.MemoryModel memory() {
        return switch (facts.model()) {
            case SEQ, SC, COMPILER -> org.smp4j.explore.memory.MemoryModel.SC;
            case TSO -> org.smp4j.explore.memory.MemoryModel.TSO;
            case WEAK -> org.smp4j.explore.memory.MemoryModel.JAVA;
        };
    }
}
