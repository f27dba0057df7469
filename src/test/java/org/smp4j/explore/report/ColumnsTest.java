package org.smp4j.explore.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnsTest {
    @Test
    void columnsThatDifferInANumberAreInTheOrderOfTheNumbers() {
        List<String> ordered = List.of("CPU 0", "CPU 2", "CPU 10", "CPU 1 of 2", "main", "worker", "worker9",
                "worker10", "worker11");
        List<String> names = new ArrayList<>(ordered);
        Collections.reverse(names);
        names.sort(Columns.BY_NUMBER);
        assertThat(names).isEqualTo(ordered);
    }
}
