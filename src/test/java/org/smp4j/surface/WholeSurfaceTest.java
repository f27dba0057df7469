package org.smp4j.surface;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.Machine;
import org.smp4j.Sysrq;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.ErrnoException;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Wiring;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Task;
import org.smp4j.sched.TaskState;

/**
 * Each public function of the tower with each argument that a caller may get wrong, with each callback that misbehaves,
 * and in each context where it does not belong: it comes back, with a result or an exception that says what is wrong,
 * preempt count and IRQ flag are as they were, and the machine serves calls, stops and hotplug. A new public function
 * is among them by itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WholeSurfaceTest {
    private static final int CPUS = 3;
    private static final long DEADLINE_SECONDS = 60;
    private static final Map<String, Executable> ALL = Surface.all();

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private Machine machine;

    @BeforeAll
    void boot() {
        machine = Machine.boot(BootParams.cpus(CPUS).with("idle=halt pin=none watchdog_thresh=0"), log::add, null);
    }

    @AfterAll
    void close() {
        machine.close();
    }

    static List<String> functions() {
        return ALL.keySet().stream().filter(name -> !isLeftOut(name)).toList();
    }

    private static boolean isLeftOut(String name) {
        return Special.LEFT_OUT.values().stream().flatMap(List::stream)
                .anyMatch(left -> name.equals(left) || name.startsWith(left + "(") && !left.endsWith(")"));
    }

    @Test
    void whatIsLeftOutExists() {
        assertThat(ALL).hasSizeGreaterThan(300);
        TreeSet<String> known = new TreeSet<>(ALL.keySet());
        ALL.values().forEach(each -> known.add(Surface.shortName(each)));
        assertThat(known).containsAll(Special.LEFT_OUT.values().stream().flatMap(List::stream).toList());
        assertThat(known).containsAll(Special.CHANGES_CONTEXT).containsAll(Special.SLEEPS);
    }

    @Test
    void whatIsLeftOutForTheFloorsIsMarked() {
        for (String left : Special.WIRING.stream().flatMap(reason -> Special.LEFT_OUT.get(reason).stream()).toList()) {
            assertThat(ALL.values().stream()
                    .filter(each -> List.of(Surface.shortName(each), Surface.name(each)).contains(left)))
                    .as(left).isNotEmpty().allMatch(each -> each.isAnnotationPresent(Wiring.class));
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    @Timeout(300)
    void doesNoHarm(String name) {
        Executable function = ALL.get(name);
        Class<?>[] types = function.getParameterTypes();
        for (Context context : Context.values()) {
            if (context != Context.OTHER_MACHINE || !Special.ENDS.contains(Surface.shortName(function))) {
                check(function, -1, null, context);
            }
        }
        for (int parameter = 0; parameter < types.length; parameter++) {
            for (Object bad : new Values(machine).bad(types[parameter])) {
                if (!(Special.SLEEPS.contains(Surface.shortName(function)) && bad.equals(Long.MAX_VALUE))) {
                    check(function, parameter, bad, Context.TASK);
                }
            }
        }
        String[] broken = new String[1];
        await(name, machine.spawn(0, "last", () -> broken[0] = comesAndGoes()));
        assertThat(broken[0]).as(name).isNull();
    }

    /** Where a function is called. */
    private enum Context {
        TASK, PREEMPTION_OFF, IRQS_OFF, LOCAL_CALL, REMOTE_CALL, STOPPER, OTHER_MACHINE
    }

    private void check(Executable function, int parameter, Object bad, Context context) {
        String what = Surface.name(function) + (parameter < 0 ? "" : ", parameter " + parameter + ": " + text(bad))
                + ", " + context;
        AtomicReference<String> fault = new AtomicReference<>();
        await(what, machine.spawn(0, "caller", () -> {
            Call call = new Call(machine, function, parameter, bad);
            call(call, context);
            fault.set(call.fault);
            Special.undo(machine, Surface.shortName(function), call.arguments, call.result);
            fault.compareAndSet(null, serves());
        }));
        assertThat(fault.get()).as(what).isNull();
        assertThat(machine.cpus().lifetime.panicReason()).as(what).isNull();
        machine.warnings().reset();
    }

    private void await(String what, Task task) {
        long deadline = System.nanoTime() + DEADLINE_SECONDS * 1_000_000_000L;
        while (task.state() != TaskState.DEAD) {
            if (System.nanoTime() - deadline > 0) {
                log.clear();
                Sysrq.showAllCpus(machine);
                Sysrq.showTasks(machine);
                String shown = String.join("\n", log);
                again();
                throw new AssertionError(what + ": not done after " + DEADLINE_SECONDS + " s\n" + shown);
            }
            LockSupport.parkNanos(20_000);
        }
        Throwable failure = task.failure();
        if (failure != null) {
            again();
            throw new AssertionError(what + ": " + text(failure), failure);
        }
    }

    /** The others need a machine that runs. */
    private void again() {
        machine.closeWithin(1000);
        boot();
    }

    private void call(Call call, Context context) {
        switch (context) {
            case TASK -> call.run();
            case PREEMPTION_OFF -> {
                Preempt.disable();
                call.run();
                Preempt.enable();
            }
            case IRQS_OFF -> {
                boolean flags = LocalIrq.save();
                call.run();
                LocalIrq.restore(flags);
            }
            case LOCAL_CALL -> machine.smp().smpCallFunctionSingle(0, info -> call.run(), null, true);
            case REMOTE_CALL -> machine.smp().smpCallFunctionSingle(1, info -> call.run(), null, true);
            case STOPPER -> machine.stopMachine().stopOneCpu(2, arg -> {
                call.run();
                return 0;
            }, null);
            case OTHER_MACHINE -> {
                Cpus others = new Cpus(CPUS);
                Thread thread = new Thread(() -> {
                    try (var _ = others.cpu(0).sit()) {
                        call.run();
                    }
                });
                thread.start();
                while (thread.isAlive()) {
                    Cpu.current().poll();
                    Thread.onSpinWait();
                }
            }
        }
    }

    /** One call of a function, and what came of it. */
    private static final class Call {
        private final Machine machine;
        private final Executable function;
        private final Object receiver;
        final Object[] arguments;
        Object result;
        String fault;

        Call(Machine machine, Executable function, int parameter, Object bad) {
            Values values = new Values(machine);
            this.machine = machine;
            this.function = function;
            receiver = Modifier.isStatic(function.getModifiers()) || function instanceof Constructor
                    ? null : values.good(function.getDeclaringClass());
            Class<?>[] types = function.getParameterTypes();
            Object[] usual = new Object[types.length];
            for (int i = 0; i < types.length; i++) {
                usual[i] = values.good(types[i]);
            }
            arguments = Special.good(Surface.shortName(function), usual);
            if (parameter >= 0) {
                arguments[parameter] = bad;
            }
        }

        void run() {
            Cpu here = Cpu.current();
            int count = here.preemptCount();
            boolean irqsOff = here.irqsDisabled();
            try {
                result = function instanceof Method method ? method.invoke(atHome(receiver), seated())
                        : ((Constructor<?>) function).newInstance(arguments);
                Special.giveBack(machine, Surface.shortName(function), result);
            } catch (InvocationTargetException e) {
                fault = judge(e.getCause());
            } catch (ReflectiveOperationException e) {
                fault = e.toString();
            }
            here = Cpu.current();
            if (!Special.CHANGES_CONTEXT.contains(Surface.shortName(function))
                    && (here.preemptCount() != count || here.irqsDisabled() != irqsOff)) {
                fault = "leaves preempt count " + Integer.toHexString(here.preemptCount()) + " for "
                        + Integer.toHexString(count) + ", IRQs off "
                        + here.irqsDisabled() + " for " + irqsOff + (fault == null ? "" : "; " + fault);
            }
            while (here.preemptCount() > count) {
                here.preemptCountSub(here.preemptCount() - count);
            }
            here.preemptCountAdd(count - here.preemptCount());
            here.irqRestore(irqsOff);
        }

        private Object[] seated() {
            return Arrays.stream(arguments).map(Call::atHome).toArray();
        }

        /** Replaces the CPU of the maker of the values by that of the caller. */
        private static Object atHome(Object value) {
            return value instanceof Cpu ? Cpu.current() : value instanceof Sitter && !(value instanceof Kthread)
                    ? Waiter.current() : value;
        }

        /** What a caller's mistake may bring: an exception that says so, or what the caller's own function threw. */
        private static String judge(Throwable thrown) {
            boolean clear = thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException
                    || thrown instanceof NullPointerException || thrown instanceof ErrnoException;
            boolean own = thrown instanceof Callbacks.Marker || thrown instanceof OutOfMemoryError
                    || thrown instanceof StackOverflowError;
            return clear || own ? null : "threw " + text(thrown);
        }
    }

    /** {@return what the machine does not do any more, or null} */
    private String serves() {
        AtomicInteger ran = new AtomicInteger();
        machine.smp().onEachCpu(info -> ran.incrementAndGet(), null, true);
        int stopped = machine.stopMachine().stopMachine(arg -> 7, null, null);
        return ran.get() == CPUS && stopped == 7
                ? null : "a call of all CPUs ran on " + ran.get() + ", stop_machine gave " + stopped;
    }

    private String comesAndGoes() {
        for (int cpu = 0; cpu < CPUS; cpu++) {
            int number = cpu;
            if (machine.stopMachine().stopOneCpu(cpu, arg -> 7 + number, null) != 7 + cpu
                    || machine.workqueue().workOnCpu(cpu, Cpu::smpProcessorId) != cpu) {
                return "no stop of CPU " + cpu + ", or no work there";
            }
        }
        int down = machine.hotplug().removeCpu(2);
        int up = machine.hotplug().addCpu(2);
        return down == 0 && up == 0 ? null : "down " + down + ", up " + up;
    }

    private static String text(Object value) {
        if (value instanceof Throwable thrown) {
            StackTraceElement[] stack = thrown.getStackTrace();
            return thrown.getClass().getName() + ": " + thrown.getMessage()
                    + (stack.length == 0 ? "" : " at " + stack[0] + (stack.length > 1 ? " from " + stack[1] : ""));
        }
        try {
            return String.valueOf(value);
        } catch (RuntimeException e) {
            return value.getClass().getName();
        }
    }
}
