package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootParamsTest {
    private final BootParams four = BootParams.cpus(4);

    @Test
    void theDefaultsAreTheKernels() {
        assertThat(four).isEqualTo(new BootParams(4, 4, BootParams.Idle.POLL, false, 5000, 0, false, 10, true));
    }

    @Test
    void aCommandLineSetsEachParameterUnderItsKernelName() {
        BootParams all =
                four.with(" nr_cpus=8 maxcpus=2 idle=halt csdlock_debug=1 csd_lock_timeout=100\tpanic_on_ipistall=200 "
                + "panic_on_warn=on watchdog_thresh=0  pin=0 ");
        assertThat(all).isEqualTo(new BootParams(8, 2, BootParams.Idle.HALT, true, 100, 200, true, 0, false));
        assertThat(four.with("")).isEqualTo(four);
        assertThat(four.with("csdlock_debug")).as("a bare name switches on").isEqualTo(four.withCsdlockDebug(true));
        assertThat(four.with("csd-lock-timeout=7").csdLockTimeout()).as("dashes as good as underscores").isEqualTo(7);
        assertThat(four.with("smp.csd_lock_timeout=7 smp.panic_on_ipistall=8")).as("with the name of the module")
                .isEqualTo(four.with("csd_lock_timeout=7 panic_on_ipistall=8"));
        assertThat(four.with("pin=none").pin()).isFalse();
        assertThat(four.with("idle=poll csdlock_debug=n pin=y")).isEqualTo(four);
    }

    @Test
    void theOrderOnTheCommandLineDoesNotMatter() {
        assertThat(four.with("maxcpus=2 nr_cpus=8")).isEqualTo(four.with("nr_cpus=8 maxcpus=2"));
        assertThat(four.with("maxcpus=6 nr_cpus=8").maxcpus()).isEqualTo(6);
        assertThat(four.with("nr_cpus=2").maxcpus()).as("all of them, unless told otherwise").isEqualTo(2);
    }

    @Test
    void oneCpuIsOnlineHoweverFewAreAskedFor() {
        assertThat(four.with("maxcpus=0").maxcpus()).isZero();
        assertThat(four.with("maxcpus=0").onlineAtBoot()).isEqualTo(1);
        assertThat(four.with("maxcpus=3").onlineAtBoot()).isEqualTo(3);
    }

    @Test
    void eachSetterChangesItsOwnFieldOnly() {
        assertThat(four.withIdle(BootParams.Idle.HALT)).isEqualTo(four.with("idle=halt"));
        assertThat(four.withCsdlockDebug(true)).isEqualTo(four.with("csdlock_debug=1"));
        assertThat(four.withCsdLockTimeout(9)).isEqualTo(four.with("csd_lock_timeout=9"));
        assertThat(four.withWatchdogThresh(9)).isEqualTo(four.with("watchdog_thresh=9"));
        assertThat(four.withPin(false)).isEqualTo(four.with("pin=0"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nr_cpus=0               | nr_cpus must be between 1 and 4096, got 0",
        "nr_cpus=4097            | nr_cpus must be between 1 and 4096, got 4097",
        "maxcpus=5               | maxcpus must be between 0 and 4, got 5",
        "maxcpus=-1              | maxcpus must be between 0 and 4, got -1",
        "smp.maxcpus=1           | unknown boot parameter \"smp.maxcpus\"; known are nr_cpus, maxcpus, idle, "
        + "csdlock_debug, "
            + "csd_lock_timeout, panic_on_ipistall, panic_on_warn, watchdog_thresh and pin",
        "csd_lock_timeout=-1     | csd_lock_timeout must be between 0 and 3600000, got -1",
        "panic_on_ipistall=-1    | panic_on_ipistall must be between 0 and 3600000, got -1",
        "watchdog_thresh=3601    | watchdog_thresh must be between 0 and 3600, got 3601",
        "nr_cpus=four            | nr_cpus must be a whole number, got \"four\"",
        "csd_lock_timeout=       | csd_lock_timeout must be a whole number, got \"\"",
        "csdlock_debug=maybe     | csdlock_debug must be 0 or 1, got maybe",
        "pin=5                   | pin must be 0 or 1, got 5",
        "idle=mwait              | idle must be poll or halt, got mwait",
        "nosmp=1                 | unknown boot parameter \"nosmp\"; known are nr_cpus, maxcpus, idle, csdlock_debug, "
            + "csd_lock_timeout, panic_on_ipistall, panic_on_warn, watchdog_thresh and pin",
    })
    void nonsenseIsRefusedInOneLineThatSaysWhatWouldBeRight(String params, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> four.with(params)).withMessage(message);
    }

    @Test
    void theLargestMachineIsPossible() {
        assertThat(BootParams.cpus(CpuMask.NR_CPUS).maxcpus()).isEqualTo(4096);
        assertThat(BootParams.cpus(1).nrCpus()).isEqualTo(1);
    }
}
