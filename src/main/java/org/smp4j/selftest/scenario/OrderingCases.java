package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;
import static org.smp4j.weave.Call.call;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.Machine;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Completion;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.HoldBack;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.PercpuRwsem;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/**
 * Scenarios whose data has no ordering of its own: what a CPU sees of it is what the tower hands on. Fields that two
 * CPUs reach without a lock are opaque.
 */
public final class OrderingCases {
    private OrderingCases() {
    }

    private static VarHandle handle(Class<?> of, String name) {
        try {
            return MethodHandles.lookup().findVarHandle(of, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Two CPUs count under a lock. */
    public static final class LockedCount extends CallScenario {
        private final RawSpinLock lock = new RawSpinLock();
        private int count; // guarded by lock

        /** Made for each run. */
        public LockedCount() {
            super(2);
        }

        private void count() {
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            count++;
            lock.unlock(self, flags);
        }

        @Override
        protected void play() {
            on(0, this::count);
            on(1, this::count);
        }

        @Override
        protected void check() {
            mustHold(count == 2, "mutual exclusion", () -> "counted to " + count);
        }
    }

    /** A call that waits for its result. */
    public static final class ResultOfCall extends CallScenario {
        private int result; // written by the call, read after it

        /** Made for each run. */
        public ResultOfCall() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                smp().smpCallFunctionSingle(1, SmpCallFunc.named("set", _ -> result = 5), null, true);
                int seen = result;
                mustHold(seen == 5, "effects of a call", () -> "its sender sees " + seen);
            });
        }
    }

    /** Two CPUs call a third, which needs no second interrupt to run the second call. */
    public static final class TwoSenders extends CallScenario {
        private int ran;

        /** Made for each run. */
        public TwoSenders() {
            super(3);
        }

        private void call(int number) {
            int[] data = new int[1];
            Csd csd = new Csd(SmpCallFunc.named("note", info -> {
                ran++;
                int seen = ((int[]) info)[0];
                mustHold(seen == number, "data of a call", () -> "it sees " + seen);
            }), data);
            data[0] = number;
            smp().smpCallFunctionSingleAsync(2, csd);
        }

        @Override
        protected void play() {
            on(0, () -> call(1));
            on(1, () -> call(2));
        }

        @Override
        protected void check() {
            mustHold(ran == 2, "lost call", () -> ran + " of 2 calls have run");
        }
    }

    /** Two threads add a node each while one takes all. */
    public static final class AddTwo implements Runnable {
        private static final class Node extends LlistNode {
            int out;
        }

        private final LlistHead head = new LlistHead();
        private final Node[] nodes = {new Node(), new Node()};

        private void take() {
            for (LlistNode node = head.delAll(); node != null; node = node.next()) {
                ((Node) node).out++;
            }
        }

        @Override
        public void run() {
            LibCases.together(() -> head.add(nodes[0]), () -> head.add(nodes[1]), this::take);
            take();
            for (Node node : nodes) {
                mustHold(node.out == 1, "lost node", () -> "a node came out " + node.out + " times");
            }
        }
    }

    /** A thread takes the newest node while another one adds two. */
    public static final class TakeFirst implements Runnable {
        private static final class Node extends LlistNode {
            int out;
        }

        private final LlistHead head = new LlistHead();
        private final Node[] nodes = {new Node(), new Node()};

        private void take() {
            Node node = (Node) head.delFirst();
            if (node != null) {
                node.out++;
            }
        }

        @Override
        public void run() {
            LibCases.together(() -> {
                head.add(nodes[0]);
                head.add(nodes[1]);
            }, this::take);
            take();
            take();
            for (Node node : nodes) {
                mustHold(node.out == 1, "lost node", () -> "a node came out " + node.out + " times");
            }
        }
    }

    /** Two CPUs queue the same irq_work. Its last run sees what both have done before. */
    public static final class DataOfIrqWork extends CallScenario {
        private static final VarHandle A = handle(DataOfIrqWork.class, "a");
        private static final VarHandle B = handle(DataOfIrqWork.class, "b");
        private int a;
        private int b;
        private int last; // written by the work

        /** Made for each run. */
        public DataOfIrqWork() {
            super(3);
        }

