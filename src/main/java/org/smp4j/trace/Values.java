package org.smp4j.trace;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.smp4j.sched.Task;
import org.smp4j.trace.event.EventType;

/** Gives the numbers of an event their meaning: the values of its fields. */
public final class Values {
    /**
     * A task as events name it.
     *
     * @param comm its name
     * @param prio its priority, as the kernel prints it
     */
    public record Named(String comm, int prio) {
        /** What the kernel prints for a task whose name is not known any more. */
        public static final Named UNKNOWN = new Named("<...>", 120);
        /** A CPU's idle task. */
        public static final Named IDLE = new Named("swapper", 120);

        /**
         * Names a task.
         *
         * @param task the task
         * @return its name and priority
         */
        public static Named of(Task task) {
            return new Named(task.comm(), switch (task.policy()) {
                case STOP -> 0;
                case FIFO -> 98;
                case NORMAL, IDLE -> 120;
            });
        }
    }

    /** Finds a task by its number. */
    @FunctionalInterface
    public interface Names {
        /** {@return the task with a number} */
        Named of(int pid);
    }

    private Values() {
    }

    /**
     * The values of an event's fields.
     *
     * @param type its type
     * @param a its first number
     * @param b its second number
     * @param c its third number
     * @param symbol the name of its function or reason, or null
     * @param object its object, 0 for none
     * @param names the tasks
     * @return the values
     */
    public static List<Object> of(EventType type, int a, int b, int c, String symbol, long object, Names names) {
        return switch (type) {
            case CSD_QUEUE_CPU -> list(a, null, symbol, object);
            case CSD_FUNCTION_ENTRY, CSD_FUNCTION_EXIT, CPU_STOP_WORK_ENTRY -> list(symbol, object);
            case IPI_SEND_CPU -> list(a, null, symbol);
            case IPI_ENTRY, IPI_EXIT -> list(symbol);
            case IRQ_HANDLER_ENTRY -> list(0, "timer");
            case IRQ_HANDLER_EXIT -> list(0, "handled");
            case CPUHP_ENTER, CPUHP_MULTI_ENTER -> list(a, b, c, symbol);
            case CPUHP_EXIT -> list(a, b & 0xffff, b >>> Short.SIZE, c);
            case SCHED_SWITCH -> list(names.of(a).comm(), a, names.of(a).prio(), "" + (char) c, names.of(b).comm(), b,
                    names.of(b).prio());
            case SCHED_WAKING -> list(names.of(a).comm(), a, names.of(a).prio(), b);
            case SCHED_WAKE_IDLE_WITHOUT_IPI -> list(a);
            case IRQ_DISABLE, IRQ_ENABLE, PREEMPT_DISABLE, PREEMPT_ENABLE -> list(null, null);
            case CPU_STOP_QUEUE_WORK -> list(a, symbol, object);
            case CPU_STOP_WORK_EXIT -> list(symbol, object, a);
            case MULTI_STOP_STATE -> list(EventType.MULTI_STOP_STATES.get(a));
            case CALL_QUEUE -> list(a, b);
            case FUNCTION -> list(symbol, null);
            case IPI_RAISE, IPI_SEND_CPUMASK -> throw new IllegalArgumentException(type + " has a mask");
        };
    }

    /**
     * The values of the fields of an event with a mask.
     *
     * @param type its type
     * @param window which CPUs: those from this number times 128 on
     * @param low the first 64 of them
     * @param high the next 64 of them
     * @param symbol the name of its function or reason
     * @return the values
     */
    public static List<Object> ofMask(EventType type, int window, long low, long high, String symbol) {
        BitSet shifted = new BitSet();
        BitSet.valueOf(new long[] {low, high}).stream().forEach(bit -> shifted.set(window * Tracer.WINDOW + bit));
        return type == EventType.IPI_RAISE ? list(shifted, symbol) : list(shifted, null, symbol);
    }

    private static List<Object> list(Object... values) {
        return Arrays.asList(values);
    }
}
