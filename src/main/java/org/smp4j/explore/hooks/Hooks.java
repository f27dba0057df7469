package org.smp4j.explore.hooks;

import java.io.PrintStream;
import java.lang.invoke.VarHandle;
import java.util.stream.BaseStream;
import java.util.concurrent.ConcurrentHashMap;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.ClassInitialization;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.engine.Livelocks;
import org.smp4j.explore.engine.Refusal;
import org.smp4j.explore.engine.Steps;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.Sites;

/**
 * The entry points that rewritten code calls: before every access to memory that strands may share, and in place of
 * each call that the explorer models. Outside an exploration, and after {@link #enterQuiet}, a hook performs the
 * modelled operation and nothing else. Null objects and bad indexes pass: the operation itself throws.
 */
public final class Hooks extends ArrayHooks {
    static final int ATOMIC = Sites.field("value");
    private static final ClassValue<Boolean> CONCURRENT = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.getName().startsWith("java.util.concurrent.");
        }
    };
    private static final ClassValue<Boolean> SHADOW = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return type.getName().startsWith(Names.SHADOW);
        }
    };

    // Backward jumps until the next check for an endless loop. Only the running strand uses it.
    private static int turnsLeft = Livelocks.LOOK;

    private Hooks() {
    }

    /** Before a getfield or putfield. */
    public static void field(Object object, int site) {
        access(object, Sites.fieldOf(site), site);
    }

    /** Before a getstatic or putstatic of a field that is not final. */
    public static void staticField(int site) {
        access(null, Sites.fieldOf(site), site);
    }

    /** As {@link #staticField(int)}, where the class may be another one in each run. */
    public static void staticField(Class<?> owner, int site) {
        int field = Sites.fieldOf(site);
        Class<?> declaring = owner;
        if (RewrittenLoader.definesAnew(owner)) {
            String name = Sites.fieldName(field);
            while (declaring.getSuperclass() != null && !(name.startsWith(declaring.getName())
                    && name.lastIndexOf('.') == declaring.getName().length())) {
                declaring = declaring.getSuperclass();
            }
        }
        access(RewrittenLoader.definesAnew(declaring) ? declaring : null, field, site);
    }

    /** Before an array element is loaded or stored. */
    public static void element(Object array, int index, int site) {
        access(array, -1 - index, site);
    }

    /** Before an access through the VarHandle of an instance field. */
    public static void handle(VarHandle handle, Object object, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            step(strand, object, HandleNames.fieldOf(handle, site), site, Sites.modeOf(site));
        }
    }

    /** Before an access through the VarHandle of a static field. */
    public static void staticHandle(VarHandle handle, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            int field = HandleNames.fieldOf(handle, site);
            if (strand.execution.initialized.isOfFresh(field)) {
                ReflectionHooks.refuse("a handle of the static field " + Sites.fieldName(field)
                        + ", whose class a class loader of the program defines,", site);
            }
            step(strand, null, field, site, Sites.modeOf(site));
        }
    }

    /** Before an access through a VarHandle of array elements. */
    public static void elementHandle(VarHandle handle, Object array, int index, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            step(strand, array, -1 - index, site, Sites.modeOf(site));
        }
    }

    /** Before an operation of {@code AtomicInteger} and similar classes. */
    public static void atomic(Object atomic, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            step(strand, atomic, ATOMIC, site, Sites.modeOf(site));
        }
    }

    /** Before an operation of {@code AtomicIntegerArray} and similar classes. */
    public static void atomicElement(Object atomic, int index, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            step(strand, atomic, -1 - index, site, Sites.modeOf(site));
        }
    }

    /** Before the hook of a conditional write: what it expects to read. */
    public static void expects(Object value) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.expected = value;
        }
    }

    /** As {@link #expects(Object)}, of a primitive. */
    public static void expects(long value) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.expected = strand.execution.weak == null ? Access.UNKNOWN : (Long) value;
        }
    }

    /** Before the hook of a conditional write that may fail whatever it reads, or expects what is not compared here. */
    public static void expectsAny() {
        expects(Access.UNKNOWN);
    }

    /** After an access whose site is {@link Access#CONDITIONAL}: tells whether the access wrote. */
    public static void exchanged(boolean success) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.quiet == 0) {
            strand.execution.plainSteps.exchanged(strand, success);
        }
    }

    /** Before a weak compare-and-set, after its hook: tells whether it fails without a cause, and so is not made. */
    public static boolean failsWithoutCause() {
        LiveStrand strand = Execution.running;
        return strand != null && strand.quiet == 0 && strand.execution.plainSteps.failsWithoutCause(strand);
    }

    /** Before a fence. */
    public static void fence(int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.isHeard()) {
            strand.execution.plainSteps.fence(strand, site);
        }
    }

    /**
     * Before a call on a JDK object, a collection for example, that is a single step for the explorer. The mode of the
     * site tells whether the call writes and how it is ordered.
     */
    public static void object(Object used, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null || used == null) {
            return;
        }
        Object object = strand.execution.environment.rootOf(used);
        if (strand.execution.keys.any && (Sites.modeOf(site) & Access.WRITE) != 0) {
            strand.execution.keys.mustBeFree(strand, object, site);
        }
        if ((Sites.modeOf(site) & Access.WALK) != 0 && strand.quiet == 0 && HashOrder.isChance(object)) {
            refuseOrder(strand, object, site);
        }
        if (SHADOW.get(object.getClass())) {
            strand.fresh |= (Sites.modeOf(site) & Access.INNER) == 0; // its own code makes the steps
            return;
        }
        if (used instanceof String || used instanceof PrintStream && (used == System.out || used == System.err)
                || object instanceof BaseStream) {
            return; // a stream that reads no object which others may change
        }
        usesPassed(strand, site);
        if (object != used && strand.execution.count > 1 && strand.quiet == 0) {
            mayBeUsed(strand, used, site);
        }
        boolean isConcurrent = CONCURRENT.get(object.getClass());
        if (isConcurrent) {
            strand.execution.assumptions.add(Assumptions.Rule.WHOLE);
        }
        if (strand.quiet == 0 && (Sites.modeOf(site) & Access.PLAIN) != 0 && isConcurrent) {
            strand.execution.plainSteps.access(strand, object, OBJECT, site, concurrent(site));
            changedAsWhole(strand, object, site);
        } else {
            access(object, OBJECT, site);
            int mode = Sites.modeOf(site);
            if ((mode & (Access.PLAIN | Sites.UNSHARED)) == Access.PLAIN && strand.quiet == 0) {
                UnsynchronizedUse.used(strand, object, OBJECT, site, mode);
            }
            changedAsWhole(strand, object, site);
        }
    }

    /**
     * Before a call that iterates over a collection and adds its elements to another one; {@code into} is null if the
     * other one is new and keeps the order.
     */
    public static void walks(Object used, Object into, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null || used == null || strand.quiet != 0
                || into != null && HashOrder.makes(strand.execution.environment.rootOf(into))) {
            return;
        }
        Object object = strand.execution.environment.rootOf(used);
        if (HashOrder.isChance(object)) {
            refuseOrder(strand, object, site);
        }
    }

    private static void refuseOrder(LiveStrand strand, Object object, int site) {
        strand.execution.refusal.of(strand, "the order of a " + Names.simple(object.getClass())
                + " of objects without a hash code of their own, asked for", site);
    }

    /** After {@link #object} and the call, if the call may change an object that is not thread-safe. */
    public static void changed(Object object) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.disturbed != null) {
            UnsynchronizedUse.changed(strand);
        }
    }

    /** A call on a view is one on its collection; that an iterator itself goes on, is seen by no other strand. */
    private static void mayBeUsed(LiveStrand strand, Object view, int site) {
        if (!strand.execution.environment.isOnlyUser(view, strand)) {
            strand.execution.refusal.of(strand, "an iterator or a stream that several threads use", site);
        }
    }

    private static void changedAsWhole(LiveStrand strand, Object object, int site) {
        if (strand.execution.looking != null && object instanceof ConcurrentHashMap
                && (Sites.modeOf(site) & Access.WRITE) != 0) {
            strand.execution.keys.publish(strand, object);
        }
    }

    /**
     * After {@link #object}, if the call made a view or an iterator: an access to the view counts as an access to its
     * object. A map entry is a view of its iterator.
     */
    public static void view(Object view, Object of) {
        LiveStrand strand = Execution.running;
        if (strand != null && view instanceof BaseStream<?, ?> stream && stream.isParallel()) {
            LifeHooks.parallel(stream).sequential();
        }
        if (strand != null && strand.quiet == 0 && view != null && of != null) {
            strand.execution.environment.view(view, of);
        }
    }

    /** After an access, in classes loaded for a report: the value that was read or written, boxed. */
    public static void value(Object value) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.quiet == 0 && strand.execution.observer != null) {
            strand.execution.observer.value(strand.execution.view, strand, value);
        }
    }

    /**
     * Makes accesses of the running strand quiet, so that none is a step, until {@link #exitQuiet}; nests. Stands
     * around static initializers and JDK calls that lock.
     */
    public static void enterQuiet() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.quiet++;
        }
    }

    /**
     * As {@link #enterQuiet}, around a JDK call that may hold a JDK lock: a callback of that call must not make a step.
     */
    public static void enterCall(int site) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            enter(strand, site);
        }
    }

    /** Ends {@link #enterCall}. */
    public static void exitCall() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            exit(strand);
        }
    }

    /** Ends {@link #enterQuiet}. */
    public static void exitQuiet() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.quiet--;
        }
    }

    /** Before a backward jump. It is cheap and no step: it serves only to end a loop that makes no steps. */
    public static void turn() {
        if (--turnsLeft < 0) {
            manyTurns();
        }
    }

    private static void manyTurns() {
        turnsLeft = Livelocks.LOOK;
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.livelocks.look(strand);
        }
    }

    /**
     * At a use of a class that each run initializes anew: tells whether the caller must initialize it. May wait for
     * another strand that is doing so.
     */
    public static boolean initializes(Class<?> type, int id, int site) {
        LiveStrand strand = Execution.running;
        return strand == null ? ClassInitialization.initializesOutside(type)
                : strand.execution.initialized.initializes(strand, id, site);
    }

    /** After the static initializer of such a class has returned or thrown. */
    public static void initialized(Class<?> type, int id, int site, Throwable thrown) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.strandTable.unwinding) {
            return;
        }
        if (strand != null) {
            strand.execution.initialized.ends(strand, id, site, thrown);
        }
        if (thrown != null && !(thrown instanceof Error)) {
            throw new ExceptionInInitializerError(thrown);
        }
    }

    /** At a call that the explorer cannot control: ends the exploration with an error that names the site. */
    public static void refuse(int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.isHeard()) {
            strand.execution.refusal.of(strand, Sites.get(site).target(), site);
        }
    }

    /** Where the program catches an error that may not be its own: there is no memory, or another JDK. */
    public static void caught(Throwable thrown) {
        if (thrown instanceof OutOfMemoryError || thrown instanceof LinkageError) {
            Refusal.caught(thrown);
        }
    }

    private static void access(Object object, int field, int site) {
        access(object, field, site, Sites.modeOf(site));
    }

    static void access(Object object, int field, int site, int mode) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return;
        }
        if ((mode & Sites.UNSHARED) == 0 || strand.quiet != 0 && strand.quiet != strand.calls) {
            step(strand, object, field, site, mode);
        } else {
            Execution x = strand.execution;
            strand.fresh |= (mode & Access.INNER) == 0;
            if (x.looking != null || x.hold.isOn() || x.observer != null) {
                x.plainSteps.unshared(strand, object, field, site, mode);
            }
            if ((mode & Sites.FAMILIAR) == 0 && x.count > 1) {
                x.locations.meetings.reached(Sites.fieldOf(site), strand);
            }
            if (x.releases.any) {
                x.plainSteps.use(strand, object, site);
            }
            if ((++strand.unshared & Steps.UNSHARED_MASK) == 0) {
                x.plainSteps.manyUnshared(strand, site);
            }
        }
    }

    static void step(LiveStrand strand, Object object, int field, int site, int mode) {
        if (strand.isHeard()) {
            strand.execution.plainSteps.access(strand, object, field, site, mode);
        } else {
            strand.execution.plainSteps.looked(strand, object, field, mode);
        }
    }
}
