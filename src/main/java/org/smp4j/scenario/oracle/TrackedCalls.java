package org.smp4j.scenario.oracle;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.call.TtwuNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;

/**
 * The calls of one run. A call is accepted when its csd is linked; from then until its unlock the csd belongs to the
 * target. Every accepted call runs once, with the function and argument with which it was accepted, and before a
 * waiting caller returns. After a target has unlocked a csd it must not touch it; after a waiting caller has returned,
 * no thread may touch it until it is locked again.
 */
final class TrackedCalls {
    /** A call under way. */
    private static final class Accepted {
        final Csd csd;
        final SmpCallFunc func;
        final Object info;
        final Caller caller;
        boolean unlocked;
        Thread runs;

        Accepted(Csd csd, Caller caller) {
            this.csd = csd;
            this.func = csd.func();
            this.info = csd.info();
            this.caller = caller;
        }

        @Override
        public String toString() {
            return func.name() + " to CPU " + csd.dst();
        }
    }

    /** A thread in one of the functions that make calls. */
    private static final class Caller {
        final Thread thread = Thread.currentThread();
        final boolean waits;
        Csd csd; // the last that it filled

        Caller(boolean waits) {
            this.waits = waits;
        }
    }

    /** A mask of CPUs that a thread interrupts. An interrupt that it takes meanwhile may send another. */
    private static final class Sending {
        final Thread thread = Thread.currentThread();
        boolean reachesSome;
    }

    /** A thread that flushes its CPU's queue. */
    private static final class Flush {
        final Thread thread = Thread.currentThread();
        boolean inFunction; // which may do with the csds what their owners may
    }

    private final List<Accepted> accepted = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();
    private boolean nested;
    private final List<Flush> flushes = new ArrayList<>();
    private final List<Sending> sendings = new ArrayList<>();

    void linked(LlistHead head, LlistNode node) {
        if (node instanceof Csd csd) {
            Accepted before = underWay(csd);
            if (before != null) {
                broken("linked twice", csd + " is linked into a queue although it still is in one, for " + before);
            }
            Caller here = callerHere();
            // any other csd is of an interrupt that the caller took
            Caller caller = here != null && here.csd == csd ? here : null;
            accepted.add(new Accepted(csd, caller));
            Exploring.note(() -> "has queued " + accepted.getLast()
                    + (Cpu.current().cpus.online.testCpu(csd.dst()) ? "" : " (offline)"));
        }
        if (isCyclic(head.peekFirst())) {
            broken("cyclic list", "a list has no end since " + name(node) + " was "
                    + (node instanceof TtwuNode ? "queued twice" + on(head) : "linked"));
        }
    }

    private static String name(LlistNode node) {
        return node instanceof TtwuNode
                ? Fields.field(node.getClass().getName(), "task").get(node) + "'s wake-up entry"
                : node instanceof Csd ? node.toString() : "an " + node.getClass().getSimpleName();
    }

