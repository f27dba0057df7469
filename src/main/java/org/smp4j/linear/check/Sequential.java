package org.smp4j.linear.check;

import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.smp4j.explore.coroutine.Coroutine;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.replay.Runner;
import org.smp4j.linear.subject.Subjects;

/**
 * The sequential runs of a program, one for each order of its calls. Each is made when it is first asked for, and then
 * remembered. A call that never returns ends its run; another order may go on.
 */
final class Sequential {
    /** What is known after the calls that lead here. */
    static final class Node {
        private final Node[] next;
        private final boolean blocked;
        private final int result;
        private int[] last;

        Node(int threads, boolean blocked, int result) {
            next = new Node[threads];
            this.blocked = blocked;
            this.result = result;
        }

        /** {@return whether the call that leads here never returns} */
        boolean isBlocked() {
            return blocked;
        }

        /** {@return the number of its result} */
        int result() {
            return result;
        }

        /** {@return after all calls of the threads: the numbers of the results of those after, and of the state} */
        int[] last() {
            return last;
        }
    }

    /** A sequential run that is wrong by itself. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Failure failure;

        Wrong(Failure failure) {
            super(null, null, false, false);
            this.failure = failure;
        }

        Failure failure() {
            return failure;
        }
    }

    /** A run was made with classes that were loaded anew: what was known before is of no use any more. */
    static final class Stale extends Exception {
        private static final long serialVersionUID = 1L;

        Stale() {
            super(null, null, false, false);
        }
    }

    private static final int MOST_CHECKED = 2000;
    private static final int NOT_ENDED = -1;

    private final Plan plan;
    private final Known known;
    private final Class<?> type;
    private final Runner runner;
    private final List<int[]> made = new ArrayList<>();
    private final Node root;
    private int[] order;
    // The calls on the classes as they are loaded now, and their class.
    private Calls calls;
    private Class<?> boundTo;
    private int[] before;

    /**
     * Makes one that knows nothing yet.
     *
     * @param program a program of the same classes
     * @param type the class under test
     * @param plan the calls
     * @param subjects finds the class that says what is right, for a class under test
     * @param known the numbers of results
     * @param stepLimit the maximum number of steps of a run
     */
    Sequential(LoadedProgram program, Class<?> type, Plan plan, Subjects subjects, Known known, int stepLimit) {
        this.plan = plan;
        this.known = known;
        this.type = type;
        root = new Node(plan.threads().size(), false, 0);
        runner = new Runner(program.with(program.name(), loaded -> bind(loaded, subjects)), Coroutine.best(),
                stepLimit);
    }

    private LoadedProgram.Body bind(Class<?> loaded, Subjects subjects) throws ReflectiveOperationException {
        Calls bound = new Calls(plan, subjects.specification(loaded));
        boundTo = loaded;
        calls = bound;
        MethodHandle inTurn =
                Calls.threads(loaded, "inTurn", String[].class, Runnable[].class, int[].class);
        String[] names = plan.names();
        return () -> {
            bound.begin();
            Runnable[] next = new Runnable[names.length];
            for (int thread = 0; thread < next.length; thread++) {
                next[thread] = calls(bound, plan.first(thread));
            }
            inTurn.invokeExact(names, next, order);
            bound.end();
        };
    }

    private static Runnable calls(Calls bound, int first) {
        return new Runnable() {
            private int call = first;

            @Override
            public void run() {
                try {
                    bound.call(call++);
                } catch (Throwable e) {
                    throw Calls.<RuntimeException>unchecked(e);
                }
            }
        };
    }

    /** {@return where all orders begin} */
    Node root() {
        return root;
    }

    /** {@return the numbers of the results of the calls before} */
    int[] before() throws Stale, Wrong {
        if (before == null) {
            make(new int[0], 0);
        }
        return before;
    }

    /**
     * Lets a thread make its next call.
     *
     * @param node after these calls
     * @param so the threads that made them, in order
     * @param depth how many they are
     * @param thread the thread that makes the next one
     * @return what is known then
     */
    Node after(Node node, int[] so, int depth, int thread) throws Stale, Wrong {
        if (node.next[thread] == null) {
            int[] begin = Arrays.copyOf(so, depth + 1);
            begin[depth] = thread;
            make(begin, depth + 1);
        }
        return node.next[thread];
    }

