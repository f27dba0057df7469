package org.smp4j.explore.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.smp4j.explore.Exploring;

/**
 * Any small program of accesses to a few fields: the number that the scenario is reduced by says which one.
 * The same program is also a litmus test.
 */
public final class AnyAccess implements Runnable {
    private static final VarHandle X = handle("x");
    private static final VarHandle Y = handle("y");
    private static final VarHandle Z = handle("z");
    private static final VarHandle W = handle("w");
    private static final String[] MODES = {"", "Opaque", "Acquire", "Release", "Volatile"};
    private static final String[] FENCES = {"fullFence", "acquireFence", "releaseFence", "loadLoadFence",
        "storeStoreFence"};
    /** From this number on all accesses are volatile. */
    public static final int VOLATILE = 1_000_000;
    /**
     * From this number on two threads have two opaque accesses each, of x and y, and before, between or after these a
     * full fence, or two volatile accesses of a location that no other thread reaches. Only the one order of all
     * fences and volatile accesses says then which of the two threads hands on to which.
     */
    public static final int ORDERED = 2_000_000;
    /** How many of them there are. */
    public static final int ALL_ORDERED = 2 * 48 * 48;
    /** From this number on a thread, or both, also waits until a location is not 0. */
    public static final int WAITING = 3_000_000;
    /** More than any number of a program. */
    private static final int MOST = Integer.MAX_VALUE;

    /** One access: what, where, how, with which values. */
    private record Op(String name, char field, int value, int expected) {
        boolean reads() {
            return name.startsWith("get") || exchanges() || waits();
        }

        boolean waits() {
            return name.startsWith("await");
        }

        String statement(int index) {
            String read = field + "." + name.replace("await", "get") + "()";
            return waits() ? "int r" + index + " = " + read + "; while (r" + index + " == 0) { r" + index + " = " + read
                    + "; }" : (reads() ? "int r" + index + " = " : "") + text() + ";";
        }

        boolean exchanges() {
            return name.startsWith("compare") || name.startsWith("weak");
        }

        String text() {
            String arguments = exchanges() ? expected + ", " + value
                    : name.startsWith("set") || name.startsWith("getAnd") ? Integer.toString(value) : "";
            return name.endsWith("Fence") ? name + "()" : field + "." + name + "(" + arguments + ")";
        }
    }

    private int x;
    private int y;
    private int z;
    private int w;

    private static VarHandle handle(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(AnyAccess.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static List<List<Op>> program(int number) {
        if (number >= WAITING) {
            return waiting(new Random(number));
        }
        if (number >= ORDERED) {
            int rest = number - ORDERED;
            return List.of(ordered(rest / 2 % 48, rest % 2 == 0, 1, 'Z'), ordered(rest / 96, rest % 2 == 0, 11, 'W'));
        }
        Random random = new Random(number);
        int threads = 2 + random.nextInt(3) / 2;
        List<List<Op>> program = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            List<Op> ops = new ArrayList<>();
            for (int count = threads == 2 ? 2 + random.nextInt(3) : 2; count > 0; count--) {
                ops.add(op(random, 1 + 10 * thread + count, number >= VOLATILE));
            }
            program.add(ops);
        }
        return program;
    }

    private static Op op(Random random, int value, boolean isVolatile) {
        boolean onX = random.nextBoolean();
        int mode = isVolatile ? MODES.length - 1 : random.nextInt(MODES.length);
        String name = switch (random.nextInt(isVolatile ? 11 : 12)) {
            case 0, 1, 2, 3 -> mode == 3 ? "getOpaque" : "get" + MODES[mode];
            case 4, 5, 6, 7 -> mode == 2 ? "setOpaque" : "set" + MODES[mode];
            case 8 -> "getAndAdd" + (mode == 2 || mode == 3 ? MODES[mode] : "");
            case 9 -> "weakCompareAndSet" + (mode == 0 ? "Plain" : mode == 2 || mode == 3 ? MODES[mode] : "");
            case 10 -> "compareAndExchange" + (mode == 2 || mode == 3 ? MODES[mode] : "");
            default -> FENCES[mode];
        };
        return new Op(name, onX ? 'X' : 'Y', value, random.nextInt(3) == 0 ? 1 + random.nextInt(13) : 0);
    }

    private static List<List<Op>> waiting(Random random) {
        List<List<Op>> program = new ArrayList<>();
        int waiters = 1 + random.nextInt(3);
        boolean isVolatile = random.nextInt(3) == 0;
        for (int thread = 0; thread < 2; thread++) {
            List<Op> ops = new ArrayList<>();
            for (int count = 2; count > 0; count--) {
                ops.add(op(random, 1 + 10 * thread + count, isVolatile));
            }
            if ((waiters & 1 << thread) != 0) {
                String mode = MODES[isVolatile ? 4 : List.of(1, 2, 4).get(random.nextInt(3))];
                ops.add(random.nextInt(3), new Op("await" + mode, random.nextBoolean() ? 'X' : 'Y', 0, 0));
            }
            program.add(ops);
        }
        program.get(0).removeIf(op -> op.waits() && !comes(op, program.get(1)));
        program.get(1).removeIf(op -> op.waits() && !comes(op, program.get(0)));
        return program;
    }

    /** {@return whether a thread writes what another one waits for, before it waits itself} */
    private static boolean comes(Op wait, List<Op> ops) {
        return ops.stream().takeWhile(op -> !op.waits())
                .anyMatch(op -> op.name.startsWith("set") && op.field == wait.field);
    }

    private static List<Op> ordered(int which, boolean fenced, int value, char own) {
        List<Op> ops = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int kind = which >> 2 * i & 3;
            ops.add(new Op(kind < 2 ? "getOpaque" : "setOpaque", kind % 2 == 0 ? 'X' : 'Y', value + i, 0));
        }
        Op exchange = new Op("getAndAdd", own, 1, 0);
        ops.addAll(which / 16, fenced ? List.of(new Op("fullFence", own, 0, 0)) : List.of(exchange, exchange));
        return ops;
    }

