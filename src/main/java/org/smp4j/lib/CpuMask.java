package org.smp4j.lib;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A set of CPU numbers from 0 to {@code nr_cpu_ids - 1}; mirrors {@code struct cpumask} of
 * {@code include/linux/cpumask.h}.
 *
 * <p>Operations on single bits are atomic and may race with all others; operations on whole masks read and write word
 * by word, as in the kernel. Context: any.
 */
public class CpuMask {
    /** The largest number of CPUs of a machine. */
    public static final int NR_CPUS = 4096;

    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");
    private static final Pattern RANGE =
            Pattern.compile("(?:(?i:all)|(N|[0-9]{1,9})(?=$|-)(?:-(N|[0-9]{1,9}))?)(?::([0-9]{1,9})/([0-9]{1,9}))?");
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final int nrCpuIds;

    // Written by: any thread, one bit at a time by read-modify-write; whole words by the owner of the mask.
    // Read by: any thread.
    // Ordering: volatile read-modify-writes of bits, opaque reads.
    private final long[] words;

    /**
     * An empty mask.
     *
     * @param nrCpuIds how many CPU numbers there are, 1 to {@link #NR_CPUS}
     */
    public CpuMask(int nrCpuIds) {
        if (nrCpuIds < 1 || nrCpuIds > NR_CPUS) {
            throw new IllegalArgumentException("the number of CPUs must be between 1 and " + NR_CPUS
                    + ", got " + nrCpuIds);
        }
        this.nrCpuIds = nrCpuIds;
        this.words = new long[(nrCpuIds + 63) >>> 6];
    }

    /**
     * A mask with the given CPUs; mirrors {@code cpumask_of}.
     *
     * @param nrCpuIds how many CPU numbers there are
     * @param cpus the CPUs
     * @return a new mask
     */
    public static CpuMask of(int nrCpuIds, int... cpus) {
        CpuMask mask = new CpuMask(nrCpuIds);
        for (int cpu : cpus) {
            mask.setCpu(cpu);
        }
        return mask;
    }

    /**
     * Parses the kernel's list format; mirrors {@code cpulist_parse}. Commas or blanks separate ranges; {@code N} is
     * the last CPU, {@code all} means all of them. A range may select a part: {@code 0-31:2/4} selects the first two of
     * every four.
     *
     * @param list for example {@code 0-3,8,16-N:1/2}; empty for no CPU
     * @param nrCpuIds how many CPU numbers there are
     * @return a new mask
     * @throws IllegalArgumentException with one line that names the wrong part
     */
    public static CpuMask parse(String list, int nrCpuIds) {
        CpuMask mask = new CpuMask(nrCpuIds);
        for (String part : SEPARATORS.split(list)) {
            if (!part.isEmpty()) {
                mask.setRange(part, "CPU list \"" + list + "\": ");
            }
        }
        return mask;
    }

