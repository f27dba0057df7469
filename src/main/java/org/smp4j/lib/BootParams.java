package org.smp4j.lib;

import java.util.Locale;

/**
 * The parameters with which a machine boots, under the kernel's names; mirrors the kernel command line,
 * {@code Documentation/admin-guide/kernel-parameters.txt}.
 *
 * @param nrCpus how many CPUs are possible and present, 1 to 4096 ({@code nr_cpus})
 * @param maxcpus how many CPUs boot brings online, 0 to {@code nrCpus} ({@code maxcpus}); the boot CPU always is, so 0
 *         means 1
 * @param idle what an idle CPU does ({@code idle})
 * @param csdlockDebug whether waits for a csd lock are watched ({@code csdlock_debug})
 * @param csdLockTimeout after how many milliseconds such a wait is reported, 0 for never ({@code smp.csd_lock_timeout})
 * @param panicOnIpistall after how many milliseconds it is a panic, 0 for never ({@code smp.panic_on_ipistall})
 * @param panicOnWarn whether a warning is a panic ({@code panic_on_warn})
 * @param watchdogThresh after how many seconds a CPU that takes no interrupt is reported, after twice that one that
 *         does not reschedule; 0 for never ({@code watchdog_thresh})
 * @param pin whether each CPU's thread is bound to a core of the host ({@code pin}; no kernel counterpart)
 */
