package org.smp4j.litmus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;

/**
 * Makes a test weaker where the kernel's model is weaker than Java's, so that a disagreement can be put down to that
 * difference: if the weaker test has the kernel's result, the difference explains it.
 */
final class Weakening {
    /** Moves writes before earlier reads that nothing orders before them. */
    private boolean writesFirst;
    /** An acquire orders later accesses of its own thread, but a later write does not publish what was acquired. */
    private boolean acquiresOnly;
    /** A reading of a pointer orders nothing but what its value is used for, which Java does not order either. */
    private boolean plainPointers;
    /** smp_rmb does not order an atomic operation that returns nothing. */
    private boolean voidUpdates;
    /** smp_rmb and smp_wmb do not order plain accesses that race. */
    private boolean plainAccesses;

    static Weakening writesFirst() {
        Weakening weakening = new Weakening();
        weakening.writesFirst = true;
        return weakening;
    }

    static Weakening acquiresOnly() {
        Weakening weakening = new Weakening();
        weakening.acquiresOnly = true;
        return weakening;
    }

    static Weakening plainPointers() {
        Weakening weakening = new Weakening();
        weakening.plainPointers = true;
        return weakening;
    }

    static Weakening voidUpdates() {
        Weakening weakening = new Weakening();
        weakening.voidUpdates = true;
        return weakening;
    }

    static Weakening plainAccesses() {
        Weakening weakening = new Weakening();
        weakening.plainAccesses = true;
        return weakening;
    }

    Weakening and(Weakening other) {
        Weakening both = new Weakening();
        both.writesFirst = writesFirst || other.writesFirst;
        both.acquiresOnly = acquiresOnly || other.acquiresOnly;
        both.plainPointers = plainPointers || other.plainPointers;
        both.voidUpdates = voidUpdates || other.voidUpdates;
        both.plainAccesses = plainAccesses || other.plainAccesses;
        return both;
    }

    /** {@return the weaker tests: one for each way that the threads can take through their branches} */
    List<LitmusTest> of(LitmusTest test) {
        List<List<ThreadCode>> ways = List.of(List.of());
        for (ThreadCode thread : test.threads()) {
            List<List<ThreadCode>> longer = new ArrayList<>();
            for (List<Step> way : ways(thread)) {
                ThreadCode code = code(thread, way);
                for (List<ThreadCode> before : ways) {
                    List<ThreadCode> with = new ArrayList<>(before);
                    with.add(code);
                    longer.add(with);
                }
            }
            ways = longer;
        }
        return ways.stream().map(threads -> new LitmusTest(test.name(), test.dialect(), test.expected(),
                test.locations(), test.initial(), threads, test.condition(), test.shown())).toList();
    }

    /** An instruction of a way; a branch is an assumption, on which only what stands before {@code join} depends. */
    private record Step(Instruction instruction, int index, int join) {
    }

    private List<List<Step>> ways(ThreadCode thread) {
        List<List<Step>> all = new ArrayList<>();
        follow(thread, 0, List.of(), all);
        return all;
    }

    private void follow(ThreadCode thread, int from, List<Step> before, List<List<Step>> all) {
        List<Step> way = new ArrayList<>(before);
        for (int i = from; i < thread.code().size(); i++) {
            switch (thread.code().get(i)) {
                case Instruction.JumpUnless jump when jump.condition() == null -> {
                    if (jump.target() <= i) {
                        throw new IllegalArgumentException("the test has a loop");
                    }
                    i = jump.target() - 1;
                }
                case Instruction.JumpUnless jump -> {
                    List<Step> other = new ArrayList<>(way);
                    other.add(new Step(new Instruction.Assume(jump.at(), new Expression.Binary(Operator.EQUAL,
                            jump.condition(), new Expression.Constant(0))), i, join(thread, jump)));
                    follow(thread, jump.target(), other, all);
                    way.add(new Step(new Instruction.Assume(jump.at(), jump.condition()), i, join(thread, jump)));
                }
                case Instruction.Fork fork -> follow(thread, fork.target(), way, all);
                case Instruction instruction ->
                    weaken(instruction, thread.texts().get(i), i, thread.registers().size(), way);
            }
        }
        all.add(way);
    }

    /** {@return where both ways of a branch come together: behind its else, if it has one} */
    private static int join(ThreadCode thread, Instruction.JumpUnless jump) {
        return thread.code().get(jump.target() - 1) instanceof Instruction.JumpUnless over && over.condition() == null
                ? over.target() : jump.target();
    }

