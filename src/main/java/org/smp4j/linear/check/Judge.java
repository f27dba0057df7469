package org.smp4j.linear.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.model.Failure;

/**
 * Decides whether the outcome of a run is that of a sequential run of the same calls, in an order in which a call that
 * had ended before another one began comes first. Outcomes that were found right are remembered.
 */
final class Judge {
    /** The rule that an outcome without a sequential run breaks. */
    static final String RULE = "not linearizable";
    /** Stands for a program that can't be used: a call before the threads never returns. */
    static final String UNUSABLE = "a call before the threads waits for ever";

    /** An outcome, as bytes. */
    private static final class Key {
        private byte[] bytes;
        private int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    private static final int MOST_REMEMBERED = 100_000;

    private final Calls calls;
    private final History history;
    private final Plan plan;
    private final Sequential sequential;
    private final Known known;
    private final boolean realTime;
    private final Runnable unjudged;
    private final int threads;
    private final int[] firsts;
    private final int count;
    private final Set<Key> right = new HashSet<>();
    private final Key probe;

    // The run at hand: the number of each result, and by call and thread how many calls of the thread had ended before
    // the call began.
    private final int[] numbers;
    private final int[][] ended;

    /**
     * Makes a judge that has seen no run.
     *
     * @param calls the calls, with the history of the last run
     * @param sequential their sequential runs
     * @param known the numbers of results
     * @param realTime whether a call that ended before another one began must also take effect before it
     * @param unjudged is told of a run that can't be judged, because classes were loaded anew
     */
    Judge(Calls calls, Sequential sequential, Known known, boolean realTime, Runnable unjudged) {
        this.calls = calls;
        history = calls.history;
        plan = calls.plan;
        this.sequential = sequential;
        this.known = known;
        this.realTime = realTime;
        this.unjudged = unjudged;
        threads = plan.threads().size();
        firsts = new int[threads + 1];
        Arrays.setAll(firsts, plan::first);
        count = plan.calls().size() + (calls.subject.hasState() ? 1 : 0);
        numbers = new int[count];
        ended = new int[count][threads];
        probe = new Key(new byte[2 * count + count * threads]);
    }

    /** As {@link org.smp4j.explore.run.Program#judge}. */
    Failure judge(Failure failure) {
        if (failure != null && !Sequential.isWait(failure)) {
            return withProgram(failure);
        }
        List<Integer> waiting = waiting();
        if (failure != null) {
            Failure wrong = ofWaiting(failure, waiting);
            if (wrong != null) {
                return wrong;
            }
        }
        read();
        boolean memorable = remember();
        if (memorable && right.contains(probe)) {
            return null;
        }
        try {
            if (!isRight(realTime)) {
                sequential.mustBeReproducible();
                return new Verdict(calls, sequential, known, numbers, ended).of(failure, waiting,
                        realTime && isRight(false));
            }
        } catch (Sequential.Stale e) {
            unjudged.run(); // the next run is one of the classes as they are loaded now
            return null;
        } catch (Sequential.Wrong e) {
            return e.failure();
        }
        if (memorable && right.size() < MOST_REMEMBERED) {
            right.add(new Key(probe.bytes.clone()));
        }
        return null;
    }

    private List<Integer> waiting() {
        List<Integer> waiting = new ArrayList<>();
        for (int call = 0; call < count; call++) {
            if (history.isPending(call)) {
                waiting.add(call);
            }
        }
        return waiting;
    }

    /** {@return what is wrong with a run in which calls wait for ever, whatever sequential runs do; or null} */
    private Failure ofWaiting(Failure failure, List<Integer> waiting) {
        if (waiting.isEmpty()) {
            return withProgram(failure); // a thread of the object's own waits
        }
        for (int call : waiting) {
            if (call < firsts[0]) {
                return new Failure(UNUSABLE, failure.message(), failure.details(), null);
            }
            if (call >= firsts[threads]) {
                return withProgram(failure);
            }
            if (!calls.subject.operations().get(plan.calls().get(call).operation()).isBlocking()) {
                List<String> details = new ArrayList<>(failure.details());
                details.add(calls.text(call) + " waits for ever; if it may, mark it with @Operation(blocking = true)");
                return withProgram(new Failure(failure.rule(), failure.message(), details, null));
            }
        }
        return null;
    }

