package org.smp4j.torture;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.smp4j.cpu.IpiFaults;
import org.smp4j.lib.BootParams;

/**
 * The configuration of a torture run; immutable.
 *
 * @param boot the boot parameters of the machine
 * @param params the parameters that differ from their defaults
 * @param seed the seed of the workers' and handlers' choices, and of the interrupt faults
 * @param ipiDelay how many of 1,000 interrupts arrive late
 * @param ipiDuplicate how many of 1,000 interrupts arrive twice
 * @param ipiDrop how many of 1,000 call interrupts are lost until the csd lock watchdog sends them again
 */
public record TortureConfig(BootParams boot, Map<TortureParam, Integer> params, long seed, int ipiDelay,
        int ipiDuplicate, int ipiDrop) {
    private static final long APART = 0x9E3779B97F4A7C15L; // between the seeds of two generators

    /** Checks what can be checked without a machine. */
    public TortureConfig {
        params = Map.copyOf(params);
        params.forEach(TortureParam::check);
        if (ipiDrop > 0 && !(boot.csdlockDebug() && boot.csdLockTimeout() > 0)) {
            throw new IllegalArgumentException(
                    "ipi_drop needs csdlock_debug=1 and a csd_lock_timeout, to send lost interrupts again");
        }
        new IpiFaults(seed, ipiDelay, ipiDuplicate, ipiDrop); // checks the rates
        ScfSelector.weights(params::getOrDefault, boot.nrCpus());
    }

    /**
     * The defaults, with a random seed; the csd lock watchdog is on.
     *
     * @param nrCpus how many CPUs the machine has
     * @return a configuration as a starting point
     */
    public static TortureConfig cpus(int nrCpus) {
        long seed = ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        return new TortureConfig(BootParams.cpus(nrCpus).withCsdlockDebug(true), Map.of(), seed, 0, 0, 0);
    }

    /**
     * The value of a parameter.
     *
     * @param param the parameter
     * @return its value, or its default
     */
    public int get(TortureParam param) {
        return params.getOrDefault(param, param.byDefault());
    }

    /**
     * Sets a parameter.
     *
     * @param param the parameter
     * @param value the new value
     * @return the changed configuration
     * @throws IllegalArgumentException with one line that says what is wrong
     */
    public TortureConfig with(TortureParam param, int value) {
        Map<TortureParam, Integer> changed = new EnumMap<>(TortureParam.class);
        changed.putAll(params);
        changed.put(param, value);
        return new TortureConfig(boot, changed, seed, ipiDelay, ipiDuplicate, ipiDrop);
    }

    /**
     * Sets the boot parameters.
     *
     * @param value the new value
     * @return the changed configuration
     */
    public TortureConfig withBoot(BootParams value) {
        return new TortureConfig(value, params, seed, ipiDelay, ipiDuplicate, ipiDrop);
    }

    /**
     * Sets the seed.
     *
     * @param value the new value
     * @return the changed configuration
     */
    public TortureConfig withSeed(long value) {
        return new TortureConfig(boot, params, value, ipiDelay, ipiDuplicate, ipiDrop);
    }

    /**
     * Sets the rates of interrupt faults, each per 1,000 interrupts.
     *
     * @param delay how many arrive late
     * @param duplicate how many arrive twice
     * @param drop how many call interrupts are lost
     * @return the changed configuration
     */
    public TortureConfig withFaults(int delay, int duplicate, int drop) {
        return new TortureConfig(boot, params, seed, delay, duplicate, drop);
    }

    /** {@return the injected interrupt faults, or null for none} */
    IpiFaults faults() {
        return ipiDelay + ipiDuplicate + ipiDrop == 0 ? null : new IpiFaults(seed, ipiDelay, ipiDuplicate, ipiDrop);
    }

    /** {@return how many workers there are} */
    int workers() {
        int nthreads = get(TortureParam.NTHREADS);
        return nthreads < 0 ? boot.onlineAtBoot() : nthreads;
    }

    /** {@return the seed of one of the many random generators} */
    long seedOf(int index) {
        return new SplittableRandom(seed + index * APART).nextLong();
    }

    /**
     * The line that the test prints when it begins and when it ends.
     *
     * @param tag what has happened
     * @param nthreads how many workers, as far as known
     * @return as scftorture prints it; like there, {@code shutdown_secs} shows the value of {@code shutdown}
     */
    String line(String tag, int nthreads) {
        StringBuilder line = new StringBuilder("scftorture: --- ").append(tag).append(": ");
        for (TortureParam param : TortureParam.values()) {
            switch (param) {
                case SHUTDOWN, SHUFFLE_INTERVAL, HUNG_TASK_TIMEOUT_SECS -> { }
                case NTHREADS -> line.append(" nthreads=").append(nthreads);
                case SHUTDOWN_SECS -> line.append(" shutdown_secs=").append(get(TortureParam.SHUTDOWN));
                default -> {
                    boolean comma = param.ordinal() >= TortureParam.USE_CPUS_READ_LOCK.ordinal()
                            && param != TortureParam.WEIGHT_ALL_WAIT;
                    line.append(' ').append(param.kernelName()).append('=').append(get(param)).append(comma ? "," : "");
                }
            }
        }
        return line.toString();
    }
}