    private void setRange(String part, String where) {
        Matcher range = RANGE.matcher(part);
        boolean matches = range.matches();
        boolean all = matches && range.group(1) == null;
        int from = all ? 0 : matches ? cpuNumber(range.group(1)) : -1;
        int to = all ? nrCpuIds - 1 : matches && range.group(2) != null ? cpuNumber(range.group(2)) : from;
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException(where + "\"" + part + "\" is neither a CPU from 0 to " + (nrCpuIds - 1)
                    + " nor a range of them like 0-3, 4-N, 0-31:2/4 or all");
        }
        if (from > to) {
            throw new IllegalArgumentException(where + "range \"" + part + "\" runs backwards");
        }
        int used = range.group(3) == null ? 1 : Integer.parseInt(range.group(3));
        int group = range.group(3) == null ? 1 : Integer.parseInt(range.group(4));
        if (used > group || group == 0) {
            throw new IllegalArgumentException(where + "range \"" + part + "\" takes " + used + " of every " + group);
        }
        for (int cpu = from; cpu <= to; cpu++) {
            if ((cpu - from) % group < used) {
                setCpu(cpu);
            }
        }
    }

    private int cpuNumber(String digits) {
        int cpu = digits.equals("N") ? nrCpuIds - 1 : Integer.parseInt(digits);
        return cpu < nrCpuIds ? cpu : -1;
    }

    /** {@return how many CPU numbers there are: the highest possible one plus 1} */
    public final int nrCpuIds() {
        return nrCpuIds;
    }

    /**
     * Adds a CPU; mirrors {@code cpumask_set_cpu}.
     *
     * @param cpu the CPU
     */
    public void setCpu(int cpu) {
        testAndSetCpu(cpu);
    }

    /**
     * Removes a CPU; mirrors {@code cpumask_clear_cpu}.
     *
     * @param cpu the CPU
     */
    public void clearCpu(int cpu) {
        testAndClearCpu(cpu);
    }

    /**
     * Adds a CPU to a mask that no other thread changes; mirrors {@code __cpumask_set_cpu}.
     *
     * @param cpu the CPU
     */
    public void setCpuPrivate(int cpu) {
        long bit = bit(cpu);
        WORDS.setOpaque(words, cpu >>> 6, words[cpu >>> 6] | bit);
    }

    /**
     * Removes a CPU from a mask that no other thread changes; mirrors {@code __cpumask_clear_cpu}.
     *
     * @param cpu the CPU
     */
    public void clearCpuPrivate(int cpu) {
        long bit = bit(cpu);
        WORDS.setOpaque(words, cpu >>> 6, words[cpu >>> 6] & ~bit);
    }

    /**
     * Adds a CPU; mirrors {@code cpumask_test_and_set_cpu}. A full fence, as in the kernel.
     *
     * @param cpu the CPU
     * @return whether it was set before
     */
    public boolean testAndSetCpu(int cpu) {
        long bit = bit(cpu);
        return ((long) WORDS.getAndBitwiseOr(words, cpu >>> 6, bit) & bit) != 0;
    }

    /**
     * Removes a CPU; mirrors {@code cpumask_test_and_clear_cpu}. A full fence, as in the kernel.
     *
     * @param cpu the CPU
     * @return whether it was set before
     */
    public boolean testAndClearCpu(int cpu) {
        long bit = bit(cpu);
        return ((long) WORDS.getAndBitwiseAnd(words, cpu >>> 6, ~bit) & bit) != 0;
    }

    /**
     * Tells whether a CPU is in the mask; mirrors {@code cpumask_test_cpu}. No ordering.
     *
     * @param cpu the CPU; any other number is in no mask
     * @return whether it is in the mask
     */
    public final boolean testCpu(int cpu) {
        return Integer.compareUnsigned(cpu, nrCpuIds) < 0
                && ((long) WORDS.getOpaque(words, cpu >>> 6) >>> cpu & 1) != 0;
    }

    private long bit(int cpu) {
        if (Integer.compareUnsigned(cpu, nrCpuIds) >= 0) {
            throw new IllegalArgumentException("CPU " + cpu + ": this machine has 0 to " + (nrCpuIds - 1));
        }
        return 1L << cpu;
    }

    /** {@return the lowest CPU, or {@link #nrCpuIds()} if there is none; mirrors {@code cpumask_first}} */
    public final int first() {
        return next(-1);
    }

    /**
     * The next CPU of the mask; mirrors {@code cpumask_next}.
     *
     * @param cpu the CPU after which to look; -1 for the first CPU of the mask
     * @return the next CPU, or {@link #nrCpuIds()} if there is none
     */
    public final int next(int cpu) {
        int from = cpu + 1;
        if (Integer.compareUnsigned(from, nrCpuIds) >= 0) {
            if (cpu < 0) {
                throw new IllegalArgumentException("the CPU to start after must be -1 or a CPU, got " + cpu);
            }
            return nrCpuIds;
        }
        int word = from >>> 6;
        long bits = word(word) & (-1L << from);
        while (bits == 0) {
            if (++word == words.length) {
                return nrCpuIds;
            }
            bits = word(word);
        }
        return (word << 6) + Long.numberOfTrailingZeros(bits);
    }

    /** {@return the highest CPU, or {@link #nrCpuIds()} if there is none; mirrors {@code cpumask_last}} */
    public final int last() {
        for (int word = words.length - 1; word >= 0; word--) {
            long bits = word(word);
            if (bits != 0) {
                return (word << 6) + 63 - Long.numberOfLeadingZeros(bits);
            }
        }
        return nrCpuIds;
    }

    /** {@return how many CPUs there are; mirrors {@code cpumask_weight}} */
    public final int weight() {
        int weight = 0;
        for (int word = 0; word < words.length; word++) {
            weight += Long.bitCount(word(word));
        }
        return weight;
    }

    /** {@return whether there is no CPU; mirrors {@code cpumask_empty}} */
    public final boolean isEmpty() {
        return first() == nrCpuIds;
    }

    /** Removes every CPU; mirrors {@code cpumask_clear}. */
    public void clear() {
        for (int word = 0; word < words.length; word++) {
            WORDS.setOpaque(words, word, 0L);
        }
    }

    /** Adds every CPU; mirrors {@code cpumask_setall}. */
    public void setAll() {
        for (int word = 0; word < words.length; word++) {
            long bits = word == words.length - 1 && (nrCpuIds & 63) != 0 ? (1L << nrCpuIds) - 1 : -1L;
            WORDS.setOpaque(words, word, bits);
        }
    }

    /**
     * Copies another mask's CPUs; mirrors {@code cpumask_copy}.
     *
     * @param other a mask of the same size
     */
    public void copyFrom(CpuMask other) {
        sameSize(other);
        for (int word = 0; word < words.length; word++) {
            WORDS.setOpaque(words, word, other.word(word));
        }
    }

    /**
     * Becomes the intersection of two masks; mirrors {@code cpumask_and}.
     *
     * @param left a mask of the same size
     * @param right a mask of the same size
     * @return whether any CPU is in both
     */
    public boolean and(CpuMask left, CpuMask right) {
        sameSize(left);
        sameSize(right);
        long any = 0;
        for (int word = 0; word < words.length; word++) {
            long bits = left.word(word) & right.word(word);
            WORDS.setOpaque(words, word, bits);
            any |= bits;
        }
        return any != 0;
    }

    /**
     * Tells whether any CPU is in both masks; mirrors {@code cpumask_intersects}.
     *
     * @param other a mask of the same size
     * @return whether there is one
     */
    public final boolean intersects(CpuMask other) {
        return firstAnd(other, -1) < nrCpuIds;
    }

    /**
     * The next CPU that is in both masks; mirrors {@code cpumask_next_and}.
     *
     * @param other a mask of the same size
     * @param cpu the CPU after which to look; -1 for the first CPU of the mask
     * @return the next such CPU, or {@link #nrCpuIds()} if there is none
     */
    public final int firstAnd(CpuMask other, int cpu) {
        sameSize(other);
        int next = next(cpu);
        while (next < nrCpuIds && !other.testCpu(next)) {
            next = next(next);
        }
        return next;
    }

    /**
     * Tells whether every CPU of this mask is in another; mirrors {@code cpumask_subset}.
     *
     * @param other a mask of the same size
     * @return whether it is a subset
     */
    public final boolean isSubsetOf(CpuMask other) {
        sameSize(other);
        for (int word = 0; word < words.length; word++) {
            if ((word(word) & ~other.word(word)) != 0) {
                return false;
            }
        }
        return true;
    }

    /** {@return a new mask with the same CPUs} */
    public final CpuMask copy() {
        CpuMask copy = new CpuMask(nrCpuIds);
        copy.copyFrom(this);
        return copy;
    }

    private long word(int word) {
        return (long) WORDS.getOpaque(words, word);
    }

    private void sameSize(CpuMask other) {
        if (other.nrCpuIds != nrCpuIds) {
            throw new IllegalArgumentException("the mask must have " + nrCpuIds + " CPUs, got one of "
                    + other.nrCpuIds);
        }
    }

    /** {@return the kernel's list format, for example {@code 0-3,8}; as {@code %*pbl} prints it} */
    @Override
    public final String toString() {
        StringBuilder list = new StringBuilder();
        for (int from = first(); from < nrCpuIds; ) {
            int to = from;
            while (testCpu(to + 1)) {
                to++;
            }
            list.append(list.isEmpty() ? "" : ",").append(from);
            if (to > from) {
                list.append('-').append(to);
            }
            from = next(to);
        }
        return list.toString();
    }

    /** {@return the bits in hexadecimal, in groups of 32 with commas between; as {@code %*pb} prints them} */
    public final String toHex() {
        StringBuilder hex = new StringBuilder();
        for (int group = (nrCpuIds - 1) >>> 5; group >= 0; group--) {
            int bits = (int) (word(group >>> 1) >>> ((group & 1) << 5));
            int digits = hex.isEmpty() ? (((nrCpuIds - 1) & 31) >>> 2) + 1 : 8;
            hex.append(hex.isEmpty() ? "" : ",").append(("%0" + digits + "x").formatted(bits));
        }
        return hex.toString();
    }

    @Override
    public final boolean equals(Object other) {
        return other instanceof CpuMask mask && mask.nrCpuIds == nrCpuIds && isSubsetOf(mask) && mask.isSubsetOf(this);
    }

    @Override
    public final int hashCode() {
        return Arrays.hashCode(words);
    }
}
