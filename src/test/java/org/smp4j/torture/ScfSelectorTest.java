package org.smp4j.torture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.smp4j.torture.ScfSelector.Prim;

class ScfSelectorTest {
    private static final TortureParam[] WEIGHTS =
            {TortureParam.WEIGHT_RESCHED, TortureParam.WEIGHT_SINGLE, TortureParam.WEIGHT_SINGLE_RPC,
        TortureParam.WEIGHT_SINGLE_WAIT, TortureParam.WEIGHT_MANY, TortureParam.WEIGHT_MANY_WAIT,
        TortureParam.WEIGHT_ALL, TortureParam.WEIGHT_ALL_WAIT};

    private static TortureConfig weights(int nrCpus, int... values) {
        TortureConfig config = TortureConfig.cpus(nrCpus).withSeed(1);
        for (int i = 0; i < values.length; i++) {
            config = config.with(WEIGHTS[i], values[i]);
        }
        return config;
    }

    private static long[] effective(int... values) {
        TortureConfig config = weights(4, values);
        return ScfSelector.weights((param, none) -> config.get(param), 4);
    }

    @Test
    void noneGivenMeansTheDefaults() {
        assertThat(effective()).containsExactly(8, 8, 8, 8, 2, 2, 1, 1);
    }

    @Test
    void explicitZeroStaysZeroAmongDefaults() {
        assertThat(effective(0, -1, -1, 0)).containsExactly(0, 8, 8, 0, 2, 2, 1, 1);
    }

    @Test
    void onePositiveWeightTurnsTheUngivenOnesOff() {
        assertThat(effective(-1, -1, 5, -1, 0)).containsExactly(0, 0, 5, 0, 0, 0, 0, 0);
    }

    @Test
    void allZeroMakesNoSense() {
        assertThatThrownBy(() -> weights(4, 0, 0, 0, 0, 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("all zero weights makes no sense (-EINVAL)");
    }

    @Test
    void dumpShowsSharesInTheKernelsOrder() {
        assertThat(new ScfSelector(weights(3, 0)).dump()).containsExactly(
                "scf_sel_dump:  25.000 smp_call_function_single(nowait)",
                "scf_sel_dump:  25.000 smp_call_function_single_rpc(wait)",
                "scf_sel_dump:  25.000 smp_call_function_single(wait)",
                "scf_sel_dump:   8.333 smp_call_function_many(nowait)",
                "scf_sel_dump:   8.333 smp_call_function_many(wait)",
                "scf_sel_dump:   4.166 smp_call_function(nowait)",
                "scf_sel_dump:   4.166 smp_call_function(wait)");
        assertThat(new ScfSelector(weights(4, 7)).dump()).containsExactly("scf_sel_dump: 100.000 resched_cpu(nowait)");
    }

    @Test
    void frequenciesFollowTheWeights() {
        ScfSelector selector = new ScfSelector(weights(4));
        TortureRandom random = new TortureRandom(42);
        int draws = 310_000;
        Map<Prim, Integer> waiting = new EnumMap<>(Prim.class);
        Map<Prim, Integer> others = new EnumMap<>(Prim.class);
        for (int draw = 0; draw < draws; draw++) {
            ScfSelector.Row row = selector.select(random);
            (row.waits() ? waiting : others).merge(row.prim(), 1, Integer::sum);
        }
        // Of 39 outcomes, 0 to 38, the first row gets one more than its weight.
        assertThat(others.get(Prim.RESCHED) * 39.0 / draws).isCloseTo(9, within(0.2));
        assertThat(others.get(Prim.SINGLE) * 39.0 / draws).isCloseTo(8, within(0.2));
        assertThat(waiting.get(Prim.SINGLE_RPC) * 39.0 / draws).isCloseTo(8, within(0.2));
        assertThat(waiting.get(Prim.SINGLE) * 39.0 / draws).isCloseTo(8, within(0.2));
        assertThat(others.get(Prim.MANY) * 39.0 / draws).isCloseTo(2, within(0.1));
        assertThat(waiting.get(Prim.MANY) * 39.0 / draws).isCloseTo(2, within(0.1));
        assertThat(others.get(Prim.ALL) * 39.0 / draws).isCloseTo(1, within(0.1));
        assertThat(waiting.get(Prim.ALL) * 39.0 / draws).isCloseTo(1, within(0.1));
    }
}