    /** {@return the CPU whose queue a list is} */
    private static String on(LlistHead head) {
        Cpus cpus = Cpu.current().cpus;
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            if (cpus.cpu(cpu).callSingleQueue() == head) {
                return " on CPU " + cpu;
            }
        }
        return "";
    }

    /**
     * Looks for the way back to a mark, which moves on whenever the walk since the last mark has become twice as long.
     */
    private static boolean isCyclic(LlistNode first) {
        LlistNode mark = null;
        int steps = 0;
        int limit = 1;
        for (LlistNode each = first; each != null; each = each.next()) {
            if (each == mark) {
                return true;
            }
            if (++steps == limit) {
                mark = each;
                steps = 0;
                limit *= 2;
            }
        }
        return false;
    }

    void unlocks(Csd csd) {
        Accepted call = underWay(csd);
        if (call != null) {
            call.unlocked = true;
        }
    }

    void unlocked(Csd csd) {
        Flush flush = flushHere();
        if (flush != null && !flush.inFunction && !nested) {
            Exploring.letGo(csd);
        }
    }

    void flushes() {
        flushes.add(new Flush());
    }

    void flushed() {
        flushes.remove(flushHere());
        Exploring.letGoNoMore();
    }

    private Flush flushHere() {
        for (Flush flush : flushes) {
            if (flush.thread == Thread.currentThread()) {
                return flush;
            }
        }
        return null;
    }

    /** The function of a call or of an irq_work may send csds, also those that this CPU has just let go of. */
    void userCodeBegins() {
        Flush flush = flushHere();
        if (flush != null) {
            flush.inFunction = true;
            Exploring.letGoNoMore();
        }
    }

    void userCodeEnds() {
        Flush flush = flushHere();
        if (flush != null) {
            flush.inFunction = false;
        }
    }

    void begins(Cpu self, SmpCallFunc func, Object info, Csd csd) {
        if (csd == null) {
            return; // on the caller's own CPU
        }
        userCodeBegins();
        Accepted call = null;
        for (Accepted each : accepted) {
            if (each.csd == csd && each.runs == null) {
                call = each;
                break;
            }
        }
        if (call == null) {
            broken("call ran twice", self + " runs " + func.name() + " once more often than it was called");
        } else if (call.func != func || call.info != info) {
            broken("wrong argument", self + " runs " + func.name() + "(" + info + ") where " + call.func.name() + "("
                    + call.info + ") was called");
        } else {
            call.runs = Thread.currentThread();
            Exploring.note(() -> self + " runs " + func.name());
        }
    }

    void ends(Cpu self, SmpCallFunc func, Csd csd) {
        if (csd == null) {
            return;
        }
        userCodeEnds();
        Flush flush = flushHere();
        if (flush != null && !nested
                && accepted.stream().anyMatch(each -> each.csd == csd && each.runs == flush.thread && each.unlocked)) {
            Exploring.letGo(csd);
        }
        accepted.removeIf(each -> each.csd == csd && each.func == func && each.runs == Thread.currentThread());
    }

    void nestedOnPurpose() {
        nested = true;
    }

    void enters(boolean waits) {
        callers.add(new Caller(waits));
    }

    /** The functions that make calls fill the csds that they send; a csd that is sent as it is belongs to no caller. */
    void fills(Csd csd) {
        Caller caller = callerHere();
        if (caller != null) {
            caller.csd = csd;
        }
    }

    void leaves() {
        Caller caller = callerHere();
        callers.remove(caller);
        for (Accepted call : accepted) {
            if (caller.waits && call.caller == caller) {
                broken("returned early", Cpu.current() + " returns from a call of " + call
                        + " that it waits for, and that " + (call.runs == null
                        ? "has not run" : "still runs"));
            }
        }
    }

    /**
     * As {@link #leaves}, with a csd of the caller's own: on its stack, as it were. If the function runs on the
     * caller's own CPU, the calls that it makes have the same csd.
     */
    void leavesSingle() {
        Caller caller = callerHere();
        leaves();
        if (caller.waits && caller.csd != null && callers.stream().noneMatch(each -> each.csd == caller.csd)) {
            Exploring.freed(caller.csd);
        }
    }

    /** {@return for which calls a thread waits, or null} */
    String waits(Thread thread) {
        List<String> open = accepted.stream()
                .filter(call -> call.caller != null && call.caller.thread == thread && call.caller.waits)
                .map(call -> call + (call.runs == null ? ", which does not take it" : ", which runs it")).toList();
        return open.isEmpty() ? null : "waits for " + String.join(", and for ", open);
    }

    private Caller callerHere() {
        for (Caller caller : callers.reversed()) {
            if (caller.thread == Thread.currentThread()) {
                return caller;
            }
        }
        return null;
    }

    private Accepted underWay(Csd csd) {
        for (Accepted call : accepted) {
            if (call.csd == csd && !call.unlocked) {
                return call;
            }
        }
        return null;
    }

    void sendsMask() {
        sendings.add(new Sending());
    }

    void interrupts() {
        sendingHere().reachesSome = true;
    }

    void sentMask() {
        Sending sending = sendingHere();
        sendings.remove(sending);
        if (!sending.reachesSome) {
            broken("empty interrupt mask", Cpu.current() + " sent an interrupt to a mask in which no CPU was left");
        }
    }

    private Sending sendingHere() {
        for (Sending sending : sendings.reversed()) {
            if (sending.thread == Thread.currentThread()) {
                return sending;
            }
        }
        throw new IllegalStateException("this thread sends to no mask");
    }

    void check() {
        if (!accepted.isEmpty()) {
            broken("lost call", accepted.getFirst() + " was accepted and never ran");
        }
    }

    private static void broken(String rule, String message) {
        Exploring.broken(rule, message, List.of());
    }
}
