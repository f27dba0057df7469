package org.smp4j.scenario.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.call.CallSingleNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.model.Describer;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Task;

/** Names the objects, values and functions of a machine for reports, and tells its state. */
public final class MachineView implements Describer {
    private static final String HOUSE = "org.smp4j.";
    private static final String MACHINERY = " lib cpu call sched stop hotplug scenario weave ";
    /** Fields that keep the machinery going, whatever it does. */
    private static final Set<String> DETAILS = Set.of("end", "events", "sitter", "switches", "queued", "thread", "open",
            "owner", "sliceOver", "nextQueued", "threads", "curr", "onCpu", "bits", "granted", "arrivals", "seat",
            "pinned", "touched", "awake");

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    // The notes of the oracles: a work or a call is queued, and begins.
    private static final Pattern SENT = Pattern.compile("queues for stopper (?<stopper>\\d+):(?<stop> .*)"
            + "|has queued (?<call>.*) to CPU (?<cpu>\\d+)( \\(.*\\))?");
    private static final Pattern BEGUN = Pattern.compile("stopper (?<stopper>\\d+) begins(?<stop> .*)"
            + "|CPU (?<cpu>\\d+) runs (?<call>.*)");

    private final Reflected reflected = new Reflected();
    private final ObjectNames names;
    private final MachineState state;
    private Object detail;

    /**
     * A view of a machine.
     *
     * @param cpus its CPUs; null if there are none yet
     * @param parts the objects from which its others are reached: the scheduler, the stoppers, and so on
     */
    public MachineView(Cpus cpus, Object... parts) {
        names = new ObjectNames(reflected, List.of(parts));
        state = new MachineState(reflected, cpus, List.of(parts));
    }

    /** {@return the view of a machine that is still being set up: it knows whose code runs, and nothing else} */
    public static MachineView ofSetup() {
        return new MachineView(null);
    }

    /**
     * A view of the same machine for which an object is a detail: a report tells of it last.
     *
     * @param detail an object of the scenario that keeps it going, whatever it shows
     * @return this view
     */
    public MachineView withDetail(Object detail) {
        this.detail = detail;
        return this;
    }

    @Override
    public String object(Object object) {
        return object instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Task task
                ? "the thread of " + names.of(task) : names.of(object);
    }

    /** As the notes of the oracles call it: by what it prints. */
    @Override
    public String called(Object object) {
        return Reflected.prints(object.getClass()) ? object.toString() : null;
    }

    @Override
    public String value(Object owner, String field, Object value) {
        return switch (value) {
            case Integer bits when owner instanceof PendingWord && field.equals("bits") -> Words.pending(bits);
            case Integer flags when owner instanceof CallSingleNode && field.equals("flags") -> Words.node(flags);
            case Integer step when isMultiStop(owner) && field.equals("state") -> {
                state.multiStop(owner);
                yield Words.multiStop(step);
            }
            case Integer step when isHotplug(owner) && (field.equals("state") || field.equals("target")) ->
                    state.hotplug(step);
            case Long word when owner instanceof long[] -> Words.mask(word, 0);
            case null -> owner instanceof PendingWord && field.equals("first") ? "empty" : null;
            default -> null;
        };
    }

    private static boolean isMultiStop(Object owner) {
        return owner != null && owner.getClass().getName().equals("org.smp4j.stop.MultiStop");
    }

    private static boolean isHotplug(Object owner) {
        return owner != null && owner.getClass().getName().equals("org.smp4j.hotplug.CpuhpCpuState");
    }

    @Override
    public Role role(Object owner, String field) {
        if (owner instanceof RawSpinLock) {
            return Role.LOCK;
        }
        if (owner != null && owner == detail) {
            return Role.DETAIL;
        }
        boolean machinery = owner == null || Reflected.isOurs(owner.getClass());
        return machinery && DETAILS.contains(field) ? Role.DETAIL : Role.STATE;
    }

    @Override
    public boolean isMachinery(String className) {
        if (!className.startsWith(HOUSE)) {
            return false;
        }
        int end = className.indexOf('.', HOUSE.length());
        return end < 0 || MACHINERY.contains(" " + className.substring(HOUSE.length(), end) + " ");
    }

    @Override
    public boolean isWrapper(String className, String method) {
        return className.startsWith("org.smp4j.lib.") || className.startsWith("org.smp4j.cpu.")
                || className.startsWith("org.smp4j.scenario.");
    }