public record BootParams(int nrCpus, int maxcpus, Idle idle, boolean csdlockDebug, int csdLockTimeout,
        int panicOnIpistall, boolean panicOnWarn, int watchdogThresh, boolean pin) {

    /** What an idle CPU does; mirrors the boot parameter {@code idle}. */
    public enum Idle {
        /**
         * It spins, visibly to senders, which then need no interrupt to wake it. After a while it halts all the same,
         * to free the host core.
         */
        POLL,
        /** It halts: every kick is an interrupt. */
        HALT
    }

    /** Checks the ranges. */
    public BootParams {
        range("nr_cpus", nrCpus, 1, CpuMask.NR_CPUS);
        range("maxcpus", maxcpus, 0, nrCpus);
        range("csd_lock_timeout", csdLockTimeout, 0, 3_600_000);
        range("panic_on_ipistall", panicOnIpistall, 0, 3_600_000);
        range("watchdog_thresh", watchdogThresh, 0, 3600);
    }

    /** {@return how many CPUs boot brings online, the boot CPU included} */
    public int onlineAtBoot() {
        return Math.max(1, maxcpus);
    }

    /**
     * The kernel's defaults.
     *
     * @param nrCpus how many CPUs are possible, present and online
     * @return parameters as a starting point
     */
    public static BootParams cpus(int nrCpus) {
        return new BootParams(nrCpus, nrCpus, Idle.POLL, false, 5000, 0, false, 10, true);
    }

    /**
     * Applies parameters written as on a kernel command line.
     *
     * @param params blank-separated {@code name=value} pairs in any order, for example
     *         {@code idle=halt csd_lock_timeout=100}
     * @return the changed parameters
     * @throws IllegalArgumentException with one line that says what is wrong and what is allowed
     */
    public BootParams with(String params) {
        BootParams result = this;
        // first the machine's size, wherever it stands: the range of maxcpus depends on it
        for (boolean size : new boolean[] {true, false}) {
            for (String param : params.strip().split("\\s+")) {
                int equals = param.indexOf('=');
                String name = (equals < 0 ? param : param.substring(0, equals)).replace('-', '_');
                if (!param.isEmpty() && name.equals("nr_cpus") == size) {
                    result = result.with(name, equals < 0 ? "1" : param.substring(equals + 1));
                }
            }
        }
        return result;
    }

    /**
     * Applies one parameter.
     *
     * @param name the kernel's name; parameters of {@code kernel/smp.c} may have the prefix {@code smp.}, as on a
     *         kernel command line
     * @param value its value
     * @return the changed parameters
     * @throws IllegalArgumentException with one line that says what is wrong and what is allowed
     */
    public BootParams with(String name, String value) {
        return switch (name.replace('-', '_').replaceFirst("^smp\\.(?=csd_lock_timeout$|panic_on_ipistall$)", "")) {
            case "nr_cpus" ->
                    new BootParams(number(name, value), number(name, value), idle, csdlockDebug, csdLockTimeout,
                    panicOnIpistall, panicOnWarn, watchdogThresh, pin);
            case "maxcpus" -> new BootParams(nrCpus, number(name, value), idle, csdlockDebug, csdLockTimeout,
                    panicOnIpistall, panicOnWarn, watchdogThresh, pin);
            case "idle" -> withIdle(choice(value));
            case "csdlock_debug" -> withCsdlockDebug(flag(name, value));
            case "csd_lock_timeout" -> withCsdLockTimeout(number(name, value));
            case "panic_on_ipistall" -> new BootParams(nrCpus, maxcpus, idle, csdlockDebug, csdLockTimeout,
                    number(name, value), panicOnWarn, watchdogThresh, pin);
            case "panic_on_warn" -> new BootParams(nrCpus, maxcpus, idle, csdlockDebug, csdLockTimeout, panicOnIpistall,
                    flag(name, value), watchdogThresh, pin);
            case "watchdog_thresh" -> withWatchdogThresh(number(name, value));
            case "pin" -> withPin(!value.equals("none") && flag(name, value));
            default -> throw new IllegalArgumentException("unknown boot parameter \"" + name
                    + "\"; known are nr_cpus, maxcpus, idle, "
                    + "csdlock_debug, csd_lock_timeout, panic_on_ipistall, panic_on_warn, watchdog_thresh and pin");
        };
    }

    /**
     * Sets {@code idle}.
     *
     * @param value the new value
     * @return the changed parameters
     */
    public BootParams withIdle(Idle value) {
        return new BootParams(nrCpus, maxcpus, value, csdlockDebug, csdLockTimeout, panicOnIpistall, panicOnWarn,
                watchdogThresh, pin);
    }

    /**
     * Sets {@code csdlock_debug}.
     *
     * @param value the new value
     * @return the changed parameters
     */
    public BootParams withCsdlockDebug(boolean value) {
        return new BootParams(nrCpus, maxcpus, idle, value, csdLockTimeout, panicOnIpistall, panicOnWarn,
                watchdogThresh, pin);
    }

    /**
     * Sets {@code csd_lock_timeout}.
     *
     * @param millis the new value
     * @return the changed parameters
     */
    public BootParams withCsdLockTimeout(int millis) {
        return new BootParams(nrCpus, maxcpus, idle, csdlockDebug, millis, panicOnIpistall, panicOnWarn, watchdogThresh,
                pin);
    }

    /**
     * Sets {@code watchdog_thresh}.
     *
     * @param seconds the new value
     * @return the changed parameters
     */
    public BootParams withWatchdogThresh(int seconds) {
        return new BootParams(nrCpus, maxcpus, idle, csdlockDebug, csdLockTimeout, panicOnIpistall, panicOnWarn,
                seconds, pin);
    }

    /**
     * Sets {@code pin}.
     *
     * @param value the new value
     * @return the changed parameters
     */
    public BootParams withPin(boolean value) {
        return new BootParams(nrCpus, maxcpus, idle, csdlockDebug, csdLockTimeout, panicOnIpistall, panicOnWarn,
                watchdogThresh, value);
    }

    private static void range(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " must be between " + min + " and " + max + ", got " + value);
        }
    }

    private static int number(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a whole number, got \"" + value + "\"", e);
        }
    }

    private static boolean flag(String name, String value) {
        return switch (value) {
            case "0", "n", "off", "none" -> false;
            case "1", "y", "on" -> true;
            default -> throw new IllegalArgumentException(name + " must be 0 or 1, got " + value);
        };
    }

    private static Idle choice(String value) {
        try {
            return Idle.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("idle must be poll or halt, got " + value, e);
        }
    }
}
