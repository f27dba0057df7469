package org.smp4j.probe;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.Task;

/** Stopping CPUs, taking them down, tasks and locks. */
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = {"-XX:+UseParallelGC", "-XX:+UseCondCardMark"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
public class StopProbe {
    /** A seat, and a task that answers. */
    @State(Scope.Thread)
    public static class Partner extends Seat {
        final Completion ping = new Completion();
        final Completion pong = new Completion();
        private volatile boolean stop;
        private Task task;

        int partnersCpu() {
            return 0;
        }

        @Override
        void seated() {
            task = machine.scheduler().run("partner", Task.Policy.NORMAL, CpuMask.of(cpus, partnersCpu()), () -> {
                while (!stop) {
                    ping.waitForCompletion();
                    pong.complete();
                }
            });
        }

        @Override
        void leaving() {
            stop = true;
            ping.complete();
            task.join();
        }

        final void roundTrip() {
            ping.complete();
            pong.waitForCompletion();
        }
    }

    /** One on the other CPU. */
    @State(Scope.Thread)
    public static class RemotePartner extends Partner {
        @Override
        int partnersCpu() {
            return 1;
        }
    }

    @Benchmark
    public int stopOneCpu(Seat seat) {
        return seat.machine.stopMachine().stopOneCpu(1, arg -> 0, null);
    }

    @Benchmark
    public int stopTwoCpus(Seat seat) {
        return seat.machine.stopMachine().stopTwoCpus(0, 1, arg -> 0, null);
    }

    /** Over as many CPUs as {@code -p cpus=...} says, 2 to 1,024. */
    @Benchmark
    public int stopMachine(Seat seat) {
        return seat.machine.stopMachine().stopMachine(arg -> 0, null, null);
    }

    @Benchmark
    public int cpuDownAndUp(Seat seat) {
        return seat.machine.hotplug().removeCpu(1) + seat.machine.hotplug().addCpu(1);
    }

    @Benchmark
    public void taskSwitchAndBack(Partner partner) {
        partner.roundTrip();
    }

    @Benchmark
    public void remoteWakeUpAndBack(RemotePartner partner) {
        partner.roundTrip();
    }

    @Benchmark
    public void cpusReadLockAndUnlock(Seat seat) {
        seat.machine.cpuHotplugLock().cpusReadLock();
        seat.machine.cpuHotplugLock().cpusReadUnlock();
    }
}