    /** {@return a program as a litmus test, whose states show the same as the scenario's note} */
    public static String litmus(int number) {
        StringBuilder text = new StringBuilder("Java any-access-" + number + "\n{ x=0; y=0; z=0; w=0; ");
        List<List<Op>> program = program(number);
        for (int thread = 0; thread < program.size(); thread++) {
            text.append(thread).append(":X=x; ").append(thread).append(":Y=y; ").append(thread).append(":Z=z; ")
                    .append(thread).append(":W=w; ");
        }
        text.append("}\n");
        StringBuilder shown = new StringBuilder();
        for (int thread = 0; thread < program.size(); thread++) {
            text.append("Thread").append(thread).append(" { ");
            for (int i = 0; i < program.get(thread).size(); i++) {
                Op op = program.get(thread).get(i);
                text.append(op.statement(i)).append(' ');
                shown.append(op.reads() ? thread + ":r" + i + "; " : "");
            }
            text.append("}\n");
        }
        return text + "locations [" + shown + "x; y]\nexists (true)\n";
    }

    @Override
    public void run() {
        int number = Exploring.reduce(MOST);
        List<List<Op>> program = program(number);
        int[][] results = new int[program.size()][5];
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < program.size(); thread++) {
            List<Op> ops = program.get(thread);
            int[] found = results[thread];
            threads.add(new Thread(() -> {
                for (int i = 0; i < ops.size(); i++) {
                    found[i] = perform(ops.get(i));
                }
            }, "t" + thread));
        }
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        StringBuilder state = new StringBuilder();
        for (int thread = 0; thread < program.size(); thread++) {
            for (int i = 0; i < program.get(thread).size(); i++) {
                if (program.get(thread).get(i).reads()) {
                    state.append(thread).append(":r").append(i).append('=').append(results[thread][i]).append("; ");
                }
            }
        }
        Exploring.note(state + "[x]=" + (int) X.getVolatile(this) + "; [y]=" + (int) Y.getVolatile(this) + ";");
    }

    private int await(Op op, VarHandle at) {
        for (;;) {
            int value = op.name.equals("awaitOpaque") ? (int) at.getOpaque(this)
                    : op.name.equals("awaitAcquire") ? (int) at.getAcquire(this) : (int) at.getVolatile(this);
            if (value != 0) {
                return value;
            }
            Thread.onSpinWait();
        }
    }

    private int perform(Op op) {
        VarHandle at = switch (op.field) {
            case 'X' -> X;
            case 'Y' -> Y;
            case 'Z' -> Z;
            default -> W;
        };
        switch (op.name) {
            case "awaitOpaque", "awaitAcquire", "awaitVolatile":
                return await(op, at);
            case "get":
                return (int) at.get(this);
            case "getOpaque":
                return (int) at.getOpaque(this);
            case "getAcquire":
                return (int) at.getAcquire(this);
            case "getVolatile":
                return (int) at.getVolatile(this);
            case "set":
                at.set(this, op.value);
                break;
            case "setOpaque":
                at.setOpaque(this, op.value);
                break;
            case "setRelease":
                at.setRelease(this, op.value);
                break;
            case "setVolatile":
                at.setVolatile(this, op.value);
                break;
            case "getAndAdd":
                return (int) at.getAndAdd(this, op.value);
            case "getAndAddAcquire":
                return (int) at.getAndAddAcquire(this, op.value);
            case "getAndAddRelease":
                return (int) at.getAndAddRelease(this, op.value);
            case "compareAndExchange":
                return (int) at.compareAndExchange(this, op.expected, op.value);
            case "compareAndExchangeAcquire":
                return (int) at.compareAndExchangeAcquire(this, op.expected, op.value);
            case "compareAndExchangeRelease":
                return (int) at.compareAndExchangeRelease(this, op.expected, op.value);
            case "weakCompareAndSet":
                return at.weakCompareAndSet(this, op.expected, op.value) ? 1 : 0;
            case "weakCompareAndSetPlain":
                return at.weakCompareAndSetPlain(this, op.expected, op.value) ? 1 : 0;
            case "weakCompareAndSetAcquire":
                return at.weakCompareAndSetAcquire(this, op.expected, op.value) ? 1 : 0;
            case "weakCompareAndSetRelease":
                return at.weakCompareAndSetRelease(this, op.expected, op.value) ? 1 : 0;
            case "fullFence":
                VarHandle.fullFence();
                break;
            case "acquireFence":
                VarHandle.acquireFence();
                break;
            case "releaseFence":
                VarHandle.releaseFence();
                break;
            case "loadLoadFence":
                VarHandle.loadLoadFence();
                break;
            default:
                VarHandle.storeStoreFence();
                break;
        }
        return 0;
    }
}
