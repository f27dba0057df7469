package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.torture.TortureResult.Verdict;

/** A minute of each size. */
@Tag("soak")
@Timeout(400)
class TortureSoakTest {
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    private void soak(TortureConfig config) {
        TortureResult result = new Torture(config.with(TortureParam.SHUTDOWN_SECS, 60), log::add).run();
        assertThat(result.verdict()).as(String.join("\n", log)).isEqualTo(Verdict.SUCCESS);
        assertThat(result.warnings() + result.lockups()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16, 256})
    void aMinute(int cpus) {
        soak(TortureConfig.cpus(cpus));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 16})
    void aMinuteWithoutPausesAndWithFaults(int cpus) {
        TortureConfig config = TortureConfig.cpus(cpus).with(TortureParam.STUTTER, 0)
                .with(TortureParam.SHUFFLE_INTERVAL, 50);
        soak(config.withBoot(config.boot().withCsdLockTimeout(100)).withFaults(20, 20, 1));
    }

    /** A thousand CPUs gone and back, and not one attempt failed. */
    @Test
    void aMinuteOfCpusThatComeAndGo() {
        TortureConfig config = TortureConfig.cpus(4).with(TortureParam.ONOFF_INTERVAL, 3)
                .with(TortureParam.SHUTDOWN_SECS, 60);
        TortureResult result = new Torture(config, log::add).run();
        assertThat(result.verdict()).as(String.join("\n", log)).isEqualTo(Verdict.SUCCESS);
        assertThat(result.statistics().onoff().failed()).isFalse();
        assertThat(result.statistics().onoff().offline().successes()).isGreaterThanOrEqualTo(1000);
    }
}