    private ThreadCode code(ThreadCode thread, List<Step> way) {
        List<String> registers = new ArrayList<>(thread.registers());
        registers.add(null); // for the locks
        List<Step> steps = writesFirst ? withWritesFirst(renamed(way, registers)) : way;
        return new ThreadCode(thread.name(), registers, Arrays.copyOf(thread.initial(), registers.size()),
                steps.stream().map(Step::instruction).toList(), steps.stream().map(_ -> "").toList());
    }

    private void weaken(Instruction instruction, String text, int index, int spare, List<Step> way) {
        if (instruction instanceof Instruction.Load load && load.mode() == AccessMode.ACQUIRE) {
            boolean pointer = plainPointers && text.contains("rcu_dereference");
            if (pointer || acquiresOnly) {
                way.add(new Step(new Instruction.Load(load.at(), load.register(), load.address(), AccessMode.OPAQUE),
                        index, 0));
                if (!pointer) {
                    way.add(new Step(new Instruction.Barrier(load.at(), Fence.LOAD_LOAD), index, 0));
                }
                return;
            }
        }
        if (instruction instanceof Instruction.Lock lock && acquiresOnly) {
            way.add(new Step(new Instruction.Update(lock.at(), spare, spare, lock.address(), null,
                    new Expression.Constant(1), new Expression.Constant(0), false, AccessMode.OPAQUE,
                    AccessMode.OPAQUE, false, Instruction.Must.WRITE), index, 0));
            way.add(new Step(new Instruction.Barrier(lock.at(), Fence.LOAD_LOAD), index, 0));
            return;
        }
        if (plainAccesses && instruction instanceof Instruction.Barrier barrier
                && (barrier.fence() == Fence.LOAD_LOAD || barrier.fence() == Fence.STORE_STORE)) {
            return;
        }
        boolean isDropped = voidUpdates && !way.isEmpty() && instruction instanceof Instruction.Barrier barrier
                && barrier.fence() == Fence.LOAD_LOAD && way.getLast().instruction() instanceof Instruction.Update;
        if (!isDropped) {
            way.add(new Step(instruction, index, 0));
        }
    }

    /** {@return the steps with each write as early as nothing orders it} */
    private static List<Step> withWritesFirst(List<Step> way) {
        List<Step> order = new ArrayList<>();
        boolean[] done = new boolean[way.size()];
        for (int i = 0; i < way.size(); i++) {
            if (way.get(i).instruction() instanceof Instruction.Store && !needsRead(way, i)) {
                make(way, i, done, order);
            }
        }
        for (int i = 0; i < way.size(); i++) {
            if (way.get(i).instruction() instanceof Instruction.Store) {
                make(way, i, done, order);
            }
        }
        for (int i = 0; i < way.size(); i++) {
            make(way, i, done, order);
        }
        return order;
    }

    private static boolean needsRead(List<Step> way, int index) {
        for (int i = 0; i < index; i++) {
            if (comesBefore(way, i, index)
                    && (way.get(i).instruction() instanceof Instruction.Load || needsRead(way, i))) {
                return true;
            }
        }
        return false;
    }

    private static void make(List<Step> way, int index, boolean[] done, List<Step> order) {
        if (!done[index]) {
            for (int i = 0; i < index; i++) {
                if (comesBefore(way, i, index)) {
                    make(way, i, done, order);
                }
            }
            done[index] = true;
            order.add(way.get(index));
        }
    }

    private static boolean comesBefore(List<Step> way, int first, int second) {
        Instruction before = way.get(first).instruction();
        Instruction after = way.get(second).instruction();
        if (defined(before).stream().anyMatch(register -> uses(after, register))) {
            return true;
        }
        return switch (before) {
            case Instruction.Assign _ -> false;
            case Instruction.Assume assume -> after instanceof Instruction.Store store
                    && store.mode() != AccessMode.PLAIN && way.get(second).index() < way.get(first).join()
                    && dependsOnRead(assume.condition(), way.subList(0, first));
            case Instruction.Barrier barrier -> isAfterFence(barrier.fence(), after);
            default -> switch (after) {
                case Instruction.Assign _, Instruction.Assume _ -> false;
                case Instruction.Barrier barrier -> isBeforeFence(barrier.fence(), before);
                default -> accessesAreOrdered(before, after, way.subList(0, first));
            };
        };
    }

