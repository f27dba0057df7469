package org.smp4j.explore.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DepartureKindTest {
    private static final Map<DepartureKind, int[]> RANGES = Map.of(
            DepartureKind.SWITCH, new int[] {0, Departures.MAX_STRANDS - 1},
            DepartureKind.CHOICE, new int[] {1, Departures.MOST_CHOICES},
            DepartureKind.TIMEOUT, new int[] {0, Departures.MAX_STRANDS - 1},
            DepartureKind.TIME_PASSES, new int[] {0, 0},
            DepartureKind.ROUND_ROBIN, new int[] {0, 0},
            DepartureKind.OLDER_VALUE, new int[] {1, Departures.MOST_NEWER},
            DepartureKind.EARLIER_WRITE, new int[] {1, Departures.MOST_NEWER},
            DepartureKind.SPURIOUS_FAILURE, new int[] {1, 1},
            DepartureKind.INTERRUPT, new int[] {0, Departures.NO_INTERRUPT},
            DepartureKind.DEFERRAL, new int[] {1, Departures.UNTIL_POLL});

    @Test
    void everyKindAndValueHasACodeOfItsOwn() {
        Set<Integer> codes = new HashSet<>();
        for (DepartureKind kind : DepartureKind.values()) {
            for (int value = RANGES.get(kind)[0]; value <= RANGES.get(kind)[1]; value++) {
                int code = kind.code(value);
                assertThat(codes.add(code)).as("%s %d", kind, value).isTrue();
                assertThat(DepartureKind.ofCode(code)).as("%s %d", kind, value).isEqualTo(kind);
                assertThat(kind.value(code)).as("%s %d", kind, value).isEqualTo(value);
                assertThat(code).isGreaterThanOrEqualTo(-DepartureKind.CODES_BELOW_ZERO);
            }
        }
    }

    @Test
    void otherNumbersAreNoCodes() {
        for (int code : new int[] {Departures.MAX_STRANDS, -1, -946, -DepartureKind.CODES_BELOW_ZERO - 1}) {
            assertThatThrownBy(() -> DepartureKind.ofCode(code)).hasMessage("no departure has the code " + code);
        }
    }
}
