package org.smp4j.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.Sitter;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.trace.event.EventContext;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/**
 * Records what a machine does: the tracer to boot it with. Each CPU writes into a ring of its own; when that is full,
 * the oldest events are overwritten, and counted.
 *
 * <p>An event takes no lock and allocates nothing, except the first of a function or a task, which gets a number then.
 */
public final class MachineTrace extends Tracer {
    /** The events that are recorded by default: all but IRQs and preemption off and on, and functions. */
    public static final Set<EventType> USUAL = usual();
    /** How many events a CPU's ring holds by default, if there are not very many CPUs. */
    public static final int CAPACITY = 1 << 13;

    private static final int MOST_CAPACITY = 1 << 20;
    private static final int OF_ALL = 1 << 20; // events of all CPUs together, by default
    private static final int MIGRATE_SHIFT = 24;
    private static final int DEPTH_SHIFT = 16;
    private static final int CONTEXT_SHIFT = 8;
    private static final int BYTE = 0xff;
    private static final int IRQS_OFF = 1;
    private static final int NEED_RESCHED = 2;
    private static final int HARDIRQ = 4;
    private static final int SOFTIRQ = 8;

    private final CpuRing[] rings;
    private final Symbols symbols = new Symbols();
    private final List<Values.Named> tasks = new ArrayList<>(List.of(Values.Named.IDLE)); // guarded by itself
    private final long wanted;
    private final long start = System.nanoTime();

    /**
     * A trace of the usual events.
     *
     * @param nrCpus how many CPUs the machine has
     */
    public MachineTrace(int nrCpus) {
        this(nrCpus, capacity(nrCpus), USUAL);
    }

    /**
     * How many events each CPU's ring holds by default.
     *
     * @param nrCpus how many CPUs the machine has
     * @return {@link #CAPACITY}, or less if there are very many CPUs
     */
    public static int capacity(int nrCpus) {
        return Math.min(CAPACITY, Math.max(64, Integer.highestOneBit(OF_ALL / nrCpus)));
    }

    /** {@return whether a ring may hold so many events} */
    public static boolean isCapacity(int events) {
        return events >= 1 && events <= MOST_CAPACITY && Integer.bitCount(events) == 1;
    }

    /**
     * Checks how many events a ring is to hold.
     *
     * @param events how many
     * @throws IllegalArgumentException with one line, if a ring can't hold so many
     */
    public static void checkCapacity(int events) {
        if (!isCapacity(events)) {
            throw new IllegalArgumentException("a ring holds 1 to " + MOST_CAPACITY + " events, a power of two, got "
                    + events);
        }
    }

    /**
     * Events by their names.
     *
     * @param names of events, of their systems, {@code usual} or {@code all}
     * @return the events
     * @throws IllegalArgumentException with one line, if there is no event of a name
     */
    public static Set<EventType> events(List<String> names) {
        EnumSet<EventType> events = EnumSet.noneOf(EventType.class);
        for (String name : names) {
            List<EventType> named = name.equals("usual") ? List.copyOf(USUAL) : Arrays.stream(EventType.values())
                    .filter(type -> name.equals("all") || name.equals(type.system()) || name.equals(type.eventName()))
                    .toList();
            if (named.isEmpty()) {
                throw new IllegalArgumentException("no event or system has the name '" + name + "'; systems are "
                        + Arrays.stream(EventType.values()).map(EventType::system).distinct().sorted()
                        .collect(Collectors.joining(", ")));
            }
            events.addAll(named);
        }
        return events;
    }

