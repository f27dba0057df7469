package org.smp4j.lib;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The warnings of one machine, by site; mirrors the warning machinery of {@code kernel/panic.c} and {@code lib/bug.c},
 * with resettable once-flags. Context: any.
 */
public final class Warnings {
    /** The site that counts exceptions thrown by users' functions. */
    public static final WarnSite THROWN = WarnSite.always("callback", "%s threw %s");

    // how many warnings of sites that report every time are kept; warnings of once-sites are never dropped
    private static final int KEPT = 1000;
    private static final VarHandle NEWEST = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "newest", VarHandle.class, Warnings.class, Warning.class);

    /**
     * One warning. No kernel counterpart beyond the log line.
     *
     * @param site the place that warned
     * @param message the text
     * @param cause what a user's function threw, or null
     * @param number the count of warnings including this one
     * @param before the previous warning, or null
     */
    public record Warning(WarnSite site, String message, Throwable cause, int number, Warning before) {
        @Override
        public String toString() {
            return site.name() + ": " + message;
        }
    }

    private final Printk printk;
    private final Lifetime lifetime;
    private final boolean panicOnWarn;

    // Written by: any thread that warns.
    // Read by: any thread.
    // Ordering: volatile compare-and-set of an immutable chain.
    private volatile Warning newest;

    /**
     * A sink without warnings.
     *
     * @param printk where warnings are logged
     * @param lifetime what a warning ends if warnings panic
     * @param panicOnWarn whether a warning is a panic, as with the boot parameter {@code panic_on_warn}
     */
    public Warnings(Printk printk, Lifetime lifetime, boolean panicOnWarn) {
        this.printk = printk;
        this.lifetime = lifetime;
        this.panicOnWarn = panicOnWarn;
    }

    /**
     * Warns.
     *
     * @param site the place that warns
     * @param arguments for the site's format
     */
    public void warn(WarnSite site, Object... arguments) {
        add(site, String.format(site.format(), arguments), null);
    }

    /**
     * Reports that a user's function threw. The caller then continues as if the function had returned. Context: any.
     *
     * @param function the function
     * @param cause what it threw
     * @throws Aborted the cause itself, if the function ended because the machine has ended
     */
    public void thrown(Object function, Throwable cause) {
        if (cause instanceof Aborted aborted && lifetime.ended()) {
            throw aborted;
        }
        add(THROWN, String.format(THROWN.format(), Symbol.ps(function), text(cause)), cause);
    }

    /** A throwable's text, or the name of its class if {@code toString()} throws. */
    private static String text(Throwable cause) {
        try {
            return cause.toString();
        } catch (Throwable e) {
            return cause.getClass().getName() + " (its toString() threw " + e.getClass().getName() + ")";
        }
    }

    private void add(WarnSite site, String message, Throwable cause) {
        Warning before = newest;
        for (;;) {
            if (site.once() && find(before, site) != null) {
                return;
            }
            Warning kept = before == null || before.number % KEPT != 0 ? before : onceOnly(before);
            Warning warning = new Warning(site, message, cause, before == null ? 1 : before.number + 1, kept);
            Warning seen = (Warning) NEWEST.compareAndExchange(this, before, warning);
            if (seen == before) {
                break;
            }
            before = seen;
        }
        printk.print("WARNING: " + site.name() + ": " + message);
        if (panicOnWarn) {
            lifetime.panic("panic_on_warn set: " + message);
        }
    }

    /** Drops the oldest warnings, except those that serve as once-flags. */
    private static Warning onceOnly(Warning from) {
        Warning chain = null;
        for (Warning warning : list(from)) {
            if (warning.site.once()) {
                chain = new Warning(warning.site, warning.message, warning.cause, warning.number, chain);
            }
        }
        return chain;
    }

    private static Warning find(Warning from, WarnSite site) {
        for (Warning warning = from; warning != null; warning = warning.before) {
            if (warning.site.equals(site)) {
                return warning;
            }
        }
        return null;
    }

    /**
     * How often a site warned.
     *
     * @param site the site
     * @return the number of its warnings in {@link #list}
     */
    public int count(WarnSite site) {
        return (int) list().stream().filter(warning -> warning.site.equals(site)).count();
    }

    /** {@return how many warnings there were} */
    public int count() {
        Warning last = newest;
        return last == null ? 0 : last.number;
    }

    /** {@return the warnings, oldest first; of sites that report every time, only the latest} */
    public List<Warning> list() {
        return list(newest);
    }

    private static List<Warning> list(Warning from) {
        List<Warning> list = new ArrayList<>();
        for (Warning warning = from; warning != null; warning = warning.before) {
            list.addFirst(warning);
        }
        return list;
    }

    /** Forgets all warnings and arms every once-flag again, as writing to {@code clear_warn_once} does. */
    public void reset() {
        newest = null;
    }
}
