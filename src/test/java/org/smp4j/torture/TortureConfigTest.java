package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TortureConfigTest {
    private final TortureConfig config = TortureConfig.cpus(4);

    @Test
    void defaultsAreTheKernels() {
        assertThat(config.get(TortureParam.STUTTER)).isEqualTo(5);
        assertThat(config.get(TortureParam.STAT_INTERVAL)).isEqualTo(60);
        assertThat(config.get(TortureParam.SHUTDOWN_SECS)).isZero();
        assertThat(config.get(TortureParam.NTHREADS)).isEqualTo(-1);
        assertThat(config.workers()).isEqualTo(4);
        assertThat(config.boot().csdlockDebug()).isTrue();
    }

    @Test
    void parametersAreKnownByTheirKernelNames() {
        assertThat(TortureParam.ofName("weight_single_rpc")).isEqualTo(TortureParam.WEIGHT_SINGLE_RPC);
        assertThat(TortureParam.ofName("weight-single-rpc")).isEqualTo(TortureParam.WEIGHT_SINGLE_RPC);
        assertThat(TortureParam.ofName("weight")).isNull();
        assertThat(TortureParam.WEIGHT_SINGLE_RPC.kernelName()).isEqualTo("weight_single_rpc");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> config.with(TortureParam.STUTTER, -1))
                .hasMessage("stutter must be between 0 and 3600000, got -1");
        assertThatThrownBy(() -> config.withFaults(600, 600, 0)).hasMessageContaining("at most 1000");
        assertThatThrownBy(() -> config.withBoot(config.boot().withCsdlockDebug(false)).withFaults(0, 0, 1))
                .hasMessageContaining("ipi_drop needs csdlock_debug");
    }
}
