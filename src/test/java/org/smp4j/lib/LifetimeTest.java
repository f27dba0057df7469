package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifetimeTest {
    private final List<String> log = new ArrayList<>();
    private final Lifetime lifetime = new Lifetime(log::add);

    @Test
    void aMachineRunsUntilItIsClosed() {
        assertThatCode(lifetime::check).doesNotThrowAnyException();
        assertThat(lifetime.ended()).isFalse();
        lifetime.close();
        lifetime.close();
        assertThat(lifetime.ended()).isTrue();
        assertThat(lifetime.panicReason()).isNull();
        assertThatExceptionOfType(Aborted.class).isThrownBy(lifetime::check).withMessage("machine closed")
                .withNoCause();
        assertThat(log).isEmpty();
    }

    @Test
    void onlyTheFirstPanicIsAnnounced() {
        lifetime.panic("first");
        lifetime.panic("second");
        lifetime.close();
        assertThat(log).containsExactly("Kernel panic - not syncing: first");
        assertThat(lifetime.panicReason()).isEqualTo("first");
        assertThatExceptionOfType(Aborted.class).isThrownBy(lifetime::check).withMessage("first");
    }

    @Test
    void aPanicAfterTheCloseIsNone() {
        lifetime.close();
        lifetime.panic("late");
        assertThat(lifetime.panicReason()).isNull();
        assertThat(log).isEmpty();
    }
}
