package org.smp4j.explore.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "x = 1; \"y\" <&> \\ ~", "\u00e4\u6f22\u0301", "\ud83d\ude80 \ue000"})
    void whatCanBePrintedStays(String text) {
        assertThat(PlainText.of(text)).isSameAs(text);
    }

    @Test
    void whatHasNoPlaceInALineIsEscaped() {
        assertThat(PlainText.of("a\nb\tc\rd")).isEqualTo("a\\nb\\tc\\rd");
        assertThat(PlainText.of("\033[31mred\u007f\u0085")).isEqualTo("\\u001b[31mred\\u007f\\u0085");
        assertThat(PlainText.of("line\u2028right to left\u202e\ufeff"))
                .isEqualTo("line\\u2028right to left\\u202e\\ufeff");
        assertThat(PlainText.of("\ufffe\ud83f\udfff\udb40\udc01")).isEqualTo("\\ufffe\\ud83f\\udfff\\udb40\\udc01");
    }

    @Test
    void halfACharacterIsEscaped() {
        assertThat(PlainText.of("\0a\ud800b\udc00")).isEqualTo("\\u0000a\\ud800b\\udc00");
        assertThat(PlainText.of(null)).isNull();
    }

    @Test
    void whatAFailureTakesFromTheProgramIsFit() {
        Failure failure = new Failure("thrown: \0", "a\nb", List.of("\033[1m"), null);
        assertThat(List.of(failure.rule(), failure.message(), failure.details().getFirst()))
                .containsExactly("thrown: \\u0000", "a\\nb", "\\u001b[1m");
    }
}
