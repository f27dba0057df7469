package org.smp4j.trace;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.QueuedFunction;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LlistNode;
import org.smp4j.sched.Task;
import org.smp4j.trace.event.EventType;

/** Turns the calls of the tower's tracepoints into events of one form: a type, two functions or objects, numbers. */
public abstract class Tracer implements EventSink {
    static final String TIMER = "Local timer interrupts";
    /** How many CPUs one event's mask holds. */
    static final int WINDOW = 2 * Long.SIZE;

    /** A tracer. */
    protected Tracer() {
    }

    /**
     * Takes an event of the current CPU.
     *
     * @param type its type
     * @param a its first number
     * @param b its second number
     * @param c its third number
     * @param symbol a function or a reason, or null
     * @param object an object of which only the identity counts, or null
     */
    protected abstract void emit(EventType type, int a, int b, int c, Object symbol, Object object);

    /**
     * Takes an event of the current CPU that is about other CPUs.
     *
     * @param type its type
     * @param window which CPUs: those from this number times 128 on
     * @param low the first 64 of them
     * @param high the next 64 of them
     * @param symbol a function or a reason, or null
     */
    protected abstract void emitMask(EventType type, int window, long low, long high, Object symbol);

    /**
     * The number of a task.
     *
     * @param sitter the task
     * @return its number, from 1; 0 for an idle task
     */
    protected abstract int pid(Sitter sitter);

    /**
     * The task that runs on the current CPU: the stopper, if it has borrowed the sitter's thread.
     *
     * @param here the current CPU
     * @return its sitter, or the stopper
     */
    protected static Sitter running(Cpu here) {
        Sitter sitter = here.sitter();
        return sitter instanceof Task ? Task.current() : sitter;
    }

    @Override
    public final void csdQueueCpu(int cpu, Object func, Object csd) {
        emit(EventType.CSD_QUEUE_CPU, cpu, 0, 0, func, csd);
    }

    @Override
    public final void csdFunctionEntry(Object func, Object csd) {
        emit(EventType.CSD_FUNCTION_ENTRY, 0, 0, 0, func, csd);
    }

    @Override
    public final void csdFunctionExit(Object func, Object csd) {
        emit(EventType.CSD_FUNCTION_EXIT, 0, 0, 0, func, csd);
    }

    @Override
    public final void ipiSendCpu(int cpu, Object callback) {
        emit(EventType.IPI_SEND_CPU, cpu, 0, 0, callback, null);
    }

    @Override
    public final void ipiSendCpumask(CpuMask cpus, Object callback) {
        for (int window = 0; window * WINDOW < cpus.nrCpuIds(); window++) {
            long low = bits(cpus, window * WINDOW);
            long high = bits(cpus, window * WINDOW + Long.SIZE);
            if ((low | high) != 0) {
                emitMask(EventType.IPI_SEND_CPUMASK, window, low, high, callback);
            }
        }
    }

    private static long bits(CpuMask cpus, int from) {
        long bits = 0;
        for (int cpu = from; cpu < Math.min(cpus.nrCpuIds(), from + Long.SIZE); cpu++) {
            bits |= cpus.testCpu(cpu) ? 1L << cpu : 0;
        }
        return bits;
    }

    @Override
    public final void ipiRaise(int cpu, String reason) {
        long bit = 1L << cpu;
        boolean low = (cpu & Long.SIZE) == 0;
        emitMask(EventType.IPI_RAISE, cpu / WINDOW, low ? bit : 0, low ? 0 : bit, reason);
    }

    @Override
    public final void ipiEntry(String reason) {
        emit(reason.equals(TIMER) ? EventType.IRQ_HANDLER_ENTRY : EventType.IPI_ENTRY, 0, 0, 0, reason, null);
    }

    @Override
    public final void ipiExit(String reason) {
        emit(reason.equals(TIMER) ? EventType.IRQ_HANDLER_EXIT : EventType.IPI_EXIT, 0, 0, 0, reason, null);
    }

    @Override
    public final void cpuhpEnter(int cpu, int target, int idx, Object fun) {
        emit(EventType.CPUHP_ENTER, cpu, target, idx, fun, null);
    }

    @Override
    public final void cpuhpMultiEnter(int cpu, int target, int idx, Object fun) {
        emit(EventType.CPUHP_MULTI_ENTER, cpu, target, idx, fun, null);
    }

    @Override
    public final void cpuhpExit(int cpu, int state, int idx, int ret) {
        emit(EventType.CPUHP_EXIT, cpu, state | idx << Short.SIZE, ret, null, null);
    }

    @Override
    public final void schedWakeIdleWithoutIpi(int cpu) {
        emit(EventType.SCHED_WAKE_IDLE_WITHOUT_IPI, cpu, 0, 0, null, null);
    }

    @Override
    public final void schedSwitch(Object prev, Object next) {
        Task leaves = (Task) prev;
        emit(EventType.SCHED_SWITCH, pid(leaves), pid((Task) next), switch (leaves.state()) {
            case NEW, RUNNING -> 'R';
            case BLOCKED -> 'D';
            case PARKED -> 'P';
            case DEAD -> 'X';
        }, null, null);
    }

    @Override
    public final void schedWaking(Object task, int cpu) {
        emit(EventType.SCHED_WAKING, pid((Task) task), cpu, 0, null, null);
    }

    @Override
    public final void irqDisable() {
        emit(EventType.IRQ_DISABLE, 0, 0, 0, null, null);
    }

    @Override
    public final void irqEnable() {
        emit(EventType.IRQ_ENABLE, 0, 0, 0, null, null);
    }

    @Override
    public final void preemptDisable() {
        emit(EventType.PREEMPT_DISABLE, 0, 0, 0, null, null);
    }

    @Override
    public final void preemptEnable() {
        emit(EventType.PREEMPT_ENABLE, 0, 0, 0, null, null);
    }

    @Override
    public final void callQueueTaken(LlistNode first) {
        int length = 0;
        for (LlistNode node = first; node != null; node = node.next()) {
            length++;
        }
        emit(EventType.CALL_QUEUE, 0, length, 0, null, null);
    }

    @Override
    public final void cpuStopQueueWork(int cpu, Object work) {
        emit(EventType.CPU_STOP_QUEUE_WORK, cpu, 0, 0, ((QueuedFunction) work).function(), work);
    }

    @Override
    public final void cpuStopWorkEntry(Object fn, Object work) {
        emit(EventType.CPU_STOP_WORK_ENTRY, 0, 0, 0, fn, work);
    }

    @Override
    public final void cpuStopWorkExit(Object fn, Object work, int ret) {
        emit(EventType.CPU_STOP_WORK_EXIT, ret, 0, 0, fn, work);
    }

    @Override
    public final void multiStopState(int state) {
        emit(EventType.MULTI_STOP_STATE, state, 0, 0, null, null);
    }

    @Override
    public final void function(String name) {
        emit(EventType.FUNCTION, 0, 0, 0, name, null);
    }
}