    /** Makes the run of an order, given by its beginning; the rest follows thread by thread. */
    private void make(int[] begin, int depth) throws Stale, Wrong {
        int[] whole = whole(begin, depth);
        run(whole);
        made.add(whole);
        int[] progress = new int[plan.threads().size()];
        Node node = root;
        for (int i = 0; i < whole.length; i++) {
            int thread = whole[i];
            int call = plan.first(thread) + progress[thread]++;
            boolean ended = calls.history.hasEnded(call);
            if (node.next[thread] == null) {
                node.next[thread] = new Node(progress.length, !ended,
                        ended ? known.number(call, calls.history.result(call)) : 0);
            }
            node = node.next[thread];
            if (!ended) {
                return;
            }
        }
        node.last = numbers(plan.firstAfter(), calls.subject.hasState() ? 1 : 0);
    }

    private int[] whole(int[] begin, int depth) {
        int[] whole = Arrays.copyOf(begin, plan.firstAfter() - plan.before().size());
        int[] left = new int[plan.threads().size()];
        Arrays.setAll(left, thread -> plan.threads().get(thread).size());
        for (int i = 0; i < depth; i++) {
            left[begin[i]]--;
        }
        int at = depth;
        for (int thread = 0; thread < left.length; thread++) {
            for (; left[thread] > 0; left[thread]--) {
                whole[at++] = thread;
            }
        }
        return whole;
    }

    private int[] numbers(int from, int more) {
        int[] numbers = new int[plan.calls().size() + more - from];
        Arrays.setAll(numbers, i -> calls.history.hasEnded(from + i)
                ? known.number(from + i, calls.history.result(from + i)) : NOT_ENDED);
        return numbers;
    }

    private void run(int[] whole) throws Stale, Wrong {
        order = whole;
        Outcome outcome = runner.run(new ReplayStrategy(new Departures()), 0, 0);
        if (boundTo != type) {
            throw new Stale();
        }
        History history = calls.history;
        if (outcome == Outcome.CUT) {
            throw new ExplorerException("a sequential run of the operations has more steps than the step limit, "
                    + runner.x.stepLimit + "; raise it, or let the operations do less");
        }
        Failure failure = runner.x.failure();
        if (failure != null && !isWait(failure)) {
            throw new Wrong(new Failure(failure.rule(), "even one after the other the operations fail: "
                    + failure.message(), List.of("in the order " + text(whole)), failure.thrown()));
        }
        if (before == null) {
            before = new int[plan.before().size()];
            Arrays.setAll(before, i -> history.hasEnded(i) ? known.number(i, history.result(i)) : NOT_ENDED);
        }
    }

    /** {@return whether a failure says that a call never returns} */
    static boolean isWait(Failure failure) {
        return failure.rule().equals(Failure.DEADLOCK) || failure.rule().equals(Failure.LIVELOCK);
    }

    /** {@return an order of calls} */
    private String text(int[] whole) {
        int[] progress = new int[plan.threads().size()];
        String[] names = plan.names();
        return Arrays.stream(whole).mapToObj(thread -> names[thread] + "."
                + calls.text(plan.first(thread) + progress[thread]++)).collect(Collectors.joining(", "));
    }

    /** Makes the runs again: refuses results that are not the same each time. */
    void mustBeReproducible() throws Stale, Wrong {
        for (int[] whole : made.subList(0, Math.min(made.size(), MOST_CHECKED))) {
            run(whole);
            Node node = root;
            int[] progress = new int[plan.threads().size()];
            for (int thread : whole) {
                int call = plan.first(thread) + progress[thread]++;
                node = node.next[thread];
                if (node.blocked) {
                    break;
                }
                mustBe(call, node.result);
            }
            for (int i = 0; node.last != null && i < node.last.length; i++) {
                mustBe(plan.firstAfter() + i, node.last[i]);
            }
        }
    }

    private void mustBe(int call, int number) {
        if (number == NOT_ENDED && !calls.history.hasEnded(call)) {
            return;
        }
        Object result = calls.history.result(call);
        if (known.number(call, result) != number) {
            throw new ExplorerException(calls.text(call) + " gave "
                    + (number == NOT_ENDED ? "no result" : Results.text(known.result(call, number)))
                    + " in one sequential run, and " + Results.text(result) + " in another one of the same order: "
                    + "results are compared by equals, and must depend on nothing but the operations");
        }
    }
}
