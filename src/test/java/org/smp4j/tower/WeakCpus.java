package org.smp4j.tower;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.PendingWord;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;

/** Simulated CPUs that share two words without any ordering of their own. */
public final class WeakCpus {
    private static final VarHandle X = handle("x");
    private static final VarHandle Y = handle("y");

    private WeakCpus() {
    }

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Words.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Two words; opaque accesses. */
    private static final class Words {
        private int x;
        private int y;

        void writeX() {
            X.setOpaque(this, 1);
        }

        int readX() {
            return (int) X.getOpaque(this);
        }

        void writeY() {
            Y.setOpaque(this, 1);
        }

        int readY() {
            return (int) Y.getOpaque(this);
        }
    }

    private static void hold(boolean condition, String message) {
        if (!condition) {
            Exploring.broken("ordered", message, List.of());
        }
    }

    /** A CPU sees the second word of another and not the first. */
    public static class Message extends CallScenario {
        private final Words words = new Words();

        /** Made for each run. */
        public Message() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                words.writeX();
                words.writeY();
            });
            on(1, () -> {
                int y = words.readY();
                hold(y <= words.readX(), "y without x");
            });
        }
    }

    /** Each CPU writes one word and reads the other: x86 shows that both read the old one. */
    public static class Buffers extends CallScenario {
        private final Words words = new Words();
        private final AtomicInteger old = new AtomicInteger();

        /** Made for each run. */
        public Buffers() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                words.writeX();
                old.getAndAdd(1 - words.readY());
            });
            on(1, () -> {
                words.writeY();
                old.getAndAdd(1 - words.readX());
            });
        }

        @Override
        protected void check() {
            hold(old.get() < 2, "both read the old value");
        }
    }

    /** A call's function sees what its sender wrote before, and the sender what the function wrote. */
    public static class Call extends CallScenario {
        private final Words words = new Words();

        /** Made for each run. */
        public Call() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                words.writeX();
                smp().smpCallFunctionSingle(1, SmpCallFunc.named("look", _ -> {
                    hold(words.readX() == 1, "the function does not see x");
                    words.writeY();
                }), null, true);
                hold(words.readY() == 1, "the sender does not see y");
            });
        }
    }

    /** A word is written, then an interrupt sent: its handler sees the word. */
    public static class Flagged extends CallScenario {
        private final Words words = new Words();

        /** Made for each run. */
        public Flagged() {
            super(2);
        }

        @Override
        protected void play() {
            cpus().installIrqWork(cpu -> hold(cpu.id == 0 || words.readX() == 1, "the handler does not see x"));
            on(0, () -> {
                words.writeX();
                cpus().cpu(1).sendInterrupt(PendingWord.IRQ_WORK);
            });
        }
    }

    /** A handler sees what its own CPU has written last. */
    public static class OwnStore extends CallScenario {
        private final Words words = new Words();

        /** Made for each run. */
        public OwnStore() {
            super(2);
        }

        @Override
        protected void play() {
            on(1, () -> {
                words.writeX();
                relax();
                words.writeY();
                relax();
            });
            on(0, () -> smp().smpCallFunctionSingle(1, SmpCallFunc.named("look", _ -> {
                int y = words.readY();
                hold(y <= words.readX(), "the handler does not see x");
            }), null, true));
        }
    }

    /**
     * A task writes the first word and leaves its CPU; the next one there sees that, and reads the second word. A
     * switch is a full barrier, so if it reads the old value, the other CPU sees the first word.
     */
    public static class Switch extends TaskScenario {
        private final Words words = new Words();
        private final AtomicInteger old = new AtomicInteger();

        /** Made for each run. */
        public Switch() {
            super(2);
        }

        @Override
        protected void play() {
            Task next = task(0, "next", () -> {
                Task.current().block();
                hold(words.readX() == 1, "the next task does not see x");
                old.getAndAdd(1 - words.readY());
            });
            task(0, "first", () -> {
                next.wake();
                words.writeX();
            });
            task(1, "other", () -> {
                words.writeY();
                VarHandle.fullFence();
                old.getAndAdd(1 - words.readX());
            });
        }

        @Override
        protected void check() {
            hold(old.get() < 2, "both read the old value");
        }
    }

    /** A task that moves to another CPU sees there what it has written; nothing orders that but the move. */
    public static class Move extends TaskScenario {
        private final Words words = new Words();

        /** Made for each run. */
        public Move() {
            super(2);
        }

        @Override
        protected void play() {
            task(CpuMask.of(nrCpus, 0, 1), "moves", () -> {
                words.writeX();
                scheduler().setCpusAllowedPtr(Task.current(), CpuMask.of(nrCpus, 1));
                hold(words.readX() == 1, "it does not see its own store");
            });
        }
    }

    /** The flag of {@link Message} on a booted machine. */
    public static class MachineMessage extends MachineScenario {
        private final Words words = new Words();

        /** Made for each run. */
        public MachineMessage() {
            super(2);
        }

        @Override
        protected void run(Machine machine) {
            task(0, "writer", () -> {
                words.writeX();
                words.writeY();
            });
            task(1, "reader", () -> {
                int y = words.readY();
                hold(y <= words.readX(), "y without x");
            });
        }
    }
}
