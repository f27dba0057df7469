package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.smp4j.cpu.Cpus;
import org.smp4j.testing.Players;

class WarningsTest {
    private static final WarnSite ONCE = WarnSite.once("some_function", "value %d");
    private static final WarnSite ALWAYS = WarnSite.always("other_function", "%s twice");

    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Lifetime lifetime = new Lifetime(log::add);
    private final Warnings warnings = new Warnings(log::add, lifetime, false);

    @Test
    void aOnceSiteReportsItsFirstWarningOnly() {
        warnings.warn(ONCE, 1);
        warnings.warn(ONCE, 2);
        assertThat(log).containsExactly("WARNING: some_function: value 1");
        assertThat(warnings.count(ONCE)).isEqualTo(1);
    }

    @Test
    void otherSitesReportEachTime() {
        warnings.warn(ALWAYS, "a");
        warnings.warn(ONCE, 3);
        warnings.warn(ALWAYS, "b");
        assertThat(warnings.list()).extracting(Warnings.Warning::toString)
                .containsExactly("other_function: a twice", "some_function: value 3", "other_function: b twice");
        assertThat(warnings.list()).extracting(Warnings.Warning::number).containsExactly(1, 2, 3);
        assertThat(warnings.count()).isEqualTo(3);
        assertThat(warnings.count(ALWAYS)).isEqualTo(2);
        assertThat(lifetime.ended()).isFalse();
    }

    @Test
    void sitesOfOneFunctionAreToldApart() {
        warnings.warn(ONCE, 1);
        warnings.warn(WarnSite.once("some_function", "another value %d"), 2);
        assertThat(warnings.count()).isEqualTo(2);
    }

    @Test
    void resetArmsEveryOnceFlagAgain() {
        warnings.warn(ONCE, 1);
        warnings.reset();
        assertThat(warnings.count()).isZero();
        assertThat(warnings.list()).isEmpty();
        warnings.warn(ONCE, 2);
        assertThat(log).hasSize(2);
        assertThat(warnings.count(ONCE)).isEqualTo(1);
    }

    @Test
    void machinesDoNotShareOnceFlags() {
        warnings.warn(ONCE, 1);
        Warnings others = new Warnings(Printk.NONE, lifetime, false);
        assertThat(others.count()).isZero();
        others.warn(ONCE, 1);
        assertThat(others.count(ONCE)).isEqualTo(1);
    }

    @Test
    void panicOnWarnEndsTheMachineWithTheFirst() {
        Warnings strict = new Warnings(log::add, lifetime, true);
        strict.warn(ONCE, 7);
        strict.warn(ALWAYS, "x");
        assertThat(log).containsExactly("WARNING: some_function: value 7",
                "Kernel panic - not syncing: panic_on_warn set: value 7", "WARNING: other_function: x twice");
        assertThat(lifetime.panicReason()).isEqualTo("panic_on_warn set: value 7");
        assertThatExceptionOfType(Aborted.class).isThrownBy(lifetime::check);
    }

    @Test
    void whatAFunctionThrewIsKept() {
        RuntimeException cause = new IllegalStateException("of a user");
        warnings.thrown("my_func", cause);
        assertThat(warnings.count(Warnings.THROWN)).isEqualTo(1);
        assertThat(warnings.list().getFirst().cause()).isSameAs(cause);
        assertThat(log).containsExactly("WARNING: callback: my_func threw java.lang.IllegalStateException: of a user");
    }

    @Test
    void memoryIsBoundedAndOnceFlagsHoldAllTheSame() {
        warnings.warn(ONCE, 1);
        for (int i = 0; i < 5_000; i++) {
            warnings.warn(ALWAYS, i);
        }
        warnings.warn(ONCE, 2);
        assertThat(warnings.count()).isEqualTo(5_001);
        assertThat(warnings.count(ONCE)).isEqualTo(1);
        assertThat(warnings.list()).hasSizeBetween(2, 1_100);
        assertThat(warnings.list().getLast().message()).isEqualTo("4999 twice");
        assertThat(log).contains("WARNING: some_function: value 1").doesNotContain("WARNING: some_function: value 2");
    }

    @Test
    void simultaneousWarningsAreAllCountedButOnceSitesOnlyOnce() throws InterruptedException {
        AtomicInteger lines = new AtomicInteger();
        Warnings shared = new Warnings(line -> lines.incrementAndGet(), lifetime, false);
        Players.Play warner = cpu -> {
            for (int i = 0; i < 300; i++) {
                shared.warn(ALWAYS, cpu);
                shared.warn(ONCE, i);
            }
        };
        new Players(new Cpus(3)).cpu(0, warner).cpu(1, warner).cpu(2, warner).run();
        assertThat(shared.count()).isEqualTo(901);
        assertThat(shared.count(ONCE)).isEqualTo(1);
        assertThat(lines).hasValue(901);
        assertThat(shared.list()).extracting(Warnings.Warning::number).isSorted().doesNotHaveDuplicates().hasSize(901);
    }
}
