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
                assertThat(code).isBetween(-DepartureKind.CODES_BELOW_ZERO, DepartureKind.MOST_CODE);
            }
        }
    }

    @Test
    void otherNumbersAreNoCodes() {
        for (int code : new int[] {Departures.MAX_STRANDS, (1 << 16) + 63, DepartureKind.MOST_CODE + 1,
            -DepartureKind.CODES_BELOW_ZERO - 1}) {
            assertThatThrownBy(() -> DepartureKind.ofCode(code)).hasMessage("no departure has the code " + code);
        }
    }

    /** Tokens that were written hold these codes. */
    @Test
    void codesStay() {
        assertThat(DepartureKind.SWITCH.code(63)).isEqualTo(63);
        assertThat(DepartureKind.CHOICE.code(1)).isEqualTo(-2);
        assertThat(DepartureKind.TIMEOUT.code(0)).isEqualTo(-880);
        assertThat(DepartureKind.TIMEOUT.code(63)).isEqualTo(-943);
        assertThat(DepartureKind.TIME_PASSES.code(0)).isEqualTo(-944);
        assertThat(DepartureKind.DEFERRAL.code(1)).isEqualTo(-1001);
    }
}
