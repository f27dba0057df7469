package org.smp4j.lib;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * What one machine warned about, by site; mirrors the warning machinery of {@code kernel/panic.c} and
 * {@code lib/bug.c}, with its once-flags made resettable. Context: any.
 */
public final class Warnings {
    /** The site under which a user's function that threw is counted. */
    public static final WarnSite THROWN = WarnSite.always("callback", "%s threw %s");

    // warnings of sites that report every time; those of once-sites are kept for good
    private static final int KEPT = 1000;
    private static final VarHandle NEWEST = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "newest", VarHandle.class, Warnings.class, Warning.class);

    /**
     * One warning. No kernel counterpart beyond the log line.
     *
     * @param site where
     * @param message what
     * @param cause what a user's function threw, or null
     * @param number how many warnings there are with this one
     * @param before the warning before this one, or null
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

    // Written by: whoever warns.
    // Read by: whoever asks.
    // Ordering: volatile compare-and-set of an immutable chain.
    private volatile Warning newest;

    /**
     * A sink without warnings.
     *
     * @param printk where warnings are logged
     * @param lifetime what a warning ends if it is a panic
     * @param panicOnWarn whether it is, as with the boot parameter {@code panic_on_warn}
     */
    public Warnings(Printk printk, Lifetime lifetime, boolean panicOnWarn) {
        this.printk = printk;
        this.lifetime = lifetime;
        this.panicOnWarn = panicOnWarn;
    }

    /**
     * Warns.
     *
     * @param site where
     * @param arguments for the site's format
     */
    public void warn(WarnSite site, Object... arguments) {
        add(site, String.format(site.format(), arguments), null);
    }

    /**
     * Reports that a user's function threw. The caller goes on as if it had returned. Context: any.
     *
     * @param function which
     * @param cause what it threw
     * @throws Aborted the cause itself, if that is why the function ended: the machine has, and its threads are on
     *         their way out
     */
    public void thrown(Object function, Throwable cause) {
        if (cause instanceof Aborted aborted && lifetime.ended()) {
            throw aborted;
        }
        add(THROWN, String.format(THROWN.format(), Symbol.ps(function), text(cause)), cause);
    }

    /** What a throwable says of itself; its class's name if it can't. */
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

    /** Lets the oldest go, but for those that are once-flags. */
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
     * @return a count, of those that {@link #list} gives
     */
    public int count(WarnSite site) {
        return (int) list().stream().filter(warning -> warning.site.equals(site)).count();
    }

    /** {@return how many warnings there were} */
    public int count() {
        Warning last = newest;
        return last == null ? 0 : last.number;
    }

    /** {@return the warnings, oldest first; of sites that report every time, the latest only} */
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
