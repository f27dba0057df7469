package org.smp4j.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.util.BitSet;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.cpu.Cpus;
import org.smp4j.testing.Players;

class CpuMaskTest {
    private static final long SEED = 20260101;

    @Test
    void oneTo4096CpusArePossible() {
        assertThat(new CpuMask(1).nrCpuIds()).isEqualTo(1);
        assertThat(new CpuMask(CpuMask.NR_CPUS).nrCpuIds()).isEqualTo(4096);
        for (int wrong : new int[] {-1, 0, 4097}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new CpuMask(wrong))
                    .withMessage("the number of CPUs must be between 1 and 4096, got " + wrong);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 63, 64, 65, 128, 4096})
    void everyOperationAgreesWithABitSet(int size) {
        Random random = new Random(SEED + size);
        for (int round = 0; round < 30; round++) {
            BitSet bits = randomBits(random, size);
            BitSet otherBits = randomBits(random, size);
            CpuMask mask = mask(bits, size);
            CpuMask other = mask(otherBits, size);

            assertThat(mask.weight()).isEqualTo(bits.cardinality());
            assertThat(mask.isEmpty()).isEqualTo(bits.isEmpty());
            assertThat(mask.first()).isEqualTo(bits.isEmpty() ? size : bits.nextSetBit(0));
            assertThat(mask.last()).isEqualTo(bits.isEmpty() ? size : bits.length() - 1);
            assertThat(mask.toHex()).isEqualTo(hex(bits, size));
            assertThat(CpuMask.parse(mask.toString(), size)).isEqualTo(mask).hasSameHashCodeAs(mask);
            assertThat(mask.equals(other)).isEqualTo(bits.equals(otherBits));
            assertThat(mask.intersects(other)).isEqualTo(bits.intersects(otherBits));

            BitSet both = (BitSet) bits.clone();
            both.and(otherBits);
            BitSet onlyHere = (BitSet) bits.clone();
            onlyHere.andNot(otherBits);
            assertThat(mask.isSubsetOf(other)).isEqualTo(onlyHere.isEmpty());
            CpuMask and = new CpuMask(size);
            and.setAll();
            assertThat(and.and(mask, other)).isEqualTo(!both.isEmpty());
            assertThat(and).isEqualTo(mask(both, size));
            assertThat(and.isSubsetOf(mask)).isTrue();

            for (int cpu = -1; cpu < Math.min(size, 300); cpu++) {
                assertThat(mask.testCpu(cpu)).isEqualTo(cpu >= 0 && bits.get(cpu));
                int next = bits.nextSetBit(cpu + 1);
                assertThat(mask.next(cpu)).isEqualTo(next < 0 ? size : next);
                int nextBoth = both.nextSetBit(cpu + 1);
                assertThat(mask.firstAnd(other, cpu)).isEqualTo(nextBoth < 0 ? size : nextBoth);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 4096})
    void theHighestCpuAndNoneBeyondItIsIn(int size) {
        CpuMask mask = new CpuMask(size);
        mask.setCpu(size - 1);
        assertThat(mask.testCpu(size - 1)).isTrue();
        assertThat(mask.first()).isEqualTo(size - 1).isEqualTo(mask.last());
        assertThat(mask.next(size - 1)).isEqualTo(size);
        for (int outside : new int[] {size, size + 64, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(mask.testCpu(outside)).isFalse();
            String message = "CPU " + outside + ": this machine has 0 to " + (size - 1);
            assertThatIllegalArgumentException().isThrownBy(() -> mask.setCpu(outside)).withMessage(message);
            assertThatIllegalArgumentException().isThrownBy(() -> mask.clearCpu(outside)).withMessage(message);
        }
        mask.setAll();
        assertThat(mask.weight()).isEqualTo(size);
        assertThat(mask).hasToString(size == 1 ? "0" : "0-" + (size - 1));
        CpuMask copy = mask.copy();
        mask.clear();
        assertThat(mask.isEmpty()).isTrue();
        assertThat(mask.first()).isEqualTo(mask.last()).isEqualTo(size);
        assertThat(mask).hasToString("");
        assertThat(copy.weight()).as("a copy of its own").isEqualTo(size);
    }

    @Test
    void testAndSetTellsWhatWasThere() {
        CpuMask mask = CpuMask.of(65, 3);
        assertThat(mask.testAndSetCpu(3)).isTrue();
        assertThat(mask.testAndSetCpu(64)).isFalse();
        assertThat(mask.testAndClearCpu(64)).isTrue();
        assertThat(mask.testAndClearCpu(64)).isFalse();
        mask.clearCpu(3);
        assertThat(mask.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "0-3,8          | 0-3,8",
        "8,0,1,3,2      | 0-3,8",
        "0-0            | 0",
        "1-2,2-5,4      | 1-5",
        "63-65,127      | 63-65,127",
        "'  7  '        | 7",
        "00007          | 7",
        "''             | ''",
    })
    void aListIsReadAndWrittenInItsShortestForm(String list, String shortest) {
        assertThat(CpuMask.parse(list, 128)).hasToString(shortest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "128|128", "-1|-1", "0-128|0-128", "0,x,2|x", "1-2-3|1-2-3", "0x1|0x1", "4294967296|4294967296", "1.5|1.5",
        "-|-", "3-|3-", "+1|+1", "n|n", "0-n|0-n", "N1|N1", "al|al", "all-3|all-3", "5:1/2|5:1/2", "0-3:|0-3:",
        "0-3:1|0-3:1", "0-3:1/|0-3:1/", "0-3:/2|0-3:/2", "0-3:-1/2|0-3:-1/2", "0-3:a/2|0-3:a/2", "\u0663|\u0663",
    })
    void nonsenseIsRefusedInOneLineThatNamesThePart(String list, String part) {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuMask.parse(list, 128))
                .withMessage("CPU list \"" + list + "\": \"" + part
                + "\" is neither a CPU from 0 to 127 nor a range of them like 0-3, 4-N, 0-31:2/4 or all");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "all|0-31", "ALL|0-31", "N|31", "0,N|0,31", "28-N|28-31", "N-N|31",
                "0-31:2/4|0-1,4-5,8-9,12-13,16-17,20-21,24-25,28-29", "1-6:1/2|1,3,5",
        "10-20:2/25|10-11", "0-3:4/4|0-3", "0-7:0/4|''", "4-N:1/16|4,20", "all:1/8|0,8,16,24", "0,,2|0,2",
        "' 0, 1 '|0-1", "'0 3'|0,3", "','|''",
    })
    void everyFormOfTheKernelsListsIsUnderstood(String list, String cpus) {
        assertThat(CpuMask.parse(list, 32)).hasToString(cpus);
    }

    @Test
    void nIsTheLastCpuOfThisMachine() {
        assertThat(CpuMask.parse("16-N", 32)).isEqualTo(CpuMask.parse("16-31", 32));
        assertThatIllegalArgumentException().isThrownBy(() -> CpuMask.parse("16-N", 4))
                .withMessageContaining("\"16-N\" is neither a CPU from 0 to 3");
        assertThatIllegalArgumentException().isThrownBy(() -> CpuMask.parse("3-N", 3))
                .withMessageContaining("\"3-N\" is neither");
    }

    @ParameterizedTest
    @CsvSource({"0-3:2/1, 2 of every 1", "0-3:1/0, 1 of every 0", "0-3:0/0, 0 of every 0"})
    void aPartThatIsNoPartIsRefused(String list, String what) {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuMask.parse(list, 8))
                .withMessage("CPU list \"" + list + "\": range \"" + list + "\" takes " + what);
    }

    @Test
    void aRangeThatRunsBackwardsIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> CpuMask.parse("0,5-2", 8))
                .withMessage("CPU list \"0,5-2\": range \"5-2\" runs backwards");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 1", "4, 0-2, 7", "8, 7, 80", "9, 8, 100", "31, 0-30, 7fffffff", "32, '', 00000000", "32, 31, 80000000",
                "33, 0, '0,00000001'",
        "64, 0-3, '00000000,0000000f'", "65, 64, '1,00000000,00000000'",
        "128, '0,32,64,96', '00000001,00000001,00000001,00000001'",
    })
    void hexIsInGroupsOf32BitsAsWideAsTheMachine(int size, String list, String hex) {
        assertThat(CpuMask.parse(list, size).toHex()).isEqualTo(hex);
    }

    @Test
    void masksOfDifferentMachinesDoNotMix() {
        CpuMask small = CpuMask.of(4, 1);
        CpuMask large = CpuMask.of(8, 1);
        assertThat(small).isNotEqualTo(large).isNotEqualTo(null).isNotEqualTo("1");
        String message = "the mask must have 4 CPUs, got one of 8";
        assertThatIllegalArgumentException().isThrownBy(() -> small.copyFrom(large)).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> small.and(small, large)).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> small.and(large, small)).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> small.isSubsetOf(large)).withMessage(message);
        assertThatIllegalArgumentException().isThrownBy(() -> small.intersects(large)).withMessage(message);
    }

    @Test
    void bitsOfOneWordAreChangedAtomically() throws InterruptedException {
        CpuMask mask = new CpuMask(64);
        int[] surprises = new int[3];
        Players players = new Players(new Cpus(3));
        for (int id = 0; id < 3; id++) {
            int own = id;
            players.cpu(own, cpu -> {
                for (int i = 0; i < 50_000; i++) {
                    surprises[own] += mask.testAndSetCpu(own) ? 1 : 0;
                    surprises[own] += mask.testAndClearCpu(own) ? 0 : 1;
                }
            });
        }
        players.run();
        assertThat(surprises).containsOnly(0);
    }

    private static BitSet randomBits(Random random, int size) {
        BitSet bits = new BitSet(size);
        double density = random.nextDouble();
        for (int cpu = 0; cpu < size; cpu++) {
            bits.set(cpu, random.nextDouble() < density);
        }
        return bits;
    }

    private static CpuMask mask(BitSet bits, int size) {
        return CpuMask.of(size, bits.stream().toArray());
    }

    private static String hex(BitSet bits, int size) {
        BigInteger number = BigInteger.ZERO;
        for (int bit : bits.stream().toArray()) {
            number = number.setBit(bit);
        }
        int digits = (size + 3) / 4;
        String plain = "0".repeat(digits) + number.toString(16);
        plain = plain.substring(plain.length() - digits);
        StringJoiner groups = new StringJoiner(",");
        int first = digits % 8 == 0 ? 8 : digits % 8;
        groups.add(plain.substring(0, first));
        for (int from = first; from < digits; from += 8) {
            groups.add(plain.substring(from, from + 8));
        }
        return groups.toString();
    }
}
