package org.smp4j.fuzz.selftest;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.selftest.Mutant;
import org.smp4j.selftest.Mutants;
import org.smp4j.weave.Weave;

/**
 * A bug to find.
 *
 * @param name its name: that of a mutant, or of a race of the gallery
 * @param what what is wrong
 * @param premise what else is changed, without which it would be none
 * @param weave puts it in
 * @param memory under which memory model it shows
 */
public record Bug(String name, String what, Weave premise, Weave weave, MemoryModel memory) {
    /** {@return all mutants of the selftest, and the races of the gallery that generated programs can show} */
    public static List<Bug> all() {
        List<Bug> all = new ArrayList<>();
        for (Mutant mutant : Mutants.all()) {
            all.add(new Bug(mutant.name(), mutant.what(), mutant.premise(), mutant.mutation(), mutant.memory()));
        }
        for (GalleryEntry entry : Gallery.all()) {
            Weave bug = OldDrivers.bug(entry);
            if (bug != null) {
                all.add(new Bug(entry.slug(), entry.facts().title(), Weave.nothing(), bug, MemoryModel.SC));
            }
        }
        return all;
    }
}