    @Override
    public String actor(Thread thread, String handler) {
        Sitter sitter = thread instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Sitter its ? its : null;
        if (handler != null) {
            return "IRQ " + handler.substring(handler.indexOf('.') + 1);
        }
        return sitter instanceof Task task
                ? reflected.get(task, "stopper") instanceof Task stopper ? stopper.comm() : task.comm() : null;
    }

    @Override
    public boolean isIdle(Thread thread) {
        return thread instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Task task && task.isIdleTask();
    }

    @Override
    public boolean isInterruptEntry(String className) {
        return className.equals("org.smp4j.cpu.IrqEntry");
    }

    @Override
    public Arrow arrow(Object owner, String field, boolean fetch, Object value) {
        return switch (owner) {
            case PendingWord word when field.equals("bits") -> value instanceof Integer before
                    ? Words.hasInterrupt(bits(word) & ~before) ? new Arrow("IPI", cpuOf(owner)) : null : null;
            case PendingWord _ when field.equals("first") ->
                    fetch || value == null ? null : new Arrow("call", cpuOf(owner));
            case CallSingleNode _ when field.equals("flags") -> new Arrow("csd", null);
            case Task task when field.equals("woken") ->
                    Boolean.TRUE.equals(value) && !fetch ? new Arrow("wake-up", task.comm()) : null;
            case Task task when field.equals("state") -> value instanceof Enum<?> state && !fetch
                    && state.name().equals("RUNNING") ? new Arrow("wake-up", task.comm()) : null;
            case null -> null;
            default -> field.equals("stopRunnable") && Boolean.TRUE.equals(value) ? new Arrow("stop", cpuOf(owner))
                    : field.equals("state") && isMultiStop(owner) ? new Arrow("stop", null) : null;
        };
    }

    private int bits(PendingWord word) {
        return reflected.get(word, "bits") instanceof Integer bits ? bits : 0;
    }

    /** {@return the column of the CPU to which a part belongs, as {@code CPU 1.pending} or {@code rq 1}} */
    private String cpuOf(Object part) {
        String name = names.of(part);
        Matcher number = name == null ? null : NUMBER.matcher(name);
        return number != null && number.find() ? "CPU " + number.group() : null;
    }

    @Override
    public Object now(Object owner, String field) {
        return Reflected.isOurs(owner.getClass()) ? reflected.get(owner, field) : UNKNOWN;
    }

    @Override
    public String interrupts(Thread thread) {
        Cpu cpu = cpuOf(thread);
        return cpu == null || !Words.hasInterrupt(cpu.pendingBits()) ? null
                : Words.pending(cpu.pendingBits() & PendingWord.INTERRUPTS);
    }

    @Override
    public String preemptible(Thread thread) {
        Cpu cpu = cpuOf(thread);
        return cpu == null || cpu.preemptCount() != 0 || cpu.irqsDisabled() ? null : "preempt count 0";
    }

    /** {@return the CPU on which a thread sits; null for none} */
    private Cpu cpuOf(Thread thread) {
        return thread instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Sitter sitter
                && reflected.get(sitter, "seat") instanceof Cpu cpu && cpu.sitter() == sitter ? cpu : null;
    }

    @Override
    public Link link(String note) {
        Matcher sent = SENT.matcher(note);
        if (sent.matches()) {
            return link(sent, true);
        }
        Matcher begun = BEGUN.matcher(note);
        return begun.matches() ? link(begun, false) : null;
    }

    private static Link link(Matcher note, boolean sends) {
        return note.group("stopper") != null
                ? new Link("stop", note.group("stopper") + note.group("stop"), sends, false)
                : new Link("call", note.group("cpu") + " " + note.group("call"), sends, true);
    }

    @Override
    public Map<String, Set<String>> bands() {
        Map<String, Set<String>> bands = new HashMap<>(Map.of("hotplug", Set.of("ONLINE", "OFFLINE")));
        state.multiStopAspects().forEach(aspect -> bands.put(aspect, Set.of("NONE", Words.OVER)));
        return bands;
    }

    @Override
    public Map<String, String> shades() {
        return Map.of("IRQs", "on", "preempt count", "0");
    }

    @Override
    public Map<String, Map<String, String>> state() {
        return state.now(names);
    }

    /** {@return a mask as a list, or that it is empty} */
    static String list(CpuMask mask) {
        String list = mask.toString();
        return list.isEmpty() ? "none" : list;
    }
}