        @Override
        protected void play() {
            IrqWorks irqWorks = new IrqWorks(smp());
            IrqWork work = IrqWork.of(_ -> last = 2 * (int) A.getOpaque(this) + (int) B.getOpaque(this));
            on(0, () -> {
                A.setOpaque(this, 1);
                irqWorks.irqWorkQueueOn(work, 2);
            });
            on(1, () -> {
                B.setOpaque(this, 1);
                irqWorks.irqWorkQueueOn(work, 2);
            });
        }

        @Override
        protected void check() {
            mustHold(last == 3, "data of an irq_work", () -> "its last run has seen " + last);
        }
    }

    /** A CPU waits for an irq_work. */
    public static final class ResultOfIrqWork extends CallScenario {
        private int result; // written by the work, read when it is not busy

        /** Made for each run. */
        public ResultOfIrqWork() {
            super(2);
        }

        @Override
        protected void play() {
            IrqWorks irqWorks = new IrqWorks(smp());
            IrqWork work = IrqWork.of(_ -> result = 5);
            on(0, () -> {
                irqWorks.irqWorkQueueOn(work, 1);
                irqWorks.irqWorkSync(work);
                int seen = result;
                mustHold(seen == 5, "effects of an irq_work", () -> "after irq_work_sync " + seen + " is seen");
            });
        }
    }

    /** A reader sees all that a writer did under the semaphore, or nothing of it. */
    public static final class GuardedData extends MachineScenario {
        private int first; // guarded by the semaphore
        private int second; // guarded by the semaphore

        /** Made for each run. */
        public GuardedData() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            PercpuRwsem semaphore = new PercpuRwsem(machine.scheduler());
            task(0, "reader", () -> {
                semaphore.downRead();
                int one = first;
                int two = second;
                semaphore.upRead();
                mustHold(one == two, "mutual exclusion", () -> "a reader sees half of what a writer does");
            });
            task(1, "writer", () -> {
                semaphore.downWrite();
                first = 1;
                second = 1;
                semaphore.upWrite();
            });
        }
    }

    /** A task sleeps until it is told, and is woken. */
    public static final class ToldTask extends TaskScenario {
        private static final VarHandle TOLD = handle(ToldTask.class, "told");
        private int told;

        /** Made for each run. */
        public ToldTask() {
            super(2);
        }

        @Override
        protected void play() {
            Task sleeper = task(0, "sleeper", () -> {
                while ((int) TOLD.getOpaque(this) == 0) {
                    Task.current().block();
                }
            });
            task(1, "waker", () -> {
                TOLD.setOpaque(this, 1);
                sleeper.wake();
            });
        }
    }

    /** A CPU completes an event; another one sees that, and what was done before. No task sleeps or is woken. */
    public static final class DataOfCompletion extends CallScenario {
        private static final VarHandle DATA = handle(DataOfCompletion.class, "data");
        private int data;

        /** Made for each run. */
        public DataOfCompletion() {
            super(2);
        }

        @Override
        protected void play() {
            Completion completion = new Completion();
            on(0, () -> {
                DATA.setOpaque(this, 1);
                completion.complete();
            });
            on(1, () -> {
                if (completion.tryWaitForCompletion()) {
                    int seen = (int) DATA.getOpaque(this);
                    mustHold(seen == 1, "effects of a completion", () -> "its taker sees " + seen);
                }
            });
        }
    }

    /** A CPU's hotplug thread runs two callbacks for the thread that registers them, one after the other. */
    public static final class TwoCallbacks extends MachineScenario {
        /** Others run when a hotplug thread is about to look for a request: one that it sees did not wake it. */
        public static final Weave LOOKS_LATE = Weave.in("org.smp4j.hotplug.CpuhpThread", "threadShouldRun")
                .insert(HoldBack.here()).after(call(Cpu.class, "traceFunction"));

        private static final VarHandle RAN = handle(TwoCallbacks.class, "ran");
        private int ran;

        /** Made for each run. */
        public TwoCallbacks() {
            super(2);
        }

        private void register(Machine machine, int state, int bit) {
            machine.hotplug().setup().setupState(state, "step", cpu -> {
                RAN.setOpaque(this, (int) RAN.getOpaque(this) | bit << 2 * cpu);
                return 0;
            }, null);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "registers", () -> {
                register(machine, CpuhpState.AP_ONLINE_DYN, 1);
                register(machine, CpuhpState.AP_ONLINE_DYN, 2);
                int seen = (int) RAN.getOpaque(this);
                mustHold(seen == 15, "callbacks", () -> "of two on each CPU have run " + Integer.toBinaryString(seen));
            });
        }
    }
}