    private Failure withProgram(Failure failure) {
        List<String> details = new ArrayList<>(
                ProgramTable.of(calls, Sequential.isWait(failure) ? "waits" : "has not ended"));
        details.addAll(failure.details());
        return new Failure(failure.rule(), failure.message(), details, failure.thrown());
    }

    private void read() {
        for (int call = 0; call < count; call++) {
            numbers[call] = history.hasEnded(call) ? known.number(call, history.result(call)) : -1;
        }
        for (int call = firsts[0]; call < firsts[threads]; call++) {
            for (int thread = 0; thread < threads; thread++) {
                int before = firsts[thread];
                while (realTime && before < firsts[thread + 1] && history.precedes(before, call)) {
                    before++;
                }
                ended[call][thread] = before - firsts[thread];
            }
        }
    }

    /** Makes the key of the run; {@return whether it fits} */
    private boolean remember() {
        int at = 0;
        for (int call = 0; call < count; call++) {
            if (numbers[call] >= Short.MAX_VALUE) {
                return false;
            }
            probe.bytes[at++] = (byte) numbers[call];
            probe.bytes[at++] = (byte) (numbers[call] >> Byte.SIZE);
            for (int thread = 0; thread < threads; thread++) {
                probe.bytes[at++] = (byte) ended[call][thread];
            }
        }
        probe.hash = Arrays.hashCode(probe.bytes);
        return true;
    }

    private boolean isRight(boolean timely) throws Sequential.Stale, Sequential.Wrong {
        int[] before = sequential.before();
        for (int call = 0; call < before.length; call++) {
            if (before[call] != numbers[call]) {
                return false;
            }
        }
        return search(sequential.root(), new int[firsts[threads] - firsts[0]], 0, new int[threads], timely);
    }

    /** Looks for an order of the calls that have ended; in the state after it, those that wait must wait. */
    private boolean search(Sequential.Node node, int[] order, int depth, int[] progress, boolean timely)
            throws Sequential.Stale, Sequential.Wrong {
        boolean all = true;
        for (int thread = 0; thread < threads; thread++) {
            int call = firsts[thread] + progress[thread];
            if (call == firsts[thread + 1] || numbers[call] < 0) {
                continue;
            }
            all = false;
            if (!timely || isTimely(call, progress)) {
                Sequential.Node next = sequential.after(node, order, depth, thread);
                if (!next.isBlocked() && next.result() == numbers[call]) {
                    order[depth] = thread;
                    progress[thread]++;
                    if (search(next, order, depth + 1, progress, timely)) {
                        return true;
                    }
                    progress[thread]--;
                }
            }
        }
        return all && (depth == order.length ? endsSo(node) : waitSo(node, order, depth, progress));
    }

    private boolean isTimely(int call, int[] progress) {
        for (int thread = 0; thread < threads; thread++) {
            if (progress[thread] < ended[call][thread]) {
                return false;
            }
        }
        return true;
    }

    private boolean endsSo(Sequential.Node node) {
        for (int call = firsts[threads]; call < count; call++) {
            if (node.last()[call - firsts[threads]] != numbers[call]) {
                return false;
            }
        }
        return true;
    }

    private boolean waitSo(Sequential.Node node, int[] order, int depth, int[] progress)
            throws Sequential.Stale, Sequential.Wrong {
        for (int thread = 0; thread < threads; thread++) {
            if (firsts[thread] + progress[thread] < firsts[thread + 1]
                    && !sequential.after(node, order, depth, thread).isBlocked()) {
                return false;
            }
        }
        return true;
    }
}
