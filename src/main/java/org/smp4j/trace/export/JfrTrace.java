package org.smp4j.trace.export;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import jdk.jfr.Category;
import jdk.jfr.Configuration;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Recording;
import jdk.jfr.StackTrace;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Symbol;

/**
 * The tracer that gives calls, stops and hotplug steps to JDK Flight Recorder, where they stand beside collections and
 * safepoints. The recorder limits nothing here: it writes to files as it goes.
 */
public final class JfrTrace implements EventSink, AutoCloseable {
    /** A function that one CPU runs for another. */
    @Name("org.smp4j.Call")
    @Label("Call between CPUs")
    @Category("smp4j")
    @StackTrace(false)
    static final class Call extends Event {
        @Label("CPU")
        int cpu;
        @Label("Function")
        String function;
    }

    /** A function that a stopper runs. */
    @Name("org.smp4j.Stop")
    @Label("Stop work")
    @Category("smp4j")
    @StackTrace(false)
    static final class Stop extends Event {
        @Label("CPU")
        int cpu;
        @Label("Function")
        String function;
        @Label("Result")
        int result;
    }

    /** A step of a CPU on its way up or down. */
    @Name("org.smp4j.HotplugStep")
    @Label("Hotplug step")
    @Category("smp4j")
    @StackTrace(false)
    static final class HotplugStep extends Event {
        @Label("CPU")
        int cpu;
        @Label("Step")
        int step;
        @Label("Callback")
        String callback;
        @Label("Result")
        int result;
    }

    // By CPU on which they run: calls and stop works that have begun. Used by that CPU's sitter only.
    private final Deque<Event>[] open;
    // By CPU that moves: its steps that have begun. Used by the CPU that performs them; hotplug orders these.
    private final Deque<HotplugStep>[] steps;
    private final Recording recording;

    /**
     * Starts a recording.
     *
     * @param nrCpus how many CPUs the machine has
     * @throws IOException if there is no recorder
     */
    public JfrTrace(int nrCpus) throws IOException {
        open = stacks(nrCpus);
        steps = stacks(nrCpus);
        try {
            recording = new Recording(Configuration.getConfiguration("default"));
        } catch (java.text.ParseException e) {
            throw new IOException("JDK Flight Recorder has no usable configuration", e);
        }
        recording.setName("smp4j");
        recording.enable("jdk.SafepointBegin").withoutThreshold(); // else only those of 10 ms and more
        recording.start();
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <T> Deque<T>[] stacks(int nrCpus) {
        Deque<T>[] all = new Deque[nrCpus];
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            all[cpu] = new ArrayDeque<>();
        }
        return all;
    }

    /**
     * Writes the recording.
     *
     * @param file where to
     * @throws IOException if it can't be written
     */
    public void write(Path file) throws IOException {
        recording.stop();
        recording.dump(file);
    }

    @Override
    public void close() {
        recording.close();
    }

    private void begin(Event event) {
        event.begin();
        open[Cpu.rawSmpProcessorId()].push(event);
    }

    private <T extends Event> T end(Class<T> type) {
        Deque<Event> stack = open[Cpu.rawSmpProcessorId()];
        return type.isInstance(stack.peek()) ? type.cast(stack.pop()) : null;
    }

    @Override
    public void csdFunctionEntry(Object func, Object csd) {
        Call event = new Call();
        event.cpu = Cpu.rawSmpProcessorId();
        event.function = Symbol.ps(func);
        begin(event);
    }

    @Override
    public void csdFunctionExit(Object func, Object csd) {
        Call event = end(Call.class);
        if (event != null) {
            event.commit();
        }
    }

    @Override
    public void cpuStopWorkEntry(Object fn, Object work) {
        Stop event = new Stop();
        event.cpu = Cpu.rawSmpProcessorId();
        event.function = Symbol.ps(fn);
        begin(event);
    }

    @Override
    public void cpuStopWorkExit(Object fn, Object work, int ret) {
        Stop event = end(Stop.class);
        if (event != null) {
            event.result = ret;
            event.commit();
        }
    }

    @Override
    public void cpuhpEnter(int cpu, int target, int idx, Object fun) {
        HotplugStep event = new HotplugStep();
        event.cpu = cpu;
        event.step = idx;
        event.callback = Symbol.ps(fun);
        event.begin();
        steps[cpu].push(event);
    }

    @Override
    public void cpuhpMultiEnter(int cpu, int target, int idx, Object fun) {
        cpuhpEnter(cpu, target, idx, fun);
    }

    @Override
    public void cpuhpExit(int cpu, int state, int idx, int ret) {
        HotplugStep event = steps[cpu].poll();
        if (event != null && event.step == idx) {
            event.result = ret;
            event.commit();
        }
    }
}
