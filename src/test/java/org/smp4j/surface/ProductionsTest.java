package org.smp4j.surface;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.smp4j.fuzz.production.Standard;
import org.smp4j.lib.Wiring;

/** Each public function of the tower can come into generated programs, or a reason says why not. */
class ProductionsTest {
    private static Set<String> surface() {
        Set<String> names = new TreeSet<>();
        Surface.all().values().stream().filter(each -> !each.isAnnotationPresent(Wiring.class))
                .forEach(each -> names.add(Surface.shortName(each)));
        return names;
    }

    private static Set<String> covered() {
        Set<String> names = new TreeSet<>();
        Standard.catalog().all().forEach(production -> names.addAll(production.functions()));
        return names;
    }

    static Set<String> withoutProduction(Collection<String> functions) {
        List<String> left = NotInPrograms.WHY.values().stream().flatMap(List::stream).toList();
        Set<String> missing = new TreeSet<>(functions);
        missing.removeAll(covered());
        missing.removeIf(name -> left.contains(name) || left.contains(name.substring(0, name.indexOf('.')) + ".*"));
        return missing;
    }

    @Test
    void everyFunctionHasAProductionOrAReason() {
        assertThat(surface()).hasSizeGreaterThan(300);
        assertThat(withoutProduction(surface())).as("without a production: add one, or a reason why not").isEmpty();
    }

    @Test
    void aNewFunctionIsSeen() {
        assertThat(withoutProduction(List.of("Smp.smpCallFunctionNew", "Smp.smpCallFunctionSingle")))
                .containsExactly("Smp.smpCallFunctionNew");
    }

    @Test
    void productionsAndReasonsNameFunctionsThatExist() {
        assertThat(surface()).containsAll(covered());
        Set<String> named = new TreeSet<>();
        NotInPrograms.WHY.values().forEach(named::addAll);
        Set<String> known = surface();
        surface().forEach(name -> known.add(name.substring(0, name.indexOf('.')) + ".*"));
        assertThat(known).containsAll(named);
        assertThat(named).doesNotContainAnyElementsOf(covered());
    }
}