    private static boolean accessesAreOrdered(Instruction before, Instruction after, List<Step> earlier) {
        if (before instanceof Instruction.Load load && after instanceof Instruction.Store store) {
            return store.mode() == AccessMode.RELEASE
                    || load.mode() == AccessMode.ACQUIRE && !readsOwn(load, earlier)
                    || load.mode() != AccessMode.PLAIN && !differ(load.address(), store.address());
        } else if (before instanceof Instruction.Load load && after instanceof Instruction.Load other) {
            return load.mode() == AccessMode.ACQUIRE || !differ(load.address(), other.address());
        } else if (before instanceof Instruction.Store store && after instanceof Instruction.Store other) {
            return other.mode() == AccessMode.RELEASE
                    || store.mode() != AccessMode.PLAIN && !differ(store.address(), other.address());
        }
        return !(before instanceof Instruction.Store store && after instanceof Instruction.Load load
                && differ(store.address(), load.address()));
    }

    private static boolean isBeforeFence(Fence fence, Instruction before) {
        return switch (fence) {
            case LOAD_LOAD, ACQUIRE -> !(before instanceof Instruction.Store);
            case STORE_STORE -> !(before instanceof Instruction.Load);
            case RELEASE, FULL -> true;
        };
    }

    private static boolean isAfterFence(Fence fence, Instruction after) {
        return switch (fence) {
            case LOAD_LOAD -> !(after instanceof Instruction.Store);
            case STORE_STORE, RELEASE -> !(after instanceof Instruction.Load);
            case ACQUIRE, FULL -> true;
        };
    }

    /** {@return the steps, where each register is computed once: only its last value keeps the register} */
    private static List<Step> renamed(List<Step> way, List<String> registers) {
        Map<Integer, Integer> last = new HashMap<>();
        for (int i = 0; i < way.size(); i++) {
            for (int register : defined(way.get(i).instruction())) {
                last.put(register, i);
            }
        }
        Map<Integer, Integer> names = new HashMap<>();
        List<Step> all = new ArrayList<>();
        for (int i = 0; i < way.size(); i++) {
            Step step = way.get(i);
            Instruction instruction = Renaming.uses(step.instruction(), names);
            for (int register : defined(step.instruction())) {
                boolean isLast = last.get(register) == i;
                names.put(register, isLast ? register : registers.size());
                if (!isLast) {
                    registers.add(null);
                }
            }
            all.add(new Step(Renaming.results(instruction, names), step.index(), step.join()));
        }
        return all;
    }

    private static List<Integer> defined(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Assign assign -> List.of(assign.register());
            case Instruction.Load load -> List.of(load.register());
            case Instruction.Update update -> List.of(update.read(), update.done());
            default -> List.of();
        };
    }

    private static boolean uses(Instruction instruction, int register) {
        return switch (instruction) {
            case Instruction.Assign assign -> uses(assign.value(), register);
            case Instruction.Assume assume -> uses(assume.condition(), register);
            case Instruction.Load load -> uses(load.address(), register);
            case Instruction.Store store -> uses(store.address(), register) || uses(store.value(), register);
            case Instruction.Update update -> uses(update.address(), register) || uses(update.operand(), register)
                    || update.expected() != null && uses(update.expected(), register);
            default -> false;
        };
    }

    private static boolean differ(Expression address, Expression other) {
        return address instanceof Expression.Constant a && other instanceof Expression.Constant b
                && a.number() != b.number();
    }

    /** {@return whether a load may read a store of its own thread before others do, so that it orders nothing} */
    private static boolean readsOwn(Instruction.Load load, List<Step> before) {
        return before.stream().anyMatch(step -> step.instruction() instanceof Instruction.Store store
                && store.address().equals(load.address()));
    }

    private static boolean dependsOnRead(Expression expression, List<Step> before) {
        for (int i = before.size() - 1; i >= 0; i--) {
            if (before.get(i).instruction() instanceof Instruction.Assign assign
                    && uses(expression, assign.register())) {
                return dependsOnRead(assign.value(), before.subList(0, i));
            }
            if (before.get(i).instruction() instanceof Instruction.Load load && uses(expression, load.register())
                    || before.get(i).instruction() instanceof Instruction.Update update
                    && (uses(expression, update.read()) || uses(expression, update.done()))) {
                return true;
            }
        }
        return false;
    }

    /** A value minus itself depends on nothing: a compiler sees that. */
    private static boolean isZero(Expression.Binary binary) {
        return (binary.operator() == Operator.MINUS || binary.operator() == Operator.XOR)
                && binary.left().equals(binary.right());
    }

    private static boolean uses(Expression expression, int register) {
        return switch (expression) {
            case Expression.Register other -> other.index() == register;
            case Expression.Binary binary -> !isZero(binary)
                    && (uses(binary.left(), register) || uses(binary.right(), register));
            case Expression.Conditional conditional -> uses(conditional.condition(), register)
                    || uses(conditional.yes(), register) || uses(conditional.no(), register);
            case Expression.Constant _ -> false;
        };
    }
}
