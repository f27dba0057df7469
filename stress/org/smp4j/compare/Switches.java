package org.smp4j.compare;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.Completion;
import org.smp4j.sched.Task;

/** What tasks cost: switches, wake-ups, and a CPU that goes and comes. */
final class Switches {
    private Switches() {
    }

    static List<Subject> subjects(Rig rig) {
        return List.of(
                Subject.of("task switch and back, same CPU", nanos -> pingPong(rig, 0, nanos)).millis(10),
                Subject.of("wake-up of a task on the other CPU, and back", nanos -> pingPong(rig, 1, nanos))
                .millis(10));
    }

    private static double pingPong(Rig rig, int cpu, long nanos) {
        Completion ping = new Completion();
        Completion pong = new Completion();
        boolean[] stop = new boolean[1];
        Task other = rig.spawn(cpu, () -> {
            while (!stop[0]) {
                ping.waitForCompletion();
                pong.complete();
            }
        });
        double cost = Batch.median(nanos, 10, () -> {
            ping.complete();
            pong.waitForCompletion();
        });
        stop[0] = true;
        ping.complete();
        other.join();
        return cost;
    }

    /**
     * A CPU goes and comes, on a machine of four, against a round trip of two threads that park, each on a core of its
     * own as two CPUs are: where the host may choose, it has them share a core now and then, and a round trip costs a
     * tenth.
     */
    static List<Subject> onOff(Rig four, Rig two) {
        Subject parkRoundTrip =
                Subject.of("park/unpark round trip of two threads on two cores",
                nanos -> two.measure(0, () -> parkUnpark(two, nanos)))
                .millis(10);
        return List.of(Subject.of("cpu_down and cpu_up, 4 "
                + "CPUs", nanos -> four.measure(0, () -> Batch.median(nanos, 1, () -> {
            int down = four.machine.hotplug().removeCpu(3);
            int up = four.machine.hotplug().addCpu(3);
            if (down != 0 || up != 0) {
                throw new IllegalStateException("cpu_down: " + down + ", cpu_up: " + up);
            }
        }))).against(parkRoundTrip).millis(60).atMost(30));
    }

    private static double parkUnpark(Rig two, long nanos) {
        Thread here = Thread.currentThread();
        AtomicInteger turn = new AtomicInteger();
        AtomicReference<Thread> other = new AtomicReference<>();
        return two.with(stop -> {
            other.set(Thread.currentThread());
            while (turn.get() >= 0) {
                if (turn.compareAndSet(1, 0)) {
                    LockSupport.unpark(here);
                }
                LockSupport.park();
            }
        }, () -> {
            while (other.get() == null) {
                Thread.onSpinWait();
            }
            double cost = Batch.median(nanos, 10, () -> {
                turn.set(1);
                LockSupport.unpark(other.get());
                while (turn.get() == 1) {
                    LockSupport.park();
                }
            });
            turn.set(-1);
            LockSupport.unpark(other.get());
            return cost;
        });
    }
}
