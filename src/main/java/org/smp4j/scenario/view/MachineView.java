package org.smp4j.scenario.view;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.smp4j.call.CallSingleNode;
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
            "pinned", "touched");

    private final Reflected reflected = new Reflected();
    private final ObjectNames names;
    private final MachineState state;

    /**
     * A view of a machine.
     *
     * @param cpus its CPUs
     * @param parts the objects from which its others are reached: the scheduler, the stoppers, and so on
     */
    public MachineView(Cpus cpus, Object... parts) {
        names = new ObjectNames(reflected, List.of(parts));
        state = new MachineState(reflected, cpus, List.of(parts));
    }

    @Override
    public String object(Object object) {
        return object instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Task task
                ? "the thread of " + names.of(task) : names.of(object);
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
            case null, default -> null;
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
    public String arrow(Object owner, String field) {
        return switch (field) {
            case "bits" -> owner instanceof PendingWord ? "IPI" : null;
            case "first" -> owner instanceof PendingWord ? "call" : null;
            case "flags" -> owner instanceof CallSingleNode ? "csd" : null;
            case "stopRunnable" -> "stop";
            case "woken" -> owner instanceof Task ? "wake-up" : null;
            case "state" -> owner instanceof Task ? "wake-up" : isMultiStop(owner) ? "stop" : null;
            default -> null;
        };
    }

    @Override
    public Map<String, Set<String>> bands() {
        return Map.of("hotplug", Set.of("ONLINE", "OFFLINE"), "multi-stop", Set.of("NONE", Words.OVER));
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
