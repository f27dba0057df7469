package org.smp4j.torture;

import java.util.Locale;

/**
 * The parameters of the test, in the order in which it prints them; scftorture's, under its names, and a few that are
 * marked as ours.
 */
public enum TortureParam {
    /** How much is logged. */
    VERBOSE(0, 0, 2, "log tasks that start and end, and CPUs that fail to go on- or offline (1), each that goes (2)"),
    /** Seconds before the first call. */
    HOLDOFF(0, 0, 3600, "seconds that the workers wait before they start"),
    /** Longest delay in a handler, in seconds. */
    LONGWAIT(0, 0, 60, "longest busy delay in a handler, in seconds; 0: microseconds"),
    /** How many workers. */
    NTHREADS(-1, -1, 16384, "workers; -1: one for each CPU that is online"),
    /** Seconds before the first CPU goes offline. */
    ONOFF_HOLDOFF(0, 0, 3600, "seconds before the first CPU goes offline"),
    /** Jiffies between two on/off operations. */
    ONOFF_INTERVAL(0, 0, 3_600_000, "jiffies between two on/off operations; 0: none"),
    /** Whether to power off at the end. */
    SHUTDOWN(0, 0, 1, "power off at the end; this machine always does"),
    /** How long the test runs. */
    SHUTDOWN_SECS(0, 0, 1_000_000, "seconds until the test ends; 0: it runs until Ctrl-C"),
    /** Seconds between two statistics lines. */
    STAT_INTERVAL(60, 0, 3600, "seconds between two lines of statistics; 0: none but the last"),
    /** Jiffies of run and pause. */
    STUTTER(5, 0, 3_600_000, "jiffies for which the workers run and pause by turns; 0: no pauses"),
    /** What keeps a target online. */
    USE_CPUS_READ_LOCK(0, 0, 1, "keep CPUs online by cpus_read_lock() in place of preempt_disable()"),
    /** Weight of {@code resched_cpu}. */
    WEIGHT_RESCHED(-1, "resched_cpu()"),
    /** Weight of single calls without wait. */
    WEIGHT_SINGLE(-1, "smp_call_function_single() without wait"),
    /** Weight of single calls without wait whose handler completes the caller. */
    WEIGHT_SINGLE_RPC(-1, "smp_call_function_single() without wait, with a completion"),
    /** Weight of single calls with wait. */
    WEIGHT_SINGLE_WAIT(-1, "smp_call_function_single() with wait"),
    /** Weight of calls to many without wait. */
    WEIGHT_MANY(-1, "smp_call_function_many() without wait"),
    /** Weight of calls to many with wait. */
    WEIGHT_MANY_WAIT(-1, "smp_call_function_many() with wait"),
    /** Weight of calls to all without wait. */
    WEIGHT_ALL(-1, "smp_call_function() without wait"),
    /** Weight of calls to all with wait. */
    WEIGHT_ALL_WAIT(-1, "smp_call_function() with wait"),
    /** Jiffies between two shuffles; not of scftorture, but of {@code kernel/torture.c}. */
    SHUFFLE_INTERVAL(0, 0, 3_600_000,
            "jiffies after which the tasks are let run on all CPUs but another one; 0: workers stay on their CPU (not "
            + "in scftorture)"),
    /** When a task that makes no progress is reported; a sysctl in the kernel. */
    HUNG_TASK_TIMEOUT_SECS(120, 1, 3600,
            "seconds without progress after which a worker counts as hung (a sysctl in the kernel)");

    private final int byDefault;
    private final int min;
    private final int max;
    private final String description;

    TortureParam(int byDefault, int min, int max, String description) {
        this.byDefault = byDefault;
        this.min = min;
        this.max = max;
        this.description = description;
    }

    TortureParam(int byDefault, String what) {
        this(byDefault, -1, 1_000_000_000, "weight of " + what);
    }

    /** {@return the kernel's name, for example {@code weight_single_rpc}} */
    public String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return the value where none is given} */
    public int byDefault() {
        return byDefault;
    }

    /** {@return what it means, in a line} */
    public String description() {
        return description;
    }

    /** {@return whether scftorture has it, too} */
    public boolean ofScftorture() {
        return this != SHUFFLE_INTERVAL && this != HUNG_TASK_TIMEOUT_SECS;
    }

    /**
     * The parameter of a name.
     *
     * @param name with underscores or dashes
     * @return the parameter, or null if there is none
     */
    public static TortureParam ofName(String name) {
        String constant = name.replace('-', '_').toUpperCase(Locale.ROOT);
        for (TortureParam param : values()) {
            if (param.name().equals(constant)) {
                return param;
            }
        }
        return null;
    }

    int check(int value) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(kernelName() + " must be between " + min + " and " + max + ", got "
                    + value);
        }
        return value;
    }
}
