package org.smp4j.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.smp4j.Machine;
import org.smp4j.Sysrq;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Task;

/**
 * A booted machine for one test. What runs on it is bounded: after the deadline its CPUs and all threads are shown, it
 * is closed, and the test fails. Closing it fails too if it warned about anything that the test did not announce, for
 * example about a task that threw.
 */
public final class TestMachine implements AutoCloseable {
    /** When what a test runs counts as hanging. */
    public static final long DEADLINE_SECONDS = Long.getLong("smp4j.test.deadline", 90);
    private static final int SHOWN_THREADS = 200;

    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private final List<WarnSite> expected = new ArrayList<>();
    private final Machine machine;
    private final long deadlineSeconds;

    private TestMachine(BootParams params, long deadlineSeconds) {
        this.deadlineSeconds = deadlineSeconds;
        machine = Machine.boot(params, printed::add, null);
    }

    /**
     * Boots a machine whose CPUs halt when idle, unpinned.
     *
     * @param cpus how many CPUs
     * @param params further boot parameters, as on a command line
     * @return the machine
     */
    public static TestMachine boot(int cpus, String params) {
        return boot(cpus, params, DEADLINE_SECONDS);
    }

    /**
     * As {@link #boot(int, String)}, for a test that runs long.
     *
     * @param cpus how many CPUs
     * @param params further boot parameters
     * @param deadlineSeconds when what it runs counts as hanging
     * @return the machine
     */
    public static TestMachine boot(int cpus, String params, long deadlineSeconds) {
        return new TestMachine(BootParams.cpus(cpus).with("idle=halt pin=none").with(params), deadlineSeconds);
    }

    /**
     * As {@link #boot(int, String)} without further parameters.
     *
     * @param cpus how many CPUs
     * @return the machine
     */
    public static TestMachine boot(int cpus) {
        return boot(cpus, "");
    }

    /** {@return the machine itself} */
    public Machine machine() {
        return machine;
    }

    /** {@return what it logged so far} */
    public List<String> printed() {
        return List.copyOf(printed);
    }

    /**
     * Announces warnings: they do not fail the test, and have to come.
     *
     * @param sites where
     */
    public void expectWarning(WarnSite... sites) {
        expected.addAll(List.of(sites));
    }

    /**
     * Starts a task that is bound to a CPU. What it throws fails the test when the machine is closed.
     *
     * @param cpu the CPU
     * @param comm its name
     * @param body what it runs
     * @return the task
     */
    public Task start(int cpu, String comm, Runnable body) {
        return machine.spawn(cpu, comm, body);
    }

    /**
     * Runs code as a task that is bound to a CPU, and waits for its end.
     *
     * @param cpu the CPU
     * @param body the code; what it throws is thrown here
     */
    public void run(int cpu, Runnable body) {
        Throwable[] failure = new Throwable[1];
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                machine.run(cpu, body);
            } catch (Throwable e) {
                failure[0] = e;
            } finally {
                done.countDown();
            }
        }, "test");
        thread.setDaemon(true);
        thread.start();
        await(() -> done.getCount() == 0, "task on CPU " + cpu);
        switch (failure[0]) {
            case null -> { }
            case Error e -> throw e;
            case RuntimeException e -> throw e;
            case Throwable e -> throw new AssertionError(e);
        }
    }

    /**
     * Waits on the calling thread, which is on no CPU.
     *
     * @param condition for what
     * @param what its name
     */
    public void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(deadlineSeconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                AssertionError hang =
                        new AssertionError(what + ": not done after " + deadlineSeconds + " s\n" + dump());
                addCauses(hang);
                machine.cpus().lifetime.close();
                throw hang;
            }
            LockSupport.parkNanos(this, 200_000);
        }
    }

    /** {@return the machine's CPUs and the stacks of all threads} */
    public String dump() {
        int before = printed.size();
        Sysrq.showAllCpus(machine);
        StringBuilder text = new StringBuilder();
        printed.stream().skip(before).forEach(line -> text.append(line).append('\n'));
        int shown = 0;
        for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
            if (shown++ < SHOWN_THREADS) {
                text.append('"').append(entry.getKey().getName()).append("\" ").append(entry.getKey().getState())
                        .append('\n');
                for (StackTraceElement frame : entry.getValue()) {
                    text.append("    at ").append(frame).append('\n');
                }
            }
        }
        return text.toString();
    }

    @Override
    public void close() {
        machine.close();
        List<Warnings.Warning> unexpected = machine.warnings().list().stream()
                .filter(warning -> !expected.contains(warning.site())).toList();
        if (!unexpected.isEmpty()) {
            AssertionError failure = new AssertionError("the machine warned: " + unexpected);
            addCauses(failure);
            throw failure;
        }
        for (WarnSite site : expected) {
            if (machine.warnings().count(site) == 0) {
                throw new AssertionError("the machine did not warn about " + site);
            }
        }
    }

    private void addCauses(AssertionError failure) {
        machine.warnings().list().stream().map(Warnings.Warning::cause).filter(cause -> cause != null)
                .forEach(failure::addSuppressed);
    }
}