    /**
     * A trace.
     *
     * @param nrCpus how many CPUs the machine has
     * @param capacity how many events each CPU's ring holds, a power of two; an event takes 64 bytes
     * @param wanted which events it records
     */
    public MachineTrace(int nrCpus, int capacity, Set<EventType> wanted) {
        checkCapacity(capacity);
        long bits = 0;
        for (EventType type : wanted) {
            bits |= 1L << type.ordinal();
        }
        this.wanted = bits;
        rings = new CpuRing[nrCpus];
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            rings[cpu] = new CpuRing(capacity);
        }
    }

    private static Set<EventType> usual() {
        EnumSet<EventType> usual = EnumSet.allOf(EventType.class);
        usual.removeAll(EnumSet.of(EventType.IRQ_DISABLE, EventType.IRQ_ENABLE, EventType.PREEMPT_DISABLE,
                EventType.PREEMPT_ENABLE, EventType.FUNCTION));
        return java.util.Collections.unmodifiableSet(usual);
    }

    @Override
    protected void emit(EventType type, int a, int b, int c, Object symbol, Object object) {
        Cpu here = here(type);
        if (here == null) {
            return;
        }
        CpuRing ring = rings[here.id];
        int place = begin(ring, here, type);
        ring.set(place + 3, type == EventType.CALL_QUEUE ? pair(here.id, b) : pair(a, b));
        ring.set(place + 4, pair(c, symbols.of(symbol)));
        ring.set(place + 5, object == null ? 0 : System.identityHashCode(object));
        ring.end(place);
    }

    @Override
    protected void emitMask(EventType type, int window, long low, long high, Object symbol) {
        Cpu here = here(type);
        if (here == null) {
            return;
        }
        CpuRing ring = rings[here.id];
        int place = begin(ring, here, type);
        ring.set(place + 3, pair(window, 0));
        ring.set(place + 4, pair(0, symbols.of(symbol)));
        ring.set(place + 6, low);
        ring.set(place + 7, high);
        ring.end(place);
    }

    /** The current CPU if the event is to be recorded: an offline CPU records functions only. */
    private Cpu here(EventType type) {
        if ((wanted & 1L << type.ordinal()) == 0) {
            return null;
        }
        Cpu here = Cpu.currentOrNull();
        return here != null && (here.isOnline() || type == EventType.FUNCTION) ? here : null;
    }

    private int begin(CpuRing ring, Cpu here, EventType type) {
        Sitter sitter = running(here);
        int count = here.preemptCount();
        int context = (here.irqsDisabled() ? IRQS_OFF : 0) | (here.needResched() ? NEED_RESCHED : 0)
                | ((count & Preempt.HARDIRQ_MASK) != 0 ? HARDIRQ : 0)
                | ((count & Preempt.SOFTIRQ_OFFSET) != 0 ? SOFTIRQ : 0);
        int migrate = sitter instanceof Task task ? Math.min(Scheduler.migrateDisabled(task), BYTE) : 0;
        int place = ring.begin();
        ring.set(place + 1, System.nanoTime() - start);
        ring.set(place + 2, pair(type.ordinal() | context << CONTEXT_SHIFT
                | (count & Preempt.PREEMPT_MASK) << DEPTH_SHIFT | migrate << MIGRATE_SHIFT, pid(sitter)));
        return place;
    }

    private static long pair(int low, int high) {
        return (long) high << Integer.SIZE | low & 0xffffffffL;
    }

    @Override
    protected int pid(Sitter sitter) {
        int pid = sitter.pid();
        return pid != 0 || sitter.isIdleTask() ? pid : number(sitter);
    }

    private int number(Sitter sitter) {
        synchronized (tasks) {
            if (sitter.pid() == 0) {
                tasks.add(sitter instanceof Task task ? Values.Named.of(task)
                        : new Values.Named(sitter.comm(), Values.Named.UNKNOWN.prio()));
                sitter.number(tasks.size() - 1);
            }
            return sitter.pid();
        }
    }

    private Values.Named named(int pid) {
        synchronized (tasks) {
            return pid < tasks.size() ? tasks.get(pid) : Values.Named.UNKNOWN;
        }
    }

    /**
     * What was recorded so far. Exact once the machine is closed; before, a CPU may overwrite events meanwhile, which
     * then count as overwritten.
     *
     * @return the events of all CPUs, by time
     */
    public TraceData data() {
        List<TraceEvent> events = new ArrayList<>();
        List<Long> emitted = new ArrayList<>();
        List<Long> overwritten = new ArrayList<>();
        for (int cpu = 0; cpu < rings.length; cpu++) {
            CpuRing.Snapshot snapshot = rings[cpu].snapshot();
            emitted.add(snapshot.emitted());
            overwritten.add(snapshot.overwritten());
            long[] words = snapshot.events();
            for (int place = 0; place < words.length; place += CpuRing.WORDS) {
                if (words[place] != snapshot.overwritten() + place / CpuRing.WORDS + 1) {
                    throw new IllegalStateException("CPU " + cpu + ": event " + words[place] + " stands where "
                            + (snapshot.overwritten() + place / CpuRing.WORDS + 1) + " belongs");
                }
                events.add(event(cpu, words, place));
            }
        }
        events.sort(Comparator.comparingLong(TraceEvent::time)); // stable: those of a CPU keep their order
        return new TraceData(rings.length, TraceData.Clock.NANOSECONDS, events, emitted, overwritten, null);
    }

    private TraceEvent event(int cpu, long[] words, int place) {
        int head = (int) words[place + 2];
        int pid = high(words[place + 2]);
        EventType type = EventType.values()[head & BYTE];
        int flags = head >>> CONTEXT_SHIFT & BYTE;
        EventContext context = new EventContext((flags & IRQS_OFF) != 0, (flags & NEED_RESCHED) != 0,
                (flags & HARDIRQ) != 0, (flags & SOFTIRQ) != 0, head >>> DEPTH_SHIFT & BYTE, head >>> MIGRATE_SHIFT);
        int a = (int) words[place + 3];
        String symbol = symbols.name(high(words[place + 4]));
        List<Object> values = type == EventType.IPI_RAISE || type == EventType.IPI_SEND_CPUMASK
                ? Values.ofMask(type, a, words[place + 6], words[place + 7], symbol)
                : Values.of(type, a, high(words[place + 3]), (int) words[place + 4], symbol, words[place + 5],
                        this::named);
        return new TraceEvent(cpu, words[place + 1], pid, pid == 0 ? "<idle>" : named(pid).comm(), context, type,
                values);
    }

    private static int high(long word) {
        return (int) (word >>> Integer.SIZE);
    }
}
