package org.smp4j.trace.explored;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Exploring;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Symbol;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.trace.Tracer;
import org.smp4j.trace.Values;
import org.smp4j.trace.event.EventContext;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceEvent;
import org.smp4j.weave.Weave;

/**
 * The tracer of a machine in an explored run. Weaving gives it to each machine that the program makes, and makes the
 * tracepoints quiet: an event is no step.
 */
public final class ExploredTrace extends Tracer {
    // Where the tower itself reads shared state for an event.
    private static final Map<String, List<String>> READING = Map.of(
            "org.smp4j.call.CallSingleNode", List.of("queues"), "org.smp4j.sched.WakeUp", List.of("wakes"),
            "org.smp4j.hotplug.StepEngine", List.of("enters", "entersMulti", "exits"));

    private final Map<Object, Integer> numbers = new IdentityHashMap<>();
    private final Map<Sitter, Integer> pids = new IdentityHashMap<>();
    private final Map<Integer, Values.Named> tasks = new java.util.HashMap<>(Map.of(0, Values.Named.IDLE));
    private boolean began;

    private ExploredTrace() {
    }

    /** {@return the edits} */
    static Weave weave() {
        Weave weave = Weave.in(Cpus.class, "<init>")
                .withDescriptor("(Lorg/smp4j/lib/BootParams;Lorg/smp4j/lib/Printk;Lorg/smp4j/cpu/IpiFaults;"
                + "Lorg/smp4j/lib/EventSink;)V")
                .replace(call(Cpus.class, "atBoot")).by(hook(ExploredTrace.class, "atBoot"));
        TreeSet<String> events = new TreeSet<>();
        Arrays.stream(EventSink.class.getDeclaredMethods()).filter(Method::isDefault).map(Method::getName)
                .forEach(events::add);
        for (String event : events) {
            weave = weave.and(quiet(Tracer.class.getName(), event));
        }
        for (Map.Entry<String, List<String>> place : READING.entrySet()) {
            for (String method : place.getValue()) {
                weave = weave.and(quiet(place.getKey(), method));
            }
        }
        return weave;
    }

    private static Weave quiet(String owner, String method) {
        return Weave.in(owner, method).insert(hook(ExploredTrace.class, "begins")).atEntry()
                .insert(hook(ExploredTrace.class, "ends")).atExit();
    }

    /**
     * The tracer of a machine.
     *
     * @param own the tracer that the program gives it, or null
     * @return that, or one of this class
     */
    public static EventSink atBoot(EventSink own) {
        return own == null ? new ExploredTrace() : own;
    }

    /** An event is about to be made. */
    public static void begins() {
        Exploring.quietly(() -> { });
        Hooks.enterQuiet();
    }

    /** An event has been made. */
    public static void ends() {
        Hooks.exitQuiet();
    }

    @Override
    protected void emit(EventType type, int a, int b, int c, Object symbol, Object object) {
        Cpu here = here(type);
        if (here != null) {
            give(here, type, Values.of(type, type == EventType.CALL_QUEUE ? here.id : a, b, c, name(symbol),
                    object == null ? 0 : numbers.computeIfAbsent(object, _ -> numbers.size() + 1), tasks::get));
        }
    }

    @Override
    protected void emitMask(EventType type, int window, long low, long high, Object symbol) {
        Cpu here = here(type);
        if (here != null) {
            give(here, type, Values.ofMask(type, window, low, high, name(symbol)));
        }
    }

    private static Cpu here(EventType type) {
        Cpu here = Cpu.currentOrNull();
        return here != null && (here.isOnline() || type == EventType.FUNCTION) ? here : null;
    }

    private static String name(Object symbol) {
        return symbol == null ? null : symbol instanceof String text ? text : Symbol.ps(symbol).replaceAll("\\s", "_");
    }

    @Override
    protected int pid(Sitter sitter) {
        if (sitter.isIdleTask()) {
            return 0;
        }
        return pids.computeIfAbsent(sitter, _ -> {
            tasks.put(pids.size() + 1, sitter instanceof Task task ? Values.Named.of(task)
                    : new Values.Named(sitter.comm(), Values.Named.UNKNOWN.prio()));
            return pids.size() + 1;
        });
    }

    private void give(Cpu here, EventType type, List<Object> values) {
        if (!began) {
            began = true;
            Exploring.event(here.cpus.nrCpuIds);
        }
        Sitter sitter = running(here);
        int pid = pid(sitter);
        int count = here.preemptCount();
        EventContext context = new EventContext(here.irqsDisabled(), here.needResched(),
                (count & Preempt.HARDIRQ_MASK) != 0, (count & Preempt.SOFTIRQ_OFFSET) != 0,
                count & Preempt.PREEMPT_MASK, sitter instanceof Task task ? Scheduler.migrateDisabled(task) : 0);
        Exploring.event(new TraceEvent(here.id, 0, pid, pid == 0 ? "<idle>" : tasks.get(pid).comm(), context, type,
                values));
    }
}
